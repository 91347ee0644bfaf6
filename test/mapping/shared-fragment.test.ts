/** The examples of fragments, as a mapping would include them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { fragmentJsonSchema } from '../../app/mapping/index.ts';
import { EXAMPLES } from '../support/example-mapping.ts';
import { loaded, main, warned } from './folder.ts';
import { NOW, person } from './people.ts';

const SHARED = new URL('shared/', EXAMPLES);
const textOf = (name: string) => readFileSync(new URL(name, SHARED), 'utf8');
const FOLDER = { 'mappings/shared/staff.yaml': textOf('staff.yaml') };
const INCLUDING = main(
  'include: [shared/staff.yaml]',
  "attributes: { userName: '= v.address', name: { familyName: '= e.cn' } }",
);

test('a mapping takes names and address from it, and says the rest itself', () => {
  expect(warned(INCLUDING, FOLDER)).toEqual([]);
  const values = { mail: 'Ada@example.test', givenName: 'Ada', cn: 'King', employeeType: 'LEAVE' };
  expect(loaded(INCLUDING, FOLDER).map(person(values), NOW)).toMatchObject({
    user: {
      externalId: 'hr-17',
      userName: 'ada@example.test',
      name: { givenName: 'Ada', familyName: 'King' },
      active: false,
    },
  });
});

test.each(readdirSync(SHARED).filter((name) => name.endsWith('.yaml')))(
  'editors find %s in order, and mark what does not belong into a fragment',
  (name) => {
    const schema = z.fromJSONSchema({ ...fragmentJsonSchema() });
    const fragment: Record<string, unknown> = parse(textOf(name));
    expect(schema.safeParse(fragment).success).toBe(true);
    expect(schema.safeParse({ ...fragment, scope: '= true' }).success).toBe(false);
  },
);

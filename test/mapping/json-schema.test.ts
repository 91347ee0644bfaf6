import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { mappingFileJsonSchema } from '../../app/mapping/index.ts';

const schema = z.fromJSONSchema({ ...mappingFileJsonSchema() });
const shipped: Record<string, unknown> = parse(
  readFileSync(new URL('../../mappings/agileplace.yaml', import.meta.url), 'utf8'),
);

test('editors find the shipped mapping in order', () => {
  expect(schema.safeParse(shipped).success).toBe(true);
});

test.each([
  ['fragments', { ...shipped, include: ['shared/names.yaml'] }],
  ['a table in a CSV file', { ...shipped, tables: { t: { csv: 'sites.csv', key: 'code', value: 'zone' } } }],
  ['no list of what is read', { ...shipped, reads: undefined }],
  ['an environment', { ...shipped, environments: { test: { scope: '= true', attributes: { title: 'x' } } } }],
  [
    'a lifecycle',
    { ...shipped, lifecycle: { leaver: 'delete-after 30d', protect: { groups: ['Break glass'] } } },
  ],
  ['a copy with a default', { ...shipped, attributes: { title: { from: 'title', default: 'none' } } }],
  [
    'how an attribute is kept',
    {
      ...shipped,
      attributes: { title: { value: 'x', when: 'create-only', drift: 'keep', sensitive: true } },
    },
  ],
  [
    'how a list is kept',
    { ...shipped, attributes: { emails: { items: [{ value: 'x' }], onEmpty: 'leave' } } },
  ],
  [
    'tests',
    {
      ...shipped,
      tests: [
        { name: 'x', person: { id: 4711, attributes: { sn: ['Lovelace'] } }, account: { userName: 'x' } },
      ],
    },
  ],
])('editors take %s', (_what, file) => {
  expect(schema.safeParse(JSON.parse(JSON.stringify(file))).success).toBe(true);
});

test.each([
  ['a mistyped key', { ...shipped, tabels: {} }],
  ['a wrong type', { ...shipped, reads: { mail: 'text' } }],
  ['a boolean as text', { ...shipped, attributes: { active: 'true' } }],
  [
    'an option that does not go with a list',
    { ...shipped, attributes: { emails: { items: [], default: 'x' } } },
  ],
  [
    'how an item is kept',
    { ...shipped, attributes: { emails: [{ value: { value: 'x', when: 'always' } }] } },
  ],
  ['an owner of active', { ...shipped, attributes: { active: { value: true, owner: 'target' } } }],
  ['a source that differs', { ...shipped, environments: { test: { source: 'other' } } }],
  ['a single address', { ...shipped, attributes: { emails: { value: 'a' } } }],
])('editors mark %s', (_what, file) => {
  expect(schema.safeParse(file).success).toBe(false);
});

test('every key and every attribute has a description', () => {
  type Fields = Record<string, { properties?: object }>;
  const { properties, $defs } = mappingFileJsonSchema() as { properties: Fields; $defs: Fields };
  const described = { ...properties, ...$defs['attributes']?.properties };
  expect(described).toHaveProperty('nickName');
  const bare = Object.entries(described).filter(
    ([name, field]) => !name.startsWith('urn:') && !('description' in field),
  );
  expect(bare.map(([name]) => name)).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadMapping, type Mapped, type Mapping } from '../../app/mapping/index.ts';
import { NOW, person, type Values } from './people.ts';

const FILE = 'mappings/agileplace.yaml';
const TEXT = readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8');

function shipped(): Mapping {
  const loaded = loadMapping(FILE, TEXT);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.warnings).toEqual([]);
  return loaded.mapping;
}

const ada: Values = {
  mail: 'Ada.Lovelace@Example.test',
  givenName: 'Ada',
  sn: 'Lovelace',
  employeeType: 'staff',
  l: 'london',
};

const creators = { dn: 'cn=creators,ou=groups,dc=example,dc=test', name: 'AgilePlace board creators' };

function mapped(values: Values, groups = [creators]): Mapped {
  return shipped().map(person(values, groups), NOW);
}

test('the shipped AgilePlace mapping reads just what it uses, and says where it leads', () => {
  const { file, source, target, reads, matchOn } = shipped();
  expect({ file, source, target, reads, matchOn }).toEqual({
    file: FILE,
    source: 'corp',
    target: 'agileplace',
    reads: ['mail', 'employeetype', 'givenname', 'sn', 'l'],
    matchOn: ['externalId', 'userName'],
  });
});

test('a person with everything gets a whole AgilePlace account', () => {
  expect(mapped(ada)).toEqual({
    kind: 'in-scope',
    warnings: [],
    user: {
      externalId: 'hr-17',
      userName: 'ada.lovelace@example.test',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      timezone: 'Europe/London',
      active: true,
      'urn:scim:schemas:extension:leankit:user:1.0': {
        administrator: false,
        boardCreator: true,
        dateFormat: 'dd/mm/yyyy',
      },
    },
  });
});

test('a person with a mail address only gets what is known, and neither active nor inactive (O-07 n)', () => {
  const line = TEXT.split('\n').findIndex((text) => text.startsWith('  active:')) + 1;
  expect(mapped({ mail: 'ada@example.test' }, [])).toEqual({
    kind: 'in-scope',
    warnings: [
      {
        where: `${FILE}:${line}:20`,
        attribute: 'active',
        message: 'cannot be told, since the person has no employeeType; the account keeps what it has',
      },
    ],
    user: {
      externalId: 'hr-17',
      userName: 'ada@example.test',
      timezone: 'Europe/Paris',
      'urn:scim:schemas:extension:leankit:user:1.0': {
        administrator: false,
        boardCreator: false,
        dateFormat: 'dd/mm/yyyy',
      },
    },
  });
});

test.each([
  ['staff', true],
  ['Former', false],
  ['LEAVE\u00a0', false],
  ['contractor', true],
])('employeeType %s makes active %s', (employeeType, active) => {
  expect(mapped({ ...ada, employeeType })).toMatchObject({ user: { active } });
});

test.each([
  ['without a mail address', { ...ada, mail: ' \u200b' }],
  ['who is external', { ...ada, employeeType: 'External' }],
])('somebody %s does not belong in AgilePlace', (_who, values) => {
  expect(mapped(values)).toEqual({ kind: 'out-of-scope', reason: 'out of scope of the mapping' });
});

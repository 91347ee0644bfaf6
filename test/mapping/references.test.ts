/** Attributes that hold the id of another person's account: what a mapping file may say, and what comes of it. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { mappingFileJsonSchema } from '../../app/mapping/index.ts';
import { load, map, mapping, NOW, person, problemsOf } from './people.ts';

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const BOSS = 'cn=hopper\\, grace,ou=people,dc=example,dc=test';

const managed = {
  reads: 'manager: string',
  attributes: `  ${ENTERPRISE}:\n    manager: { managerId: { accountOf: manager } }`,
};
const MANAGER_ID = [ENTERPRISE, 'manager', 'managerId'];

test('whom the source names by stable id is told beside the user, and nothing of it stands in the user', () => {
  expect(map(managed, { manager: ' g1 ' })).toEqual({
    kind: 'in-scope',
    user: { userName: 'hr-17', active: true },
    warnings: [],
    references: [{ path: MANAGER_ID, from: 'manager', mention: 'id:g1' }],
  });
});

test('whom a directory names is told by the DN in its one form', () => {
  const ada = person({ manager: 'CN=Hopper\\2C Grace,OU=People,DC=example,DC=test' });
  const entry = { ...ada.entry, references: { manager: [BOSS] } };
  expect(mapping(managed).map({ ...ada, entry }, NOW)).toMatchObject({
    references: [{ path: MANAGER_ID, from: 'manager', mention: `dn:${BOSS}` }],
  });
});

test('the first of several counts, blanks do not, and nobody is nobody', () => {
  const named = (values: readonly string[]) => map(managed, { manager: values });
  expect(named(['', '  ', 'g1', 'b1'])).toMatchObject({ references: [{ mention: 'id:g1' }] });
  expect(named([' '])).toMatchObject({ references: [] });
  expect(named([])).toMatchObject({ references: [] });
});

test('O-10: whoever names themselves, by id or by DN, has no manager, and one warning says so', () => {
  const warning = {
    where: 'm.yaml:10:27',
    attribute: `${ENTERPRISE}:manager.managerId`,
    message: 'manager names the person themselves; left out',
  };
  expect(map(managed, { manager: 'hr-17' })).toMatchObject({ references: [], warnings: [warning] });
  const ada = person({ manager: 'x' });
  const entry = { ...ada.entry, references: { manager: ['uid=ada,ou=people,dc=example,dc=test'] } };
  expect(mapping(managed).map({ ...ada, entry }, NOW)).toMatchObject({ references: [], warnings: [warning] });
});

test('any text of one value can refer, in a known extension, in an unknown one and in the core', () => {
  const { references } = mapOrThrow({
    reads: 'Boss: string, secretary: "string[]"',
    attributes: `  nickName: { accountOf: Boss }\n  urn:example:x:\n    secretary: { accountOf: secretary }`,
  });
  expect(references).toEqual([
    { path: ['nickName'], from: 'boss', mention: 'id:g1' },
    { path: ['urn:example:x', 'secretary'], from: 'secretary', mention: 'id:b1' },
  ]);
});

function mapOrThrow(file: Parameters<typeof map>[0]) {
  const mapped = map(file, { boss: 'g1', secretary: ['b1'] });
  if (mapped.kind !== 'in-scope') throw new Error(mapped.kind);
  return mapped;
}

test('the source is asked for the attribute, though no expression reads it', () => {
  const loaded = load(managed);
  expect(loaded.ok && loaded.mapping.reads).toEqual(['manager']);
  expect(loaded.ok && loaded.warnings).toEqual([]);
});

test('a mapping without a reference says nothing of references', () => {
  expect(map({}, {})).toEqual({
    kind: 'in-scope',
    user: { userName: 'hr-17', active: true },
    warnings: [],
  });
});

test.each([
  [
    'an attribute that is not declared',
    '  nickName: { accountOf: manger }',
    '9:26 attributes.nickName.accountOf: attribute "manger" is not declared under reads. Did you mean "manager"?',
  ],
  [
    'an attribute that is like none',
    '  nickName: { accountOf: assistant }',
    '9:26 attributes.nickName.accountOf: attribute "assistant" is not declared under reads. Add it there: "assistant: string".',
  ],
  [
    'an expression',
    "  nickName: { accountOf: '= e.manager' }",
    '9:26 attributes.nickName.accountOf: takes the name of an attribute alone, as in accountOf: manager.',
  ],
  [
    'nothing',
    '  nickName: { accountOf: }',
    '9:26 attributes.nickName.accountOf: takes the name of an attribute alone, as in accountOf: manager.',
  ],
  [
    'an option beside it',
    '  nickName: { accountOf: manager, required: true }',
    '9:35 attributes.nickName.required: does not go with accountOf. Remove it.',
  ],
  [
    'a list',
    '  roles: [{ value: { accountOf: manager } }]',
    '9:20 attributes.roles.value: accountOf does not go into a list. Write it under an attribute of one value.',
  ],
  [
    'what is true or false',
    '  urn:scim:schemas:extension:leankit:user:1.0: { administrator: { accountOf: manager } }',
    '9:65 attributes.urn:scim:schemas:extension:leankit:user:1.0:administrator: is true or false, and accountOf gives an id. Write an expression.',
  ],
  [
    'the name of the account',
    '  externalId: { accountOf: manager }',
    '9:15 attributes.externalId: names the account itself, and accountOf gives the id of another one. Write an expression.',
  ],
])('%s is refused, with its place and what to do', (_, attributes, problem) => {
  expect(problemsOf(load({ reads: 'manager: string', attributes }))).toEqual([problem]);
});

test('editors are told of it where it may stand, and only there', () => {
  const schema = z.fromJSONSchema({ ...mappingFileJsonSchema() });
  const isTaken = (attributes: object) => {
    const file = { version: 1, source: 'corp', target: 'x', resource: 'User', match: ['userName'] };
    const usual = { userName: '= id', active: true };
    const reads = { manager: 'string' };
    return schema.safeParse({ ...file, reads, attributes: { ...usual, ...attributes } }).success;
  };
  const reference = { accountOf: 'manager' };
  expect(isTaken({ [ENTERPRISE]: { manager: { managerId: reference } } })).toBe(true);
  expect(isTaken({ nickName: reference })).toBe(true);
  expect(isTaken({ nickName: { ...reference, required: true } })).toBe(false);
  expect(isTaken({ active: reference })).toBe(false);
  expect(isTaken({ externalId: reference })).toBe(false);
  expect(isTaken({ roles: [{ value: reference }] })).toBe(false);
});

import { expect, test } from 'vitest';
import { loadMapping } from '../../../app/mapping/index.ts';
import type { GroupRef } from '../../../app/person/entry.ts';
import { around, MAIN, main } from '../folder.ts';
import { NOW, person, type Values } from '../people.ts';

const FILE = main(
  `vars: { login: '= e.mail.lower()', idle: '= e.pager' }`,
  `scope: '= v.login != ""'`,
  'lifecycle: { protect: { groups: [Break glass] } }',
  'attributes:',
  `  userName: '= v.login'`,
  `  title: { from: title, default: Colleague }`,
  `  nickName: { from: nick, when: create-only }`,
  `  profileUrl: '= e.url.split("/")[3]'`,
  `  userType: Employee`,
  `  displayName: { value: '= e.pin + e.sn', sensitive: true }`,
  `  name: { familyName: '= e.sn' }`,
  `  active: '= reached(e.startDate)'`,
  '  emails:',
  `    - { value: '= e.mail', type: work }`,
  `    - { each: '= all("otherMail")', as: m, item: { value: '= m' } }`,
  `  phoneNumbers: [{ value: '= e.mobile', type: mobile }]`,
  '  urn:scim:schemas:extension:enterprise:1.0: { manager: { managerId: { accountOf: manager } } }',
);
const ADA: Values = {
  mail: 'Ada@example.test',
  sn: 'Lovelace',
  pin: 'canary-17',
  url: 'https://example.test/a/b',
  startDate: '2026-04-01',
  otherMail: ['a@example.test', ' ', 'b@example.test'],
  manager: 'hr-2',
};

function explained(values: Values = ADA, groups: readonly GroupRef[] = []) {
  const loaded = loadMapping(MAIN, FILE, around({}));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping.explain(person(values, groups), NOW);
}

function attribute(path: string, values: Values = ADA) {
  return explained(values).attributes.find((one) => one.path === path);
}

test('an attribute shows what it reads, the expression as written with its place, and the result', () => {
  expect(attribute('name.familyName')).toEqual({
    path: 'name.familyName',
    from: [
      {
        where: `${MAIN}:16:23`,
        written: '= e.sn',
        reads: [{ attribute: 'sn', values: ['[redacted]'] }],
        vars: [],
        result: '[redacted]',
      },
    ],
    value: 'Lovelace',
    notes: [],
  });
});

test('a var is shown once, with what it reads; one that nothing leads to is not', () => {
  const { vars, scope } = explained();
  expect(vars).toEqual([
    {
      name: 'login',
      where: `${MAIN}:6:16`,
      written: '= e.mail.lower()',
      reads: [{ attribute: 'mail', values: ['Ada@example.test'] }],
      vars: [],
      result: 'ada@example.test',
    },
  ]);
  expect(scope).toMatchObject({ written: '= v.login != ""', reads: [], vars: ['login'], result: true });
});

test('why an attribute is left out, or comes from elsewhere', () => {
  expect(attribute('nickName')).toMatchObject({
    value: null,
    notes: ['left out, since it comes out blank: the person has no nick'],
    policy: { when: 'create-only' },
  });
  expect(attribute('phoneNumbers')).toMatchObject({
    value: null,
    notes: ['left out, since no item has a value: the person has no mobile'],
  });
  expect(attribute('title')).toMatchObject({
    value: 'Colleague',
    notes: ['the default is used, since the value comes out blank'],
  });
  expect(attribute('userType')).toEqual({ path: 'userType', from: [], value: 'Employee', notes: [] });
  expect(attribute('active', { mail: 'a@example.test', url: '1/2/3/4' })).toMatchObject({
    value: null,
    notes: ['cannot be told, since the person has no startDate; the account keeps what it has'],
  });
});

test('a list shows its items, and no result for what is computed for each', () => {
  expect(attribute('emails')).toMatchObject({
    value: [
      { value: 'Ada@example.test', type: 'work' },
      { value: 'a@example.test' },
      { value: 'b@example.test' },
    ],
    from: [
      { written: '= e.mail', result: 'Ada@example.test' },
      {
        written: '= all("otherMail")',
        reads: [{ attribute: 'otherMail', values: ['a@example.test', 'b@example.test'] }],
        result: ['a@example.test', 'b@example.test'],
      },
      { written: '= m', reads: [], result: null, each: true },
    ],
  });
});

test('a reference says whom it means', () => {
  const path = 'urn:scim:schemas:extension:enterprise:1.0:manager.managerId';
  expect(attribute(path)).toMatchObject({
    value: { accountOf: 'hr-2' },
    from: [{ written: 'accountOf: manager', result: 'hr-2' }],
  });
  expect(attribute(path, { ...ADA, manager: ' ' })).toMatchObject({
    value: null,
    notes: ['left out, since it comes out blank: the person has no manager'],
  });
});

test('O-27: what is sensitive shows nowhere, neither its value nor what it is made of', () => {
  expect(attribute('displayName')).toMatchObject({
    value: '[redacted]',
    policy: { sensitive: true },
    from: [{ reads: [{ values: ['[redacted]'] }, { values: ['[redacted]'] }], result: '[redacted]' }],
  });
  expect(JSON.stringify(explained())).not.toContain('canary');
});

test('the moment from which on it comes out otherwise is told', () => {
  expect(explained().changesAt).toBe('2026-04-01T00:00:00.000Z');
});

test('whoever is out of scope, protected or cannot be mapped is told so, with the reason', () => {
  expect(explained({ sn: 'x' })).toMatchObject({
    outcome: 'out-of-scope',
    attributes: [],
    scope: { result: false },
  });
  expect(explained(ADA, [{ name: 'Break glass', dn: '' }])).toMatchObject({
    outcome: 'protected',
    reason: 'protected by the group Break glass',
    groups: ['Break glass'],
    attributes: [],
  });
  const failed = explained({ ...ADA, url: 'short' });
  expect(failed).toMatchObject({ outcome: 'failed', problems: [{ attribute: 'profileUrl' }] });
  expect(failed.attributes.find(({ path }) => path === 'profileUrl')).toMatchObject({
    value: null,
    notes: ['a list has fewer values than the expression asks for'],
    from: [{ failure: 'a list has fewer values than the expression asks for' }],
  });
  expect(failed.attributes.find(({ path }) => path === 'userName')?.value).toBe('ada@example.test');
});

import { expect, test } from 'vitest';
import { load, payload, problemsOf } from './people.ts';

const MAILS = {
  reads: 'mail: string, other: string, aliases: "string[]", l: string',
  attributes: `
  emails:
    - { value: '= e.mail', type: work, primary: true }
    - { value: '= e.other', type: home, primary: true }
    - each: '= e.aliases.filter(a, a.startsWith("smtp:"))'
      as: a
      item: { value: '= a.substring(5).lower()', type: other }
  addresses:
    - { locality: '= e.l', type: work }`,
};

test('each value of a list becomes an item', () => {
  const person = { mail: 'a@x.test', aliases: ['smtp:B@x.test', 'x500:c', 'smtp:d@x.test'], l: 'Oslo' };
  expect(payload(MAILS, person)).toEqual({
    emails: [
      { value: 'a@x.test', type: 'work', primary: true },
      { value: 'b@x.test', type: 'other' },
      { value: 'd@x.test', type: 'other' },
    ],
    addresses: [{ locality: 'Oslo', type: 'work' }],
  });
});

test('an item of which only constants are left is left out, and so is an empty list', () => {
  expect(payload(MAILS, {})).toEqual({});
});

test('the first primary counts, and the one behind it takes its place where it is absent', () => {
  const both = { mail: 'a@x.test', other: 'b@x.test' };
  expect(payload(MAILS, both)).toEqual({
    emails: [
      { value: 'a@x.test', type: 'work', primary: true },
      { value: 'b@x.test', type: 'home' },
    ],
  });
  expect(payload(MAILS, { other: 'b@x.test' })).toEqual({
    emails: [{ value: 'b@x.test', type: 'home', primary: true }],
  });
});

test('a pair of value and type stands in a list once, as it came first', () => {
  const attributes = `
  emails:
    - { value: '= e.mail', type: work, primary: true }
    - { value: '= e.other', type: work }
    - { value: '= e.other', type: home }`;
  expect(
    payload({ reads: 'mail: string, other: string', attributes }, { mail: 'a@x', other: 'a@x' }),
  ).toEqual({
    emails: [
      { value: 'a@x', type: 'work', primary: true },
      { value: 'a@x', type: 'home' },
    ],
  });
});

test('an extension that nobody knows takes constants, parts, lists and options', () => {
  const attributes = `
  urn:example:hr:1.0:
    seats: 3
    ratio: 0.5
    vip: false
    codes: [a, '= e.mail']
    unit: { name: '= e.mail', value: x }
    must: { value: '= e.mail', required: true }`;
  expect(payload({ attributes }, { mail: 'm' })).toEqual({
    'urn:example:hr:1.0': {
      seats: 3,
      ratio: 0.5,
      vip: false,
      codes: ['a', 'm'],
      unit: { name: 'm', value: 'x' },
      must: 'm',
    },
  });
});

test.each([
  ["emails: '= e.mail'", "has several values. Write a list: - { value: '= …', type: work }."],
  ["title: ['= e.mail']", 'takes one value, not a list. Write the value alone.'],
  ["name: '= e.mail'", 'has parts. Write a map of them: formatted, familyName, givenName.'],
  ["emails: [{ valu: '= e.mail' }]", 'is not known. Did you mean "value"?'],
  ["emails: [{ value: '= e.mail', display: x }]", 'is read-only: the target sets it. Remove it.'],
  [
    "emails: [{ each: '= e.mail', as: m, item: { value: '= m' } }]",
    'each goes through a list of texts. Give it one, such as all("mail").',
  ],
  [
    "emails: [{ each: 'all(\"mail\")', as: m, item: { value: '= m' } }]",
    `each is written { each: '= all("mail")', as: m, item: { value: '= m' } }.`,
  ],
  [
    "emails: [{ each: '= e.mail', item: { value: x } }]",
    `each is written { each: '= all("mail")', as: m, item: { value: '= m' } }.`,
  ],
  [
    "emails: [{ each: '= [e.mail]', as: m, item: { value: '= m' }, type: work }]",
    '"type" does not go with each. Put it under item.',
  ],
])('%s is refused', (line, message) => {
  const problems = problemsOf(load({ attributes: `  ${line}` }));
  expect(problems.map((problem) => problem.replace(/^\S+ \S+ /, ''))).toEqual([message]);
});

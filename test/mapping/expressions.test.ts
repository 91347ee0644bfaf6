import { describe, expect, test } from 'vitest';
import { computed, load, map, mapping, payload, problemsOf } from './people.ts';

const READS = 'mail: string, list: "string[]", n: string';
const ada = { mail: 'Ada@Example.test', list: ['b', ' ', 'A'], n: '7' };
const groups = [
  { dn: 'CN=Board Creators, OU=Groups,DC=example,DC=test', name: 'Board Creators' },
  { dn: 'cn=odd,dc=test', name: 'cn=admins,dc=test' },
  { dn: 'cn=Lovelace\\2C Ada,dc=test', name: 'Lovelace, Ada' },
  { dn: 'cn=staff,dc=test', name: 'staff', nested: true },
] as const;

const given: readonly [string, unknown][] = [
  ['e.mail', 'Ada@Example.test'],
  ['e["mail"].lower()', 'ada@example.test'],
  ['e.mail.upper()', 'ADA@EXAMPLE.TEST'],
  ['id', 'hr-17'],
  ['source', 'corp'],
  ['dn', 'uid=ada,ou=people,dc=example,dc=test'],
  ['first("", e.mail)', 'Ada@Example.test'],
  ['first(e.list)', 'b'],
  ['first("", " ")', undefined],
  ['" a ".trim() + "b"', 'ab'],
  ['e.mail.matchRe("^ada@")', false],
  ['e.mail.matchRe("(?i)^ada@")', true],
  ['e.mail.replaceRe("^(.*)@.*$", "$1")', 'Ada'],
  ['e.list', ['b', 'A']],
  ['e.list.map(x, x.lower())', ['b', 'a']],
  ['e.list.filter(x, x == "c")', undefined],
  ['e.list.exists(x, x == "A")', true],
  ['e.list.join("+")', 'b+A'],
  ['e.mail.split("@")[1].size()', 12],
  ['int(e.n) + 1', 8],
  ['double(e.n) / 2.0', 3.5],
  ['string(int(e.n) * 2)', '14'],
  ['e.mail.startsWith("Ada") ? "yes" : "no"', 'yes'],
  ['inGroup("board creators")', true],
  ['inGroup("cn=board creators,ou=groups, dc=example,dc=test")', true],
  ['inGroup("board")', false],
  ['inGroup("cn=admins,dc=test")', false],
  // As OpenLDAP spells the comma, and as people do.
  ['inGroup("cn=lovelace\\\\, ada,dc=test")', true],
  ['inGroup("cn=lovelace, ada,dc=test")', false],
  // Through a group in that group.
  ['inGroup("staff")', true],
];

test.each(given)('%s', (expression, value) => {
  expect(computed(READS, expression, ada, groups)).toEqual(value);
});

test('a table is looked up without case, and has a default', () => {
  const file = {
    reads: 'l: string',
    before: 'tables: { zone: { Zürich: Europe/Zurich } }',
    attributes: `
  timezone: '= lookup("zone", e.l, "UTC")'
  locale: '= lookup("zone", e.l)'`,
  };
  expect(payload(file, { l: 'ZU\u0308RICH' })).toEqual({
    timezone: 'Europe/Zurich',
    locale: 'Europe/Zurich',
  });
  expect(payload(file, { l: 'constructor' })).toEqual({ timezone: 'UTC' });
});

test('people see their own groups, one after the other', () => {
  const file = {
    attributes: `  urn:scim:schemas:extension:leankit:user:1.0: { boardCreator: '= inGroup("Board Creators")' }`,
  };
  const said = [groups, [], groups].map((each) => payload(file, {}, each));
  const sent = (boardCreator: boolean) => ({
    'urn:scim:schemas:extension:leankit:user:1.0': { boardCreator },
  });
  expect(said).toEqual([sent(true), sent(false), sent(true)]);
});

describe('an expression that cannot be computed fails that person alone, without telling a value', () => {
  test.each([
    ['e.mail.split("@")[1]', 'a list has fewer values than the expression asks for'],
    ['e.mail.substring(40)', 'a text is shorter than the expression asks for'],
    ['string(int(e.mail))', 'a text that should be a number is none'],
    ['string(1 / (e.mail.size() - 6))', 'the expression divides by zero'],
  ])('%s', (expression, message) => {
    const file = { attributes: `  title: '= ${expression}'` };
    expect(map(file, { mail: 'secret' })).toEqual({
      kind: 'failed',
      problems: [{ where: 'm.yaml:9:10', attribute: 'title', message }],
    });
  });

  test('a number that JSON cannot carry', () => {
    const file = { reads: 'n: string', attributes: "  urn:example:test: { n: '= int(e.n)' }" };
    expect(payload(file, { n: '9007199254740991' })).toEqual({ 'urn:example:test': { n: 9007199254740991 } });
    expect(map(file, { n: '9007199254740993' })).toEqual({
      kind: 'failed',
      problems: [
        {
          where: 'm.yaml:9:26',
          attribute: 'urn:example:test:n',
          message: 'the number is too large to be sent exactly',
        },
      ],
    });
  });
});

test('a var that fails is reported where it stands, for each attribute that uses it, and only where it is needed', () => {
  const file = {
    before: `vars: { domain: '= e.mail.split("@")[1]' }\nscope: '= e.mail != ""'`,
    attributes: "  title: '= v.domain'\n  userType: '= v.domain'",
  };
  const message = 'a list has fewer values than the expression asks for';
  expect(map(file, { mail: 'ada' })).toEqual({
    kind: 'failed',
    problems: [
      { where: 'm.yaml:7:17', attribute: 'title', message },
      { where: 'm.yaml:7:17', attribute: 'userType', message },
    ],
  });
  expect(map(file, {})).toEqual({ kind: 'out-of-scope', reason: 'out of scope of the mapping' });
});

test('a scope that cannot be told fails the person, and switches nobody off', () => {
  const file = { before: `scope: '= e.mail.split("@")[1] == "example.test"'` };
  expect(map(file, { mail: 'ada' })).toMatchObject({ kind: 'failed', problems: [{ attribute: 'scope' }] });
});

test('the directory is asked for what is really used, also through vars, lists and names in brackets', () => {
  const { reads } = mapping({
    reads: 'mail: string, Other-Mail: "string[]", l: string, unused: string, spare: string',
    before: `vars: { a: '= e["Other-Mail"]', b: '= v.a', c: '= e.spare' }\nscope: '= e.l == ""'`,
    attributes: "  emails: [{ each: '= v.b', as: m, item: { value: '= m + e.mail' } }]",
  });
  expect(reads).toEqual(['mail', 'other-mail', 'l']);
});

test('what is declared and never used is a warning', () => {
  const loaded = load({
    reads: 'mail: string, spare: string',
    before: "tables: { t: { a: b } }\nvars: { x: '= e.mail' }",
  });
  expect(loaded.ok && loaded.warnings.map(({ line, column, field }) => `${line}:${column} ${field}`)).toEqual(
    ['6:10 reads.mail', '6:24 reads.spare', '7:11 tables.t', '8:9 vars.x'],
  );
});

describe('nothing in an expression reaches beyond the person', () => {
  test.each([
    'process',
    'this',
    'globalThis.process',
    'constructor',
    'e.constructor',
    'e["__proto__"]',
    'e.mail.constructor',
    'e.list.constructor',
    'e.mail.toString()',
    'dyn(e).x',
    'e.list.map(constructor, constructor)',
    'cel.bind(x, e.mail, x)',
    'type(e.mail)',
    'google.protobuf',
    '{"a": e.mail}',
    'e',
    'e[e.mail]',
    'has(e.mail)',
  ])('%s is refused', (expression) => {
    const attributes = `  title: ${JSON.stringify(`= ${expression}`)}`;
    expect(problemsOf(load({ reads: READS, attributes })).length).toBeGreaterThan(0);
  });
});

describe('an expression that is too large is refused', () => {
  test.each([
    ['1'.padEnd(1100, ' + 1'), 'Exceeded maxAstNodes (500).'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 'Exceeded maxDepth (30).'],
    [`[${Array(101).fill('"a"').join(', ')}]`, 'Exceeded maxListElements (100).'],
    [
      'e.list.exists(a, e.list.exists(b, e.list.exists(c, a == c)))',
      'more than 2 lists are walked inside one another. Use a var.',
    ],
    [
      'e.list.map(a, e.list.map(b, a + b).join("")).join("")',
      'join(), for each value of another list, takes what split() made alone: else it could be of any size. Join it in a var.',
    ],
  ])('%.40s…', (expression, message) => {
    const attributes = `  title: ${JSON.stringify(`= ${expression}`)}`;
    const loaded = load({ reads: READS, attributes });
    expect(loaded.ok ? [] : loaded.problems.map((problem) => problem.message)).toEqual([message]);
  });
});

test('the parts of each value of a list are joined again, and so is the whole list', () => {
  const title = 'e.list.map(a, a.split(" ").map(p, p.capitalised()).join(" ")).join(", ")';
  const attributes = `  title: ${JSON.stringify(`= ${title}`)}`;
  expect(problemsOf(load({ reads: READS, attributes }))).toEqual([]);
});

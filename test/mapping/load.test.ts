import { describe, expect, test } from 'vitest';
import { formatMappingProblem, loadMapping } from '../../app/mapping/index.ts';
import { load, payload, problemsOf, written } from './people.ts';

function lines(text: string): readonly string[] {
  const loaded = loadMapping('mappings/bad.yaml', text);
  return loaded.ok ? [] : loaded.problems.map(formatMappingProblem);
}

test('everything that is wrong with a file is told at once, each with its place and what to do', () => {
  const text = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, nickName]
reads:
  mail: string
  title: strin
  Mail: string
tabels: {}
vars:
  login: '= e.mial.lower()'
scope: '= e.mail'
attributes:
  userName: '= v.login'
  tittle: x
  title: '= e.titel'
  displayName: 'e.mail'
  active: '= e.mail'
  id: '= id'
  locale: '= e.mail +'
  nickName: '= e.mail.lowr()'
  urn:scim:schemas:extension:leankit:user:1.0:
    boardCreater: true
    administrator: 'true'
`;
  expect(lines(text)).toEqual([
    'mappings/bad.yaml:5:9 match: externalId is not mapped under attributes. Map it, or take externalId out of match.',
    'mappings/bad.yaml:5:21 match.1: must be "externalId" or "userName" or "mail".',
    'mappings/bad.yaml:8:3 reads.title: must be "string" or "string[]".',
    'mappings/bad.yaml:9:3 reads.Mail: is declared already, as "mail": case makes no difference. Keep one.',
    'mappings/bad.yaml:10:1 tabels: unknown key. Did you mean "tables"?',
    'mappings/bad.yaml:12:13 vars.login: attribute "mial" is not declared under reads. Did you mean "mail"?   in: e.mial.lower()',
    'mappings/bad.yaml:13:8 scope: must give true or false. Compare with something, as in e.mail != "".',
    'mappings/bad.yaml:16:3 attributes.tittle: SCIM 1.1 has no such attribute. Did you mean "title"?',
    'mappings/bad.yaml:17:13 attributes.title: attribute "titel" is not declared under reads. Did you mean "title"?   in: e.titel',
    'mappings/bad.yaml:18:16 attributes.displayName: looks like an expression, but would be taken as it stands. Begin it with "= ".',
    'mappings/bad.yaml:19:11 attributes.active: gives text; true or false is wanted. Compare it with something, as in e.status == "on".   in: e.mail',
    'mappings/bad.yaml:20:3 attributes.id: is read-only: the target sets it. Remove it.',
    'mappings/bad.yaml:21:22 attributes.locale: the expression ends too early. Complete it.   in: e.mail +',
    'mappings/bad.yaml:22:23 attributes.nickName: there is no function "lowr". Did you mean "lower"?   in: e.mail.lowr()',
    'mappings/bad.yaml:24:5 attributes.urn:scim:schemas:extension:leankit:user:1.0:boardCreater: is not known. Did you mean "boardCreator"?',
    'mappings/bad.yaml:25:20 attributes.urn:scim:schemas:extension:leankit:user:1.0:administrator: must be true or false, without quotes, or an expression.',
  ]);
});

describe('a fault is shown where it stands, however YAML wrote the text', () => {
  test.each([
    ['plain', '  title: = e.mail + e.nope', '9:21'],
    ['single quotes', "  title: '= ''a'' + e.nope'", '9:21'],
    ['double quotes', '  title: "= \\"a\\\\\\\\\\" + e.nope"', '9:25'],
    ['a literal block', '  title: |\n    = e.mail\n      + e.nope', '11:9'],
    ['a folded block', "  title: >-\n    = e.mail\n    + 'it' + e.nope", '11:14'],
    ['in a flow map', "  name: { familyName: { value: '= e.nope', required: true } }", '9:35'],
  ])('%s', (_style, attributes, place) => {
    expect(problemsOf(load({ attributes })).map((problem) => problem.split(' ')[0])).toEqual([place]);
  });
});

describe('a name that reaches into JavaScript itself is refused, naming the line (O-26 c)', () => {
  const refusal = (name: string) => `"${name}" cannot be used as a name. Rename it.`;
  test.each([
    ['an attribute', { attributes: '  __proto__: { x: y }' }, '9:3', '__proto__'],
    ['a part', { attributes: '  name: { constructor: x }' }, '9:11', 'constructor'],
    ['an extension', { attributes: '  urn:example:x: { prototype: x }' }, '9:20', 'prototype'],
    ['a read', { reads: '__proto__: string' }, '6:10', '__proto__'],
    ['a var', { before: "vars: { constructor: '= id' }" }, '7:9', 'constructor'],
    ['a table', { before: 'tables: { prototype: {} }' }, '7:11', 'prototype'],
  ])('%s', (_what, file, place, name) => {
    expect(problemsOf(load(file))).toEqual([`${place} : ${refusal(name)}`]);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('the name of an item of a list', () => {
    const attributes = "  emails: [{ each: '= [id]', as: constructor, item: { value: x } }]";
    expect(problemsOf(load({ attributes }))).toEqual([
      expect.stringMatching(/^9:34 attributes\.emails: "constructor" cannot name an item: /),
    ]);
  });
});

describe('no pattern can stop everything (O-26 g)', () => {
  test("CEL's own matches() is refused, with what to use instead", () => {
    expect(problemsOf(load({ attributes: `  title: '= e.mail.matches("^(a+)+$") ? "a" : "b"'` }))).toEqual([
      '9:20 attributes.title: matches() is not allowed, since a pattern could stop everything. Use matchRe().',
    ]);
  });

  test('a pattern that would take for ever elsewhere is answered', () => {
    const file = { attributes: `  urn:example:x: { hit: '= e.mail.matchRe("^(a+)+$")' }` };
    expect(payload(file, { mail: `${'a'.repeat(40)}!` })).toEqual({ 'urn:example:x': { hit: false } });
  });

  test.each([
    [
      'e.mail.matchRe("(")',
      '9:29',
      'the pattern cannot be used: error parsing regexp: missing closing ): `(`. Patterns are RE2 syntax.',
    ],
    [
      'e.mail.matchRe(e.mail)',
      '9:29',
      'matchRe() takes a constant text in double quotes here. Write text.matchRe("pattern").',
    ],
  ])('%s is refused at load', (expression, place, message) => {
    const attributes = `  title: '=  ${expression} ? "a" : "b"'`;
    expect(problemsOf(load({ attributes }))).toEqual([`${place} attributes.title: ${message}`]);
  });
});

describe('attributes are held against SCIM 1.1', () => {
  test.each([
    ["username: '= id'", 'SCIM 1.1 has no such attribute. Did you mean "userName"?'],
    ['password: secret', 'is never set by Landbridge. Remove it.'],
    ['groups: [{ value: x }]', 'is read-only: membership is changed at the group. Remove it.'],
    ['schemas: [x]', 'is added by Landbridge itself. Remove it.'],
    ['externalId: x', 'would be the same for everybody. Begin an expression with "= ".'],
    ['title: 5', 'must be text. Put it in quotes.'],
    ['title:', 'is empty. Write an expression or a constant, or remove the line.'],
    ["title: '= e.mail.size()'", 'gives a number; text is wanted. Write string(…).'],
    ["title: '= [e.mail]'", 'gives a list; text is wanted. Write first(…).'],
    [
      'title: \'= e.mail == ""\'',
      'gives true or false; text is wanted. Choose between two texts, as in condition ? "a" : "b".',
    ],
    ['title: { value: x, requird: true }', 'unknown option. Did you mean "required"?'],
    ['title: \'= e.mail == null ? "a" : "b"\'', 'null is not used: what is absent is "" or []. Use that.'],
    ["title: '= mail'", '"mail" is not known. Did you mean "e.mail"?'],
    [
      'urn:scim:schemas:core:1.0: { title: x }',
      'core attributes stand directly under attributes. Move them there.',
    ],
    [
      'urn:scim:schemas:extension:LeanKit:user:1.0: {}',
      'is spelled differently. Did you mean "urn:scim:schemas:extension:leankit:user:1.0"?',
    ],
    [
      'urn:scim:schemas:extension:leankit:user:1.0: { lastAccess: x }',
      'is read-only: the target sets it. Remove it.',
    ],
  ])('%s', (line, message) => {
    const problems = problemsOf(load({ attributes: `  ${line}` }));
    expect(problems.map((problem) => problem.replace(/^\S+ \S+ /, ''))).toEqual([message]);
  });

  test('an account cannot be made without userName', () => {
    const text = written({}).replace("  userName: '= id'", '  title: x');
    expect(lines(text)).toEqual([
      'mappings/bad.yaml:7:1 attributes: userName is not mapped, and SCIM requires it. Map it.',
    ]);
  });
});

describe('a file that is not YAML as we take it is refused', () => {
  test.each([
    ['', '1:1 : the file is empty. Begin with a copy of mappings/agileplace.yaml.'],
    ['hello', '1:1 : must be a map of names and values, not text.'],
    ['a: &x 1\nb: *x', '2:4 : aliases (*name) are not taken. Write the value out.'],
    [
      'scope: = a ? b : c',
      '1:8 : Nested mappings are not allowed in compact mappings. Expressions stand in single quotes, and lines are indented with spaces.',
    ],
  ])('%j', (text, problem) => {
    expect(problemsOf(loadMapping('m.yaml', text))).toEqual([problem]);
  });

  test('what is missing is named', () => {
    expect(problemsOf(loadMapping('m.yaml', 'version: 1\n')).map((problem) => problem.split(' ')[1])).toEqual(
      ['source:', 'target:', 'resource:', 'match:', 'attributes:'],
    );
  });
});

describe('a key that cannot be used hides nothing of the rest', () => {
  test.each([
    ['a forbidden name', '__proto__: { x: y }', '7:1 : "__proto__" cannot be used as a name. Rename it.'],
    ['a key twice', 'version: 2', '7:1 : this key stands here twice. Keep one of them.'],
    ['no name', '[a]: 1', '7:1 : a key must be a name. Write one before the colon.'],
  ])('%s', (_what, before, problem) => {
    expect(problemsOf(load({ before, attributes: '  titel: x' }))).toEqual([
      problem,
      '10:3 attributes.titel: SCIM 1.1 has no such attribute. Did you mean "title"?',
    ]);
  });
});

test('one wrong var is told once, not at everybody who uses it', () => {
  const file = {
    before: "vars: { a: '= e.nope', b: '= v.a' }",
    attributes: "  title: '= v.b'\n  active: '= v.a'",
  };
  expect(problemsOf(load(file))).toEqual([
    '7:15 vars.a: attribute "nope" is not declared under reads. Add it there: "nope: string".',
  ]);
});

test.each(['userPassword', 'unicodePwd', 'userPassword;x-old', 'sambaNTPassword'])(
  'O-27: a mapping that reads the credential %s is refused',
  (name) => {
    const text = `version: 1
source: corp
target: agileplace
resource: User
match: [userName]
reads:
  mail: string
  ${name}: string
attributes:
  userName: '= e.mail'
  active: true
`;
    expect(lines(text)).toEqual([
      `mappings/bad.yaml:8:3 reads.${name}: is a credential, and credentials are never read. Take it out.`,
    ]);
  },
);

test('O-27: a mapping that sets a credential in an extension is refused', () => {
  const text = `version: 1
source: corp
target: agileplace
resource: User
match: [userName]
reads:
  mail: string
attributes:
  userName: '= e.mail'
  active: true
  urn:example:extension:1.0:
    userPassword: '= e.mail'
`;
  expect(lines(text)).toEqual([
    'mappings/bad.yaml:12:5 attributes.urn:example:extension:1.0:userPassword: is a credential, and Landbridge sets none. Remove it.',
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadMapping } from '../../app/mapping/index.ts';
import { cleaned } from '../../app/mapping/values.ts';
import { map, mapping, NOW, payload, person } from './people.ts';

const NAMES = {
  reads:
    'givenName: string, sn: string, title: string, displayName: string, department: string, mail: string',
  attributes: `
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  title: '= e.title'
  displayName: '= e.displayName'
  urn:scim:schemas:extension:enterprise:1.0: { department: '= e.department' }`,
};

test('values of nothing but blanks are left out of the account (O-09 a)', () => {
  const blank = { givenName: [], title: '', department: '   ', sn: '\u00a0' };
  expect(payload(NAMES, blank)).toEqual({});
});

test('blanks around a value go, also those that trim() leaves (O-09 b)', () => {
  expect(payload(NAMES, { sn: ' Lovelace\u00a0', displayName: '\u200bAda Lovelace' })).toEqual({
    name: { familyName: 'Lovelace' },
    displayName: 'Ada Lovelace',
  });
});

test('of several values a single one takes the first that is not blank (O-09 c)', () => {
  expect(payload(NAMES, { title: ['  ', 'Analyst', 'Head'] })).toEqual({ title: 'Analyst' });
});

test('a blank userName fails that person alone, as no-userName (O-09 d)', () => {
  const file = mapping({ reads: 'upn: string', attributes: "  userName: '= e.upn'" });
  expect(file.map(person({ upn: ' ' }), NOW)).toEqual({
    kind: 'failed',
    problems: [{ where: 'm.yaml:8:13', attribute: 'userName', message: 'no-userName' }],
  });
  expect(file.map(person({ upn: 'ada' }), NOW)).toEqual({
    kind: 'in-scope',
    user: { userName: 'ada', active: true },
    warnings: [],
  });
});

test('zero is a value (O-09 e)', () => {
  expect(payload(NAMES, { department: '0' })).toEqual({
    'urn:scim:schemas:extension:enterprise:1.0': { department: '0' },
  });
});

test('letters with marks are sent composed, however they were typed', () => {
  expect(payload(NAMES, { sn: 'Zoe\u0308' })).toEqual({ name: { familyName: 'Zo\u00eb' } });
});

test('blanks within a value stay, and cost no time', () => {
  const inner = `a${' '.repeat(60_000)}b`;
  expect(cleaned(` ${inner}\u3164`)).toBe(inner);
});

test('an attribute name of the directory is found in any case', () => {
  expect(
    payload({ reads: 'GivenName: string', attributes: "  nickName: '= e.GivenName'" }, { GIVENNAME: 'Ada' }),
  ).toEqual({
    nickName: 'Ada',
  });
});

test('an attribute with too many values fails that person, without telling them', () => {
  const file = { reads: 'memberOf: "string[]"', attributes: "  title: '= first(e.memberOf)'" };
  expect(map(file, { memberOf: Array(1001).fill('x') })).toEqual({
    kind: 'failed',
    problems: [
      {
        where: 'm.yaml:6:10',
        attribute: 'reads.memberOf',
        message: 'the source attribute has more than 1000 values, or one longer than 65536 characters',
      },
    ],
  });
});

const BUSY = mapping({
  reads: 'a: string, b: string, c: "string[]", d: string',
  before: `tables: { t: { x: y } }
vars: { joined: '= e.a + " " + e.b', parts: '= e.b.split(",")' }`,
  attributes: `
  title: '= v.joined'
  displayName: '= first(e.a, e.b, e.d)'
  nickName: '= lookup("t", e.a)'
  locale: '= e.d.replaceRe("[a-z]+", "")'
  userType: '= e.b.split("@")[1]'
  active: { value: '= e.a != "off"', required: true }
  emails:
    - { value: '= e.a', type: work, primary: true }
    - { each: '= e.c', as: m, item: { value: '= m.lower()', type: other, primary: true } }
  addresses:
    - { locality: '= e.d', type: work }
  urn:example:test:
    list: '= e.c.map(x, x.trim())'
    parts: '= v.parts'
    size: '= e.a.size()'
    number: '= int(e.d)'
    deep: { er: { est: '= e.b' } }`,
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '\u00a0',
    '\u200b',
    'off',
    'a@b',
    'x,,y',
    '7',
    '9'.repeat(30),
    '__proto__',
    '\ud800',
  ),
);

test('whatever the values are, mapping never throws and never sends null, "", [], {} or "null"', () => {
  const values = fc.record({ a: fc.array(text), b: fc.array(text), c: fc.array(text), d: fc.array(text) });
  fc.assert(
    fc.property(values, (attributes) => {
      const mapped = BUSY.map(person(attributes), NOW);
      if (mapped.kind === 'in-scope') expect(blanksIn(mapped.user)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('whatever the file says, loading never throws', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'version: 1',
      'reads: {a: string}',
      'vars: {x: "= e.a"}',
      'attributes:',
      "  userName: '= v.x",
      '  - ',
      '  ? ',
    ),
    fc.string().map((expression) => `  title: ${JSON.stringify(`= ${expression}`)}`),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(loadMapping('m.yaml', lines.join('\n')).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

/** Where something that says nothing stands in a payload. */
function blanksIn(value: unknown, path = ''): string[] {
  if (value === null || value === undefined || value === '' || value === 'null') return [path];
  if (typeof value !== 'object') return [];
  const inside = Object.entries(value);
  if (inside.length === 0) return [path];
  return inside.flatMap(([name, part]) => blanksIn(part, `${path}/${name}`));
}

import { describe, expect, test } from 'vitest';
import { load, map, problemsOf, type Values } from './people.ts';

const TYPE = '= e.type != "former"';
const LOCK = '= e.type != "former" && e.lock != "true"';

const active = (value: string) => ({
  reads: 'type: string, lock: string, on: "string[]"',
  attributes: `  active: ${value}`,
});

describe('an absent value reads neither as enabled nor as disabled (O-07 n)', () => {
  const cases: readonly [string, string, Values, boolean | undefined][] = [
    ['a constant', 'true', {}, true],
    ['a constant', 'false', {}, false],
    ['all there', `'${TYPE}'`, { type: 'staff' }, true],
    ['all there', `'${TYPE}'`, { type: 'former' }, false],
    ['absent, plain form', `'${TYPE}'`, {}, undefined],
    ['absent, where absence would have been false', `'= e.type == "staff"'`, {}, undefined],
    ['absent, required', `{ value: '${TYPE}', required: true }`, {}, undefined],
    ['blank', `'${TYPE}'`, { type: ' \u00a0' }, undefined],
    ['a default does not stand in', `'= first(e.type, "staff") == "staff"'`, {}, undefined],
    ['an empty list', `'= "yes" in e.on'`, {}, undefined],
    ['one of two absent', `'${LOCK}'`, { type: 'staff' }, undefined],
    ['one of two absent, though the other would settle it', `'${LOCK}'`, { type: 'former' }, undefined],
    ['the absent one is optional', `{ value: '${LOCK}', optional: [lock] }`, { type: 'staff' }, true],
    [
      'the optional one is there',
      `{ value: '${LOCK}', optional: [LOCK] }`,
      { type: 'staff', lock: 'true' },
      false,
    ],
    ['the other one is absent', `{ value: '${LOCK}', optional: [lock] }`, { lock: 'true' }, undefined],
    ['a group rests on nothing', `'= inGroup("staff")'`, {}, false],
  ];
  test.each(cases)('%s: %s of %j gives %s', (_what, value, values, expected) => {
    const mapped = map(active(value), values);
    if (mapped.kind !== 'in-scope') throw new Error(mapped.kind);
    expect(mapped.user.active).toBe(expected);
    expect('active' in mapped.user).toBe(expected !== undefined);
    expect(mapped.warnings.map(({ attribute }) => attribute)).toEqual(
      expected === undefined ? ['active'] : [],
    );
  });
});

test.each([
  ['c', '514', false],
  ['d', '544', true],
  ['e', '546', false],
  ['a', '512', true],
  ['f', '66048', true],
  ['f', '66050', false],
  ['g', '262656', true],
  ['g', '262658', false],
  ['h', '8389120', true],
  ['h', '8389122', false],
  ['i', '528', true],
  ['i', '530', false],
])('O-07 %s: the bit of 2 in userAccountControl %s', (_, control, expected) => {
  const file = {
    reads: 'userAccountControl: string',
    attributes: `  active: '= int(e.userAccountControl) / 2 % 2 == 0'`,
  };
  expect(map(file, { userAccountControl: control })).toMatchObject({ user: { active: expected } });
});

test('what active rests on is found through vars', () => {
  const file = {
    reads: 'type: string',
    before: `vars: { raw: '= e.type', kind: '= v.raw.lower()' }`,
    attributes: `  active: '= v.kind != "former"'`,
  };
  expect(map(file, {})).toEqual({
    kind: 'in-scope',
    user: { userName: 'hr-17' },
    warnings: [
      {
        where: 'm.yaml:10:11',
        attribute: 'active',
        message: 'cannot be told, since the person has no type; the account keeps what it has',
      },
    ],
  });
});

test('active cannot be made to rest on nothing', () => {
  expect(problemsOf(load(active(`{ value: '${TYPE}', required: false }`)))).toEqual([
    '9:44 attributes.active.required: active is always required. Name the attributes whose absence has a meaning: "optional: [name]".',
  ]);
  expect(problemsOf(load(active(`{ value: '${TYPE}', optional: [tipe] }`)))).toEqual([
    '9:55 attributes.active.optional: the expression does not read "tipe". Did you mean "type"?',
  ]);
});

test('another attribute that is required and absent fails the person', () => {
  const file = {
    reads: 'sn: string',
    attributes: `  name: { familyName: { value: '= e.sn', required: true } }`,
  };
  expect(map(file, {})).toEqual({
    kind: 'failed',
    problems: [
      {
        where: 'm.yaml:9:32',
        attribute: 'name.familyName',
        message: 'is required, and this person has none',
      },
    ],
  });
  expect(map(file, { sn: 'Byron' })).toMatchObject({ user: { name: { familyName: 'Byron' } } });
});

test('who cannot be mapped and is inactive, is known to be inactive; nothing is said of anybody else', () => {
  const file = {
    reads: 'sn: string, type: string',
    attributes: `
  name: { familyName: { value: '= e.sn', required: true } }
  active: '= e.type == "on"'`,
  };
  expect(map(file, { type: 'off' })).toMatchObject({ kind: 'failed', inactive: true });
  for (const others of [{ type: 'on' }, {}]) expect(map(file, others)).not.toHaveProperty('inactive');
});

describe('an active that cannot be computed fails nobody: it is left out, and everything else is written (O-07 o)', () => {
  const attributes = (active: string) => `
  title: '= e.title'
  active: ${active}`;
  const warned = (where: string, why: string) => ({
    kind: 'in-scope',
    user: { userName: 'hr-17', title: 'Analyst' },
    warnings: [
      { where, attribute: 'active', message: `cannot be told, since ${why}; the account keeps what it has` },
    ],
  });

  test('userAccountControl is no number', () => {
    const reads = 'userAccountControl: string, title: string';
    const file = { reads, attributes: attributes("'= int(e.userAccountControl) / 2 % 2 == 0'") };
    expect(map(file, { userAccountControl: 'abc', title: 'Analyst' })).toEqual(
      warned('m.yaml:10:11', 'a text that should be a number is none'),
    );
  });

  test('by the function for it, as where both are absent (n)', () => {
    const file = { reads: null, attributes: attributes("'= activeFromAD()'") };
    for (const values of [{ userAccountControl: 'abc', accountExpires: '0' }, {}]) {
      const mapped = map(file, { ...values, title: 'Analyst' });
      expect(mapped).toMatchObject({ kind: 'in-scope', user: { userName: 'hr-17', title: 'Analyst' } });
      expect(mapped).not.toHaveProperty('user.active');
      expect(mapped).toMatchObject({ warnings: [{ where: 'm.yaml:9:11', attribute: 'active' }] });
    }
  });

  test('a var that it uses cannot be computed: the place is that of the var', () => {
    const before = `vars: { bits: '= int(e.bits)' }`;
    const file = { reads: null, before, attributes: attributes("'= v.bits == 0'") };
    expect(map(file, { bits: 'abc', title: 'Analyst' })).toEqual(
      warned('m.yaml:6:15', 'a text that should be a number is none'),
    );
  });

  test('who fails for another reason is then not known to be inactive', () => {
    const file = {
      reads: null,
      attributes: `  title: { from: t, required: true }\n  active: '= int(e.x) == 0'`,
    };
    const mapped = map(file, { x: 'abc' });
    expect(mapped).toMatchObject({ kind: 'failed', problems: [{ attribute: 'title' }] });
    expect(mapped).not.toHaveProperty('inactive');
  });
});

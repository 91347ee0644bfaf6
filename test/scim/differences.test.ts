import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applied } from '../../app/scim/applied.ts';
import { differences } from '../../app/scim/differences.ts';
import type { Json, ScimUser } from '../../app/scim/resource.ts';

const URN = 'urn:scim:schemas:extension:leankit:user:1.0';

describe('what differs between a user as it is and as we want it', () => {
  test('an attribute that is not ours is left alone', () => {
    expect(differences({ userName: 'ana', title: 'Chief' }, { userName: 'ana' }, null)).toEqual([]);
  });

  test('a corrected capital is a difference', () => {
    expect(differences({ userName: 'Ana' }, { userName: 'ana' }, null)).toEqual([
      { path: ['userName'], before: 'Ana', after: 'ana' },
    ]);
  });

  test('complex attributes differ by sub-attribute, sorted by path', () => {
    const known = {
      userName: 'ana',
      name: { familyName: 'Byron', givenName: 'Ana', formatted: 'Ana Byron' },
      [URN]: { boardCreator: false },
    };
    const desired = {
      userName: 'ana',
      name: { familyName: 'Roe', givenName: 'Ana' },
      [URN]: { boardCreator: true },
      active: true,
    };
    expect(differences(known, desired, null)).toEqual([
      { path: ['active'], before: undefined, after: true },
      { path: ['name', 'familyName'], before: 'Byron', after: 'Roe' },
      { path: [URN, 'boardCreator'], before: false, after: true },
    ]);
  });

  test('what we asked for last time and want no more is cleared, but only where it is still there', () => {
    const known = { userName: 'ana', title: 'Analyst', name: { middleName: 'B', formatted: 'Ana' } };
    const previous = { userName: 'ana', title: 'Analyst', nickName: 'an', name: { middleName: 'B' } };
    expect(differences(known, { userName: 'ana' }, previous)).toEqual([
      { path: ['name', 'middleName'], before: 'B', after: undefined },
      { path: ['title'], before: 'Analyst', after: undefined },
    ]);
  });

  test.each<[string, Json, Json, boolean]>([
    ['another order', [{ value: 'a' }, { value: 'b' }], [{ value: 'b' }, { value: 'a' }], true],
    ['another order of keys', [{ value: 'a', type: 'work' }], [{ type: 'work', value: 'a' }], true],
    ['bare text', ['a'], [{ value: 'a' }], true],
    ['primary false, or not said', [{ value: 'a', primary: false }], [{ value: 'a' }], true],
    ['a display name of the target', [{ value: 'a', display: 'A' }], [{ value: 'a' }], true],
    ['a double', ['a', 'a'], ['a'], true],
    ['another type', [{ value: 'a', type: 'work' }], [{ value: 'a', type: 'home' }], false],
    ['primary', [{ value: 'a', primary: true }], [{ value: 'a' }], false],
    ['one more', [{ value: 'a' }], [{ value: 'a' }, { value: 'b' }], false],
  ])('a list with %s', (_what, before, after, same) => {
    const found = differences({ userName: 'x', emails: before }, { userName: 'x', emails: after }, null);
    expect(found).toEqual(same ? [] : [{ path: ['emails'], before, after }]);
  });

  test.each<[Json]>([[null], [''], [[]], [{}], [[null, '']], [{ value: '' }]])(
    '%j counts as absent',
    (blank) => {
      expect(
        differences({ userName: 'x', title: blank }, { userName: 'x' }, { userName: 'x', title: 'T' }),
      ).toEqual([]);
      expect(differences({ userName: 'x' }, { userName: 'x', title: blank }, null)).toEqual([]);
    },
  );

  test.each<[string, ScimUser, ScimUser]>([
    ['an attribute', { userName: 'ana', nickname: 'A' }, { userName: 'ana', nickName: 'A' }],
    [
      'a part of a complex attribute',
      { userName: 'ana', Name: { familyname: 'Roe' } },
      { userName: 'ana', name: { familyName: 'Roe' } },
    ],
    [
      'an extension, and a part of a part of it',
      { userName: 'ana', [URN.toUpperCase()]: { manager: { ManagerID: '7' } } },
      { userName: 'ana', [URN]: { manager: { managerId: '7' } } },
    ],
    [
      'a part of an element, and its type',
      { userName: 'ana', emails: [{ Value: 'a', TYPE: 'Work', Primary: false }] },
      { userName: 'ana', emails: [{ value: 'a', type: 'work' }] },
    ],
    [
      'the type of a member',
      { userName: 'ana', members: [{ value: '7', type: 'user' }] },
      { userName: 'ana', members: [{ value: '7', type: 'User' }] },
    ],
  ])('%s is the same in any case', (_what, known, desired) => {
    expect(differences(known, desired, null)).toEqual([]);
    expect(differences(desired, known, desired)).toEqual([]);
  });

  test.each<[string, Json, Json]>([
    ['a text', 'Analyst', 'analyst'],
    ['a value in a list', [{ value: 'A@x' }], [{ value: 'a@x' }]],
  ])('%s is not: a corrected capital is written', (_what, before, after) => {
    const found = differences({ userName: 'x', title: before }, { userName: 'x', title: after }, null);
    expect(found).toEqual([{ path: ['title'], before, after }]);
  });

  test('what is written stands where the target has it, in our spelling of the path', () => {
    const known: ScimUser = { userName: 'ana', NAME: { FAMILYNAME: 'Byron', givenName: 'Ana' } };
    const found = differences(known, { userName: 'ana', name: { familyName: 'Roe' } }, null);
    expect(found).toEqual([{ path: ['name', 'familyName'], before: 'Byron', after: 'Roe' }]);
    expect(applied(known, found)).toEqual({ userName: 'ana', NAME: { FAMILYNAME: 'Roe', givenName: 'Ana' } });
  });

  test('what we asked for in another spelling and still want is not cleared', () => {
    const known = { userName: 'ana', title: 'T' };
    expect(differences(known, known, { userName: 'ana', Title: 'T' })).toEqual([]);
  });

  test('O-26: a name that every object inherits is not mistaken for an attribute that is there', () => {
    expect(
      differences({ userName: 'x' }, { userName: 'x', toString: 'y' } as unknown as ScimUser, null),
    ).toEqual([{ path: ['toString'], before: undefined, after: 'y' }]);
  });
});

const scalar = fc.oneof(
  fc.string({ minLength: 1, maxLength: 3 }),
  fc.boolean(),
  fc.integer({ min: 0, max: 3 }),
);
const element = fc.record({ value: fc.constantFrom('a', 'b', 'c'), type: fc.constantFrom('work', 'home') });
const complex = fc.dictionary(fc.constantFrom('p', 'q', 'r'), scalar, { minKeys: 1 });
const attribute: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.array(element, { minLength: 1, maxLength: 3 }),
  complex,
);
const user: fc.Arbitrary<ScimUser> = fc
  .tuple(
    fc.constantFrom('ana', 'Ana', 'ben'),
    fc.dictionary(fc.constantFrom('title', 'emails', 'name', URN), attribute),
  )
  .map(([userName, rest]) => ({ ...rest, userName }));

describe('writing the differences', () => {
  test('leaves nothing to be written, whatever was there and whatever was asked for before', () => {
    fc.assert(
      fc.property(user, user, fc.option(user), (known, desired, previous) => {
        const after = applied(known, differences(known, desired, previous));
        expect(differences(after, desired, previous)).toEqual([]);
        expect(differences(desired, desired, null)).toEqual([]);
      }),
    );
  });

  test('touches only what we own, and clears what only the last wish had', () => {
    fc.assert(
      fc.property(user, user, fc.option(user), (known, desired, previous) => {
        const after = applied(known, differences(known, desired, previous));
        const owned = new Set([...Object.keys(desired), ...Object.keys(previous ?? {})]);
        for (const name of Object.keys(known)) if (!owned.has(name)) expect(after[name]).toEqual(known[name]);
        for (const name of Object.keys(after))
          expect(owned.has(name) || Object.hasOwn(known, name)).toBe(true);
      }),
    );
  });

  test('differences come in one order, whatever order the attributes have', () => {
    fc.assert(
      fc.property(user, user, (known, desired) => {
        const reversed = Object.fromEntries(Object.entries(desired).reverse()) as ScimUser;
        expect(differences(known, reversed, null)).toEqual(differences(known, desired, null));
      }),
    );
  });
});

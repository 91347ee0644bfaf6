/** Which lists an update left wrong, and what mends them. What servers do with a PATCH is taken from the sandbox. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { JsonObject, ScimUser } from '../../../app/scim/resource.ts';
import { listLeftovers } from '../../../app/scim/users/list-leftovers.ts';
import { mendingBody, patchBody } from '../../../app/scim/users/patch.ts';
import { applyGatewayPatch } from '../../../sandbox/scim-target/gateway-rules.ts';
import { applyPatch } from '../../../sandbox/scim-target/patch.ts';

const A = { value: 'a@x.test', type: 'work', primary: true };
const B = { value: 'b@x.test', type: 'home' };
const C = { value: 'c@x.test', type: 'work' };
const PARIS = { type: 'work', locality: 'Paris', country: 'FR' };
const emails = (...list: JsonObject[]): ScimUser => ({ userName: 'ada', emails: list });
const addresses = (...list: JsonObject[]): ScimUser => ({ userName: 'ada', addresses: list });

const left = (was: ScimUser, wanted: ScimUser, shown: ScimUser, deleted = false) =>
  listLeftovers(shown, differences(was, wanted, was), deleted);

describe('a list that came out wrong', () => {
  test.each<[string, ScimUser, ScimUser, ScimUser, object]>([
    [
      'keeps an element that was to go',
      emails(A, B),
      emails(A),
      emails(A, B),
      { path: ['emails'], old: [B], lost: [] },
    ],
    [
      'keeps what was to be cleared',
      emails(A),
      emails(),
      emails(A),
      { path: ['emails'], old: [A], lost: [] },
    ],
    [
      'keeps a value under its old type as well',
      emails(C),
      emails({ ...C, type: 'other' }),
      emails(C, { ...C, type: 'other' }),
      { path: ['emails'], old: [C], lost: [] },
    ],
    [
      'keeps a part that its element had before',
      addresses(PARIS),
      addresses({ type: 'work', country: 'FR' }),
      addresses(PARIS),
      { path: ['addresses'], old: [PARIS], lost: [] },
    ],
    ['is gone', emails(A, B), emails(A), emails(), { path: ['emails'], old: [], lost: [A] }],
  ])('%s', (_what, was, wanted, shown, expected) => {
    expect(left(was, wanted, shown)).toEqual([expected]);
  });

  test('lacks after a deletion what went with it', () => {
    expect(left(emails(A, B), emails(A, C), emails(A), true)).toEqual([
      { path: ['emails'], old: [], lost: [C] },
    ]);
  });
});

test.each<[string, ScimUser, ScimUser, ScimUser]>([
  ['folds case', emails(A, B), emails({ ...A, value: 'A@x.test' }), emails(A)],
  ['shows no type', emails({ value: 'a@x.test' }, B), emails(A), emails({ value: 'a@x.test' })],
  ['shows nobody as primary', emails(A, B), emails(C, { ...B, primary: true }), emails(C, B)],
  [
    'adds a text of its own',
    addresses(PARIS),
    addresses({ type: 'work', country: 'DE' }),
    addresses({ type: 'work', country: 'DE', formatted: 'Germany' }),
  ],
  [
    'adds an element of its own',
    emails(A),
    emails(C),
    emails(C, { value: 'ada@service.test', type: 'other' }),
  ],
  ['keeps one element only', emails(A, B), emails(C, B), emails(C)],
  ['was to get its first elements, and does not keep any', emails(), emails(A), emails()],
])('a target that only %s has done what it said', (_what, was, wanted, shown) => {
  expect(left(was, wanted, shown)).toEqual([]);
});

const TYPES = ['work', 'home', 'other', 'fax'];
/** Each type once, as such a server has it. */
const list = fc
  .subarray(TYPES)
  .chain((types) =>
    fc.tuple(...types.map((type) => fc.constantFrom('a', 'b', 'c', 'd').map((value) => ({ value, type })))),
  )
  .map((elements) => elements as JsonObject[]);
const roles = fc.uniqueArray(fc.constantFrom('r', 's', 't'), { minLength: 1 });
const user = fc.tuple(list, list, roles).map(([mails, places, held]): ScimUser => {
  const lists = {
    emails: mails,
    addresses: places.map(({ value, type }) => ({ locality: value ?? '', type: type ?? '' })),
    roles: held.map((value) => ({ value })),
  };
  return {
    userName: 'ada',
    ...Object.fromEntries(Object.entries(lists).filter(([, each]) => each.length > 0)),
  };
});

test('a server that keeps to the letter never leaves anything to mend', () => {
  fc.assert(
    fc.property(user, user, (was, wanted) => {
      const found = differences(was, wanted, was);
      fc.pre(found.length > 0);
      const shown = applyPatch(was, patchBody(found, wanted, generic)) as ScimUser;
      expect(listLeftovers(shown, found, false)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.each(['replace', 'elements'] as const)(
  'a server that merges by type ends as asked for, mended twice at most (%s)',
  (listChanges) => {
    const profile = { ...generic, listChanges };
    fc.assert(
      fc.property(user, user, (was, wanted) => {
        const found = differences(was, wanted, was);
        fc.pre(found.length > 0);
        let shown = applyGatewayPatch(was, patchBody(found, wanted, profile)) as ScimUser;
        let deleted = false;
        for (let mending = 0; mending < 2; mending += 1) {
          const leftovers = listLeftovers(shown, found, deleted);
          if (leftovers.length === 0) break;
          shown = applyGatewayPatch(shown, mendingBody(leftovers, wanted, profile, shown)) as ScimUser;
          deleted ||= leftovers.some(({ old }) => old.length > 0);
        }
        expect(differences(shown, wanted, was)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  },
);

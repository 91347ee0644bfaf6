import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttributePolicy, SOURCE_OWNED, USUAL_POLICY } from '../../app/mapping/policy.ts';
import type { Known } from '../../app/plan/decision.ts';
import { owned, ownedOnceMade, restsOnAccount } from '../../app/plan/ownership.ts';
import { plan as planUnder } from '../../app/plan/plan.ts';
import { applied } from '../../app/scim/applied.ts';
import type { AttributePath, Json, JsonObject, ScimUser } from '../../app/scim/resource.ts';
import { valueAt, withValue } from '../../app/scim/resource.ts';

const TITLE: AttributePath = ['title'];
const NOW = new Date('2026-03-01T12:00:00Z');

type Way = Partial<Omit<AttributePolicy, 'path'>>;
const policy = (way: Way, path: AttributePath = TITLE): AttributePolicy => ({
  ...SOURCE_OWNED,
  ...way,
  path,
});
const userWith = (value: Json | undefined, path = TITLE): ScimUser =>
  withValue({ userName: 'ada', active: true }, path, value) as ScimUser;

/** What becomes of a title. `asked: null` is an account that is found and not linked. */
function outcome(
  way: Way,
  has: string | undefined,
  want: string | undefined,
  asked: string | undefined | null,
) {
  const known: Known =
    asked === null
      ? { kind: 'found', by: 'userName', account: { id: 't-1', user: userWith(has) } }
      : { kind: 'linked', account: { id: 't-1', user: userWith(has) }, previous: userWith(asked) };
  const policies = { ...USUAL_POLICY, attributes: [policy(way)] };
  const decided = planUnder({ kind: 'account', user: userWith(want) }, known, policies, NOW);
  if (!('asked' in decided) || decided.asked === undefined) throw new Error('nothing is remembered');
  const differences = 'differences' in decided ? decided.differences : [];
  expect(differences.every(({ path }) => path.join() === 'title')).toBe(true);
  return {
    written: differences.map(({ after }) => after ?? 'cleared')[0] ?? 'nothing',
    remembered: valueAt(decided.asked, TITLE) ?? 'nothing',
    kept: ('kept' in decided ? (decided.kept ?? []) : []).map(({ report }) => report),
  };
}

const none = undefined;
const linkedNone = undefined;

describe('an attribute at an account that is there', () => {
  test.each<[string, Way, string | undefined, string | undefined, string | undefined | null, string, string]>(
    [
      ['create-only, at adoption, empty', { when: 'create-only' }, none, 'A', null, 'nothing', 'nothing'],
      [
        'create-only, the source changes',
        { when: 'create-only' },
        'A',
        'B',
        linkedNone,
        'nothing',
        'nothing',
      ],
      ['create-only, emptied by hand', { when: 'create-only' }, none, 'A', linkedNone, 'nothing', 'nothing'],
      ['create-only, that was ours before', { when: 'create-only' }, 'A', none, 'A', 'nothing', 'nothing'],
      ['if-empty, empty', { when: 'if-empty' }, none, 'A', linkedNone, 'A', 'nothing'],
      ['if-empty, empty, at adoption', { when: 'if-empty' }, none, 'A', null, 'A', 'nothing'],
      ['if-empty, with a value', { when: 'if-empty' }, 'B', 'A', linkedNone, 'nothing', 'nothing'],
      ['if-empty, gone from the source', { when: 'if-empty' }, 'A', none, 'A', 'nothing', 'nothing'],
      ["the target's, adopted with a value", { owner: 'target' }, 'B', 'A', null, 'nothing', 'nothing'],
      ["the target's, adopted without one", { owner: 'target' }, none, 'A', null, 'A', 'nothing'],
      ["the target's, linked", { owner: 'target' }, 'B', 'A', linkedNone, 'nothing', 'nothing'],
      ["the target's, emptied there", { owner: 'target' }, none, 'A', linkedNone, 'nothing', 'nothing'],
      [
        "the target's, if-empty, linked",
        { owner: 'target', when: 'if-empty' },
        none,
        'A',
        linkedNone,
        'nothing',
        'nothing',
      ],
      ['first-writer, adopted with a value', { owner: 'first-writer' }, 'B', 'A', null, 'nothing', 'nothing'],
      ['first-writer, adopted without one', { owner: 'first-writer' }, none, 'A', null, 'A', 'A'],
      [
        'first-writer, that the target gave',
        { owner: 'first-writer' },
        'B',
        'A',
        linkedNone,
        'nothing',
        'nothing',
      ],
      ['first-writer, that we gave', { owner: 'first-writer' }, 'A', 'B', 'A', 'B', 'B'],
      ['first-writer, that we gave, gone', { owner: 'first-writer' }, 'A', none, 'A', 'cleared', 'nothing'],
      [
        'first-writer, nobody has any',
        { owner: 'first-writer' },
        none,
        none,
        linkedNone,
        'nothing',
        'nothing',
      ],
      ['forced, changed by hand', { drift: 'force' }, 'B', 'A', 'A', 'A', 'A'],
      ['forced, at adoption', { drift: 'force' }, 'B', 'A', null, 'A', 'A'],
      ['kept, the source changes', { drift: 'keep' }, 'B', 'C', 'A', 'C', 'C'],
      ['kept, new at the source', { drift: 'keep' }, 'B', 'A', linkedNone, 'A', 'A'],
      ['kept, at adoption', { drift: 'keep' }, 'B', 'A', null, 'A', 'A'],
      ['kept, gone from the source', { drift: 'keep' }, 'B', none, 'A', 'cleared', 'nothing'],
      ['left, gone from the source', { onEmpty: 'leave' }, 'A', none, 'A', 'nothing', 'nothing'],
      ['left, back at the source', { onEmpty: 'leave' }, 'A', 'B', linkedNone, 'B', 'B'],
      ['cleared, gone from the source', { onEmpty: 'clear' }, 'A', none, 'A', 'cleared', 'nothing'],
      ['never ours, and wanted by nobody', {}, 'A', none, linkedNone, 'nothing', 'nothing'],
    ],
  )('%s', (_what, way, has, want, asked, written, remembered) => {
    expect(outcome(way, has, want, asked)).toEqual({ written, remembered, kept: [] });
  });

  test.each([
    ['keep', 'B', false],
    ['keep', none, false],
    ['report', 'B', true],
    ['report', none, true],
  ] as const)('drift: %s leaves %s that was made by hand, and knows what we want', (drift, has, report) => {
    expect(outcome({ drift }, has, 'A', 'A')).toEqual({
      written: 'nothing',
      remembered: 'A',
      kept: [report],
    });
  });

  test('is in the user as it stays, so that whatever sends the whole user does not undo it', () => {
    const policies = [policy({ drift: 'keep' }, ['name', 'givenName']), policy({ when: 'create-only' })];
    const account = { userName: 'ada', name: { givenName: 'By hand', familyName: 'King' }, title: 'Theirs' };
    const previous = { userName: 'ada', name: { givenName: 'Ada', familyName: 'King' } };
    const wanted = { userName: 'ada', name: { givenName: 'Ada', familyName: 'Byron' }, title: 'Ours' };
    expect(owned(wanted, account, previous, policies)).toEqual({
      user: { userName: 'ada', name: { givenName: 'By hand', familyName: 'Byron' }, title: 'Theirs' },
      asked: { userName: 'ada', name: { givenName: 'Ada', familyName: 'Byron' } },
      kept: [{ difference: { path: ['name', 'givenName'], before: 'By hand', after: 'Ada' }, report: false }],
    });
  });

  test('is a whole list where it is a list', () => {
    const path: AttributePath = ['emails'];
    const [ours, theirs] = [[{ value: 'a@example.test' }], [{ value: 'b@example.test' }]];
    const wanted = userWith(ours, path);
    const { user, kept } = owned(wanted, userWith(theirs, path), wanted, [policy({ drift: 'keep' }, path)]);
    expect(user).toEqual(userWith(theirs, path));
    expect(kept).toHaveLength(1);
  });

  test('says nothing of active, whatever a policy says: whoever has to go, goes (O-07)', () => {
    const policies = [policy({ when: 'create-only', owner: 'target', drift: 'keep' }, ['active'])];
    const wanted: ScimUser = { userName: 'ada', active: false };
    const account: ScimUser = { userName: 'ada', active: true };
    expect(owned(wanted, account, account, policies)).toEqual({ user: wanted, asked: wanted, kept: [] });
  });

  test.each([{ when: 'create-only' }, { owner: 'target' }, { owner: 'first-writer' }] as const)(
    'userName stays and is remembered by %o, since each link has one',
    (way) => {
      const [account, wanted] = [{ userName: 'ada.king' }, { userName: 'ada.byron' }];
      expect(owned(wanted, account, account, [policy(way, ['userName'])])).toEqual({
        user: account,
        asked: account,
        kept: [],
      });
    },
  );
});

describe('of an account that is made', () => {
  test.each<[Way, string | undefined]>([
    [{}, 'A'],
    [{ owner: 'first-writer' }, 'A'],
    [{ drift: 'report' }, 'A'],
    [{ when: 'create-only' }, undefined],
    [{ when: 'if-empty' }, undefined],
    [{ owner: 'target' }, undefined],
  ])('what %o says is sent, and remembered as %s', (way, remembered) => {
    const policies = { ...USUAL_POLICY, attributes: [policy(way)] };
    const decided = planUnder({ kind: 'account', user: userWith('A') }, { kind: 'nothing' }, policies, NOW);
    expect(decided).toEqual({
      action: 'create',
      reason: 'new in scope',
      user: userWith('A'),
      asked: userWith(remembered),
    });
    expect(ownedOnceMade(userWith('A'), policies.attributes)).toEqual(userWith(remembered));
  });
});

describe('an account has to be read first', () => {
  test.each<[string, Way, ScimUser, ScimUser, boolean]>([
    ['if-empty, and a value for it', { when: 'if-empty' }, userWith('A'), userWith(none), true],
    ['if-empty, and no value', { when: 'if-empty' }, userWith(none), userWith(none), false],
    ['first-writer, and we never gave it', { owner: 'first-writer' }, userWith('A'), userWith(none), true],
    ['first-writer, and we gave it', { owner: 'first-writer' }, userWith('B'), userWith('A'), false],
    ['create-only', { when: 'create-only' }, userWith('B'), userWith(none), false],
    ['kept, and nothing changes', { drift: 'keep' }, userWith('A'), userWith('A'), false],
    ['kept, and something changes', { drift: 'keep' }, userWith('B'), userWith('A'), true],
    ['no policy of note', { sensitive: true }, userWith('B'), userWith('A'), false],
  ])('%s', (_what, way, wanted, previous, reads) => {
    expect(restsOnAccount(wanted, previous, [policy(way)])).toBe(reads);
  });

  test("where a part of the name is the target's, and another part changes", () => {
    const policies = [policy({ when: 'create-only' }, ['name', 'middleName'])];
    const wanted: ScimUser = { userName: 'ada', name: { familyName: 'Byron', middleName: 'A' } };
    const previous: ScimUser = { userName: 'ada', name: { familyName: 'King' } };
    expect(restsOnAccount(wanted, previous, policies)).toBe(true);
    expect(
      restsOnAccount({ ...wanted, name: { familyName: 'King', middleName: 'B' } }, previous, policies),
    ).toBe(false);
  });
});

const PATHS: readonly AttributePath[] = [
  ['title'],
  ['name', 'familyName'],
  ['name', 'givenName'],
  ['urn:scim:schemas:extension:x:1.0', 'level'],
  ['emails'],
];

const anyPolicy = fc.record({
  path: fc.constantFrom(...PATHS),
  when: fc.constantFrom('always', 'create-only', 'if-empty'),
  owner: fc.constantFrom('source', 'target', 'first-writer'),
  drift: fc.constantFrom('force', 'keep', 'report'),
  onEmpty: fc.constantFrom('clear', 'leave'),
  sensitive: fc.boolean(),
}) as fc.Arbitrary<AttributePolicy>;

const policies = fc.uniqueArray(anyPolicy, { selector: ({ path }) => path.join(), maxLength: PATHS.length });

/** A value by its letter: text, or of a list one element. */
const put = (user: JsonObject, path: AttributePath, letter: string): JsonObject =>
  withValue(user, path, letter === '' ? undefined : path[0] === 'emails' ? [{ value: letter }] : letter);

const step = fc.record({
  who: fc.constantFrom('source', 'hand'),
  path: fc.constantFrom(...PATHS),
  letter: fc.constantFrom('', 'A', 'B', 'C'),
});

test('a life of changes at both ends: one write makes it right, and nothing that is not ours is ever written', () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 12 }), fc.boolean(), (attributes, life, adopted) => {
      const under = { ...USUAL_POLICY, attributes };
      const untouchable = attributes
        .filter(({ when, owner }) => when === 'create-only' || owner === 'target')
        .map(({ path }) => path.join());
      let wanted: JsonObject = { userName: 'ada', active: true };
      let account: ScimUser | null = adopted ? { userName: 'ada', active: true, title: 'T' } : null;
      let previous: ScimUser | null = null;

      /** Reads, plans and writes, at a target that does as it is told. @returns the paths written */
      const round = (): readonly string[] => {
        const user = wanted as ScimUser;
        const known: Known =
          account === null
            ? { kind: 'nothing' }
            : previous === null
              ? { kind: 'found', by: 'userName', account: { id: 't', user: account } }
              : { kind: 'linked', account: { id: 't', user: account }, previous };
        const decided = planUnder({ kind: 'account', user }, known, under, NOW);
        if (!('asked' in decided) || decided.asked === undefined) throw new Error('nothing asked');
        const before = previous;
        previous = decided.asked;
        if (decided.action === 'create') {
          account = decided.user;
          return [];
        }
        const differences = 'differences' in decided ? decided.differences : [];
        if (account === null) throw new Error('no account');
        account = applied(account, differences);
        const written = differences.map(({ path }) => path.join());
        if (before !== null) for (const path of untouchable) expect(written).not.toContain(path);
        // The user that is told to the target whole is the account as it is then, in all that has a policy.
        for (const { path } of attributes) {
          if ('user' in decided) expect(valueAt(decided.user, path)).toEqual(valueAt(account, path));
        }
        return written;
      };

      round();
      for (const { who, path, letter } of life) {
        if (who === 'source') wanted = put(wanted, path, letter);
        else if (account !== null) account = put(account, path, letter) as ScimUser;
        round();
        expect(round()).toEqual([]);
        expect(round()).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

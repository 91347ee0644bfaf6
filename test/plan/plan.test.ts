import { describe, expect, test } from 'vitest';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import { type Desired, isRemoval, type Known } from '../../app/plan/decision.ts';
import { plan as planUnder } from '../../app/plan/plan.ts';
import type { ScimUser } from '../../app/scim/resource.ts';

const ada = (extra: Record<string, string | boolean> = {}): ScimUser => ({
  userName: 'ada@example.test',
  ...extra,
});

const plan = (desired: Desired, known: Known) =>
  planUnder(desired, known, USUAL_POLICY, new Date('2026-03-01T12:00:00Z'));

const wantsActive: Desired = { kind: 'account', user: ada({ active: true }) };
const wantsInactive: Desired = { kind: 'account', user: ada({ active: false }) };
const wantsUnknown: Desired = { kind: 'account', user: ada() };
const leaver: Desired = { kind: 'leaver', why: 'leaver', reason: 'deleted' };

const nothing: Known = { kind: 'nothing' };
const ambiguous: Known = { kind: 'ambiguous', reason: 'ambiguous: 2 accounts have this userName' };
const found: Known = {
  kind: 'found',
  by: 'userName',
  account: { id: 't-9', user: ada({ active: true }) },
};
const linkedActive: Known = {
  kind: 'linked',
  account: { id: 't-1', user: ada({ active: true }) },
  previous: ada({ active: true }),
};
const linkedInactive: Known = {
  kind: 'linked',
  account: { id: 't-1', user: ada({ active: false }) },
  previous: ada({ active: false }),
};

describe('the plan for one person', () => {
  test.each([
    ['active', 'nothing', wantsActive, nothing, 'create'],
    ['active', 'found', wantsActive, found, 'adopt'],
    ['active', 'linked, active', wantsActive, linkedActive, 'none'],
    ['active', 'linked, inactive', wantsActive, linkedInactive, 'reactivate'],
    ['active', 'ambiguous', wantsActive, ambiguous, 'hold'],
    ['inactive', 'nothing', wantsInactive, nothing, 'none'],
    ['inactive', 'found', wantsInactive, found, 'adopt'],
    ['inactive', 'linked, active', wantsInactive, linkedActive, 'deactivate'],
    ['inactive', 'linked, inactive', wantsInactive, linkedInactive, 'none'],
    ['inactive', 'ambiguous', wantsInactive, ambiguous, 'hold'],
    ['unknown', 'nothing', wantsUnknown, nothing, 'hold'],
    ['unknown', 'found', wantsUnknown, found, 'adopt'],
    ['leaver', 'nothing', leaver, nothing, 'none'],
    ['leaver', 'found', leaver, found, 'none'],
    ['leaver', 'linked, active', leaver, linkedActive, 'deactivate'],
    ['leaver', 'linked, inactive', leaver, linkedInactive, 'none'],
    ['leaver', 'ambiguous', leaver, ambiguous, 'hold'],
  ])('wanted %s, known %s', (_wanted, _known, desired, known, action) => {
    expect(plan(desired, known).action).toBe(action);
  });

  test('names each attribute that differs, and no other', () => {
    const desired: Desired = {
      kind: 'account',
      user: { ...ada({ active: true }), name: { familyName: 'Byron', givenName: 'Ada' } },
    };
    const known: Known = {
      kind: 'linked',
      account: {
        id: 't-1',
        user: { ...ada({ active: true }), name: { familyName: 'King', givenName: 'Ada' } },
      },
      previous: ada(),
    };
    expect(plan(desired, known)).toEqual({
      action: 'update',
      reason: 'changed',
      id: 't-1',
      user: desired.user,
      asked: desired.user,
      kept: [],
      differences: [{ path: ['name', 'familyName'], before: 'King', after: 'Byron' }],
    });
  });

  test('switches a leaver off and touches nothing else', () => {
    expect(plan(leaver, linkedActive)).toEqual({
      action: 'deactivate',
      reason: 'deleted',
      id: 't-1',
      user: ada({ active: false }),
      asked: ada({ active: false }),
      kept: [],
      differences: [{ path: ['active'], before: true, after: false }],
    });
  });

  test('makes no account for somebody of whom it is not known whether they are active (O-07 n)', () => {
    expect(plan(wantsUnknown, nothing)).toEqual({
      action: 'hold',
      reason: 'active is not known, and a new account would be active by default',
    });
  });

  test.each([true, false])(
    'leaves an account %s where it is not known whether the person is active, whatever else changes (O-07 n)',
    (active) => {
      const known: Known = {
        kind: 'linked',
        account: { id: 't-1', user: ada({ active, title: 'Old' }) },
        previous: ada({ active, title: 'Old' }),
      };
      expect(
        plan(wantsUnknown, {
          ...known,
          account: { id: 't-1', user: ada({ active }) },
          previous: ada({ active }),
        }),
      ).toEqual({ action: 'none', reason: 'nothing differs', asked: ada({ active }), kept: [] });
      const desired: Desired = { kind: 'account', user: ada({ title: 'New' }) };
      expect(plan(desired, known)).toEqual({
        action: 'update',
        reason: 'changed',
        id: 't-1',
        user: ada({ title: 'New', active }),
        asked: ada({ title: 'New', active }),
        kept: [],
        differences: [{ path: ['title'], before: 'Old', after: 'New' }],
      });
    },
  );
});

describe('a removal', () => {
  test.each([
    ['a leaver', plan(leaver, linkedActive), true],
    ['somebody inactive', plan(wantsInactive, linkedActive), true],
    ['an adoption that switches off', plan(wantsInactive, found), true],
    ['an adoption that keeps on', plan(wantsActive, found), false],
    ['a reactivation', plan(wantsActive, linkedInactive), false],
    ['nothing', plan(wantsInactive, linkedInactive), false],
    ['a create', plan(wantsActive, nothing), false],
  ])('%s', (_what, decided, expected) => {
    expect(isRemoval(decided)).toBe(expected);
  });
});

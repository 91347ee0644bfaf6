/** What the mapping's `lifecycle` makes of leavers, of those who come back, and of whom it protects. */
import { describe, expect, test } from 'vitest';
import { type EndOfAccess, type LifecyclePolicy, USUAL_LIFECYCLE } from '../../app/mapping/policy.ts';
import { type Desired, isRemoval, type Known, type LeaverKind } from '../../app/plan/decision.ts';
import { plan } from '../../app/plan/plan.ts';
import type { ScimUser } from '../../app/scim/resource.ts';

const NOW = new Date('2026-03-31T12:00:00Z');

const user = (active: boolean): ScimUser => ({ userName: 'ada@example.test', active });

function linked(active: boolean, endedAt?: string): Extract<Known, { kind: 'linked' }> {
  const since = endedAt === undefined ? {} : { endedAt };
  return { kind: 'linked', account: { id: 't-1', user: user(active) }, previous: user(active), ...since };
}

const leaver = (why: LeaverKind): Desired => ({ kind: 'leaver', why, reason: 'deleted' });
const account = (active: boolean): Desired => ({ kind: 'account', user: user(active) });
const nothing: Known = { kind: 'nothing' };
const found = (active: boolean): Known => ({
  kind: 'found',
  by: 'userName',
  account: { id: 't-9', user: user(active) },
});

function decide(desired: Desired, known: Known, lifecycle: Partial<LifecyclePolicy> = {}) {
  return plan(desired, known, { attributes: [], lifecycle: { ...USUAL_LIFECYCLE, ...lifecycle } }, NOW);
}

const afterDays = (days: number): EndOfAccess => ({ kind: 'delete-after', days });

describe('whoever is gone, or out of scope', () => {
  const rules = ['leaver', 'outOfScope'] as const;

  test.each(rules)('%s: is deleted where the mapping says so, active or not', (rule) => {
    for (const active of [true, false]) {
      const decided = decide(leaver(rule), linked(active), { [rule]: { kind: 'delete' } });
      expect(decided).toEqual({ action: 'delete', reason: 'deleted', id: 't-1' });
      expect(isRemoval(decided)).toBe(true);
    }
  });

  test.each(rules)('%s: is left alone where the mapping says so, and the plan tells it', (rule) => {
    const decided = decide(leaver(rule), linked(true), { [rule]: { kind: 'leave' } });
    expect(decided).toEqual({ action: 'none', reason: 'deleted, and left as it is by the mapping' });
    expect(isRemoval(decided)).toBe(false);
  });

  test('is treated by the rule for their own case, and by no other', () => {
    const lifecycle = { leaver: { kind: 'delete' }, outOfScope: { kind: 'leave' } } as const;
    expect(decide(leaver('leaver'), linked(true), lifecycle).action).toBe('delete');
    expect(decide(leaver('outOfScope'), linked(true), lifecycle).action).toBe('none');
  });

  test('who was inactive long before they left has all of the days from when they left', () => {
    const left: Desired = {
      kind: 'leaver',
      why: 'leaver',
      reason: 'deleted',
      since: '2026-03-21T12:00:00.000Z',
    };
    const long = linked(false, '2025-01-01T00:00:00.000Z');
    expect(decide(left, long, { leaver: afterDays(30) })).toMatchObject({
      action: 'none',
      again: '2026-04-20T12:00:00.000Z',
    });
    expect(decide(left, long, { leaver: afterDays(10) }).action).toBe('delete');
  });

  test.each(rules)('%s: is never deleted where nobody was linked', (rule) => {
    for (const known of [nothing, found(true)]) {
      expect(decide(leaver(rule), known, { [rule]: { kind: 'delete' } }).action).toBe('none');
    }
  });
});

describe('delete-after 30d', () => {
  const lifecycle = { leaver: afterDays(30) };

  test('switches off first, and looks again after thirty days', () => {
    expect(decide(leaver('leaver'), linked(true), lifecycle)).toMatchObject({
      action: 'deactivate',
      differences: [{ path: ['active'], before: true, after: false }],
      again: '2026-04-30T12:00:00.000Z',
    });
  });

  test('waits from when access ended', () => {
    expect(decide(leaver('leaver'), linked(false, '2026-03-02T12:00:00.001Z'), lifecycle)).toMatchObject({
      action: 'none',
      reason: 'deleted, already inactive',
      again: '2026-04-01T12:00:00.001Z',
    });
  });

  test('deletes at the end of the last day, not a millisecond before', () => {
    const decided = decide(leaver('leaver'), linked(false, '2026-03-01T12:00:00.000Z'), lifecycle);
    expect(decided).toEqual({
      action: 'delete',
      reason: 'deleted, and the 30 days are over',
      id: 't-1',
    });
  });

  test('counts from now where somebody else has switched it off', () => {
    expect(decide(leaver('leaver'), linked(false), lifecycle)).toMatchObject({
      action: 'none',
      again: '2026-04-30T12:00:00.000Z',
    });
  });

  test('never deletes an account that is active, however long ago access was to end', () => {
    expect(decide(leaver('leaver'), linked(true, '2020-01-01T00:00:00Z'), lifecycle)).toMatchObject({
      action: 'deactivate',
      again: '2026-04-30T12:00:00.000Z',
    });
  });

  test('is forgotten where they are back in time', () => {
    const decided = decide(account(true), linked(false, '2026-03-30T12:00:00Z'), lifecycle);
    expect(decided.action).toBe('reactivate');
    expect(decided).not.toHaveProperty('again');
  });
});

describe('whoever is inactive and in scope', () => {
  test('is deleted, left alone, or switched off and deleted later, as the mapping says', () => {
    expect(decide(account(false), linked(true), { inactive: { kind: 'delete' } }).action).toBe('delete');
    expect(decide(account(false), linked(true), { inactive: { kind: 'leave' } })).toEqual({
      action: 'none',
      reason: 'inactive at the source, and left as it is by the mapping',
    });
    expect(decide(account(false), linked(true), { inactive: afterDays(7) })).toMatchObject({
      action: 'deactivate',
      again: '2026-04-07T12:00:00.000Z',
    });
    expect(
      decide(account(false), linked(false, '2026-03-24T12:00:00Z'), { inactive: afterDays(7) }).action,
    ).toBe('delete');
  });

  test('is switched off first where their account is only found by its names, and deleted after that', () => {
    const decided = decide(account(false), found(true), { inactive: { kind: 'delete' } });
    expect(decided).toMatchObject({ action: 'adopt', again: NOW.toISOString() });
    expect(isRemoval(decided)).toBe(true);
    expect(decide(account(false), found(false), { inactive: { kind: 'delete' } }).action).toBe('none');
  });

  test('gets no account before their time, but where the mapping wants one (O-21 b)', () => {
    expect(decide(account(false), nothing).action).toBe('none');
    const decided = decide(account(false), nothing, { newInactive: 'create' });
    expect(decided).toMatchObject({ action: 'create', user: user(false) });
    expect(isRemoval(decided)).toBe(false);
  });
});

describe('whoever comes back', () => {
  test('gets their access again', () => {
    expect(decide(account(true), linked(false)).action).toBe('reactivate');
  });

  test.each([
    ['linked', linked(false)],
    ['found', found(false)],
  ])('waits for an operator where the mapping wants it, the account being %s', (_how, known) => {
    const decided = decide(account(true), known, { return: 'hold' });
    expect(decided).toEqual({
      action: 'hold',
      reason:
        'they are back, their account is switched off, and lifecycle.return of the mapping is hold. To switch it on, ' +
        'POST /v1/reprovision with "allowReturn": true',
    });
  });

  test('does not wait where the account is active, or not known of', () => {
    expect(decide(account(true), linked(true), { return: 'hold' }).action).toBe('none');
    expect(decide(account(true), nothing, { return: 'hold' }).action).toBe('create');
  });
});

describe('whoever is protected', () => {
  const known = [nothing, found(true), linked(true), linked(false)];

  test('is never written, whatever is known', () => {
    for (const one of known) {
      const decided = decide({ kind: 'protected', reason: 'protected by the group Break glass' }, one);
      expect(decided).toEqual({ action: 'none', reason: 'protected by the group Break glass' });
    }
  });

  test('by the name of the account, without case: neither written, nor made, nor counted', () => {
    const protectedUserNames = new Set(['ada@example.test']);
    for (const one of known) {
      for (const desired of [account(true), account(false), leaver('leaver')]) {
        if (desired.kind === 'leaver' && one.kind === 'nothing') continue;
        const decided = decide(desired, one, { protectedUserNames, leaver: { kind: 'delete' } });
        expect(decided).toEqual({ action: 'none', reason: 'protected by its userName' });
      }
    }
  });

  test('also where the target spells the name otherwise, or has it from before', () => {
    const protectedUserNames = new Set(['root@example.test']);
    const read = { id: 't-1', user: { userName: 'Root@Example.test', active: true } };
    const decided = decide(leaver('leaver'), { ...linked(true), asRead: read }, { protectedUserNames });
    expect(decided.action).toBe('none');
    const remembered = { ...linked(true), shownAs: 'Root@Example.test' };
    expect(decide(leaver('leaver'), remembered, { protectedUserNames }).action).toBe('none');
  });

  test('but a protected name that somebody is given at the source protects nobody', () => {
    const protectedUserNames = new Set(['root@example.test']);
    const called = (active: boolean): Desired => ({
      kind: 'account',
      user: { userName: 'Root@example.test', active },
    });
    const none = { action: 'none', reason: 'protected by its userName' };
    expect(decide(called(false), linked(true), { protectedUserNames })).toMatchObject({
      action: 'deactivate',
      user: { userName: 'ada@example.test', active: false },
    });
    expect(decide(called(false), linked(false), { protectedUserNames }).action).toBe('none');
    for (const one of [nothing, found(true), linked(true), linked(false)])
      expect(decide(called(true), one, { protectedUserNames })).toEqual(none);
  });
});

/** The decision for one group: a cell of the table in each test. */
import { describe, expect, test } from 'vitest';
import type { GroupPolicy } from '../../app/mapping/group/group-mapping.ts';
import { type GroupDesired, type GroupKnown, planGroup } from '../../app/plan/group-plan.ts';

const POLICY: GroupPolicy = { gone: 'leave', protected: new Set(), foreignMembers: 'keep' };
const GONE: GroupDesired = { kind: 'gone', reason: 'gone from the source' };

const wanted = (members: string[], more: { displayName?: string; partial?: boolean } = {}): GroupDesired => ({
  kind: 'group',
  displayName: 'engines',
  partial: false,
  ...more,
  members,
});

const at = (ours: string[], foreign: string[] = [], displayName = 'engines') => ({
  id: 'g-1',
  displayName,
  members: [...ours.map((id) => ({ id, ours: true })), ...foreign.map((id) => ({ id, ours: false }))],
});

const linked = (group: ReturnType<typeof at>, shownAs = 'engines'): GroupKnown => ({
  kind: 'linked',
  group,
  asked: 'engines',
  shownAs,
});
const found = (group: ReturnType<typeof at>, by: 'externalId' | 'displayName'): GroupKnown => ({
  kind: 'found',
  group,
  by,
});

describe('a group that shall be there', () => {
  test('is created where there is none', () => {
    expect(planGroup(wanted(['a']), { kind: 'nothing' }, POLICY)).toEqual({
      action: 'create',
      reason: 'new',
      displayName: 'engines',
      members: ['a'],
    });
  });

  test('is adopted under the name by which it was found, and renamed where it was found by id', () => {
    expect(planGroup(wanted(['a']), found(at(['b'], [], 'ENGINES'), 'displayName'), POLICY)).toEqual({
      action: 'adopt',
      reason: 'found by displayName',
      id: 'g-1',
      add: ['a'],
      remove: ['b'],
      had: 1,
      empties: false,
    });
    const byId = planGroup(wanted(['a']), found(at(['a'], [], 'old'), 'externalId'), POLICY);
    expect(byId).toMatchObject({ action: 'adopt', rename: 'engines', add: [], remove: [] });
  });

  test('is left alone where nothing differs, also under the name that the target has made of ours', () => {
    const none = { action: 'none', reason: 'nothing differs' };
    expect(planGroup(wanted(['a']), linked(at(['a'])), POLICY)).toEqual(none);
    const stored = linked(at(['a'], [], 'PRIMARY/engines'), 'PRIMARY/engines');
    expect(planGroup(wanted(['a']), stored, POLICY)).toEqual(none);
    const byHand = linked(at(['a'], [], 'by hand'));
    expect(planGroup(wanted(['a']), byHand, POLICY)).toMatchObject({ action: 'update', rename: 'engines' });
  });

  test('keeps foreign members, or not, as the mapping says', () => {
    const known = linked(at(['a', 'b'], ['x']));
    expect(planGroup(wanted(['a']), known, POLICY)).toMatchObject({ remove: ['b'] });
    const strict: GroupPolicy = { ...POLICY, foreignMembers: 'remove' };
    expect(planGroup(wanted(['a']), known, strict)).toMatchObject({ remove: ['b', 'x'] });
  });

  test('O-22: of a list that may be incomplete only joins count', () => {
    const decided = planGroup(wanted(['c'], { partial: true }), linked(at(['a', 'b'])), POLICY);
    expect(decided).toMatchObject({ action: 'update', add: ['c'], remove: [], empties: false });
  });

  test('is said to be emptied where nobody of ours is left', () => {
    expect(planGroup(wanted([]), linked(at(['a'], ['x'])), POLICY)).toMatchObject({ empties: true, had: 2 });
  });

  test('waits for an operator where nobody can say which one it is', () => {
    const reason = 'several groups at the target have this displayName';
    const decided = planGroup(wanted([]), { kind: 'ambiguous', reason }, POLICY);
    expect(decided).toEqual({ action: 'hold', reason });
  });
});

describe('a group that shall be there no longer', () => {
  test('is left as it is, or deleted where the mapping says so', () => {
    expect(planGroup(GONE, linked(at(['a'])), POLICY)).toMatchObject({ action: 'none' });
    expect(planGroup(GONE, linked(at(['a'])), { ...POLICY, gone: 'delete' })).toEqual({
      action: 'delete',
      reason: 'gone from the source',
      id: 'g-1',
    });
  });

  test('is not touched where it was never ours', () => {
    const decided = planGroup(GONE, found(at(['a']), 'displayName'), { ...POLICY, gone: 'delete' });
    expect(decided).toMatchObject({ action: 'none' });
  });
});

test('a protected name is never written to, also behind the name of a store', () => {
  const policy: GroupPolicy = { ...POLICY, gone: 'delete', protected: new Set(['engines']) };
  const none = { action: 'none', reason: 'a group of that name is protected' };
  expect(planGroup(wanted(['a']), { kind: 'nothing' }, policy)).toEqual(none);
  expect(planGroup(GONE, linked(at(['a'], [], 'PRIMARY/Engines')), policy)).toEqual(none);
});

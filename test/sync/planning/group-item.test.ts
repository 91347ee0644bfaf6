import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupKey, type StableId } from '../../../app/person/anchor.ts';
import type { GroupPlan } from '../../../app/plan/group-plan.ts';
import { groupEssence } from '../../../app/sync/planning/group-item.ts';

const KEY = groupKey('corp', 'g-1' as StableId);
const essence = (plan: GroupPlan) => groupEssence(KEY, 'crm', plan);
const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));

test('a decision about a group is the same in whatever order its members stand', () => {
  fc.assert(
    fc.property(ids, ids, (add, remove) => {
      const plan = { action: 'update', reason: 'changed', id: 't-1', had: 5, empties: false } as const;
      expect(essence({ ...plan, add, remove })).toBe(
        essence({ ...plan, had: 9, add: add.toReversed(), remove: remove.toReversed(), version: '2' }),
      );
    }),
  );
});

test('another name, another member, another group there, another way: another decision', () => {
  const update = {
    action: 'update',
    reason: '',
    id: 't-1',
    had: 2,
    empties: false,
    add: ['a'],
    remove: ['b'],
  } as const;
  const create = { action: 'create', reason: '', displayName: 'engines', members: ['a'] } as const;
  const all: GroupPlan[] = [
    update,
    { ...update, action: 'adopt' },
    { ...update, id: 't-2' },
    { ...update, add: ['b'], remove: ['a'] },
    { ...update, add: [] },
    { ...update, rename: 'engines' },
    create,
    { ...create, displayName: 'machines' },
    { ...create, externalId: 'e-1' },
    { ...create, members: [] },
    { action: 'delete', reason: '', id: 't-1' },
    { action: 'delete', reason: '', id: 't-2' },
    { action: 'hold', reason: 'two of that name' },
    { action: 'none', reason: '' },
  ];
  expect(new Set(all.map(essence)).size).toBe(all.length);
});

import { describe, expect, test } from 'vitest';
import { createHolds } from '../../app/store/holds.ts';
import { ada, bob, store, useRedis } from './use-redis.ts';

useRedis();

describe('holds', () => {
  test('a released removal is approved until it is carried out', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace', absence: 'missing' }]);
    expect(await holds.heldBy('agileplace', ada)).toBe('run-1');
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
    const held = [{ key: ada, target: 'agileplace', absence: 'missing' }];
    expect(await holds.approve('run-1')).toEqual(held);
    expect(await holds.approve('run-1')).toEqual(held);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBeNull();
    expect(await holds.isApproved('agileplace', ada)).toBe(true);
    await holds.clear('agileplace', ada);
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
  });

  test('a newer run takes over what an older one held', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [{ key: ada, target: 'agileplace' }]);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBe('run-2');
  });

  test('what one run gives up the others keep, and who needs no removal is let go by all', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [{ key: ada, target: 'agileplace', absence: 'missing' }]);
    await holds.drop('run-2', await holds.list('run-2'));
    expect(await holds.heldBy('agileplace', ada)).toBe('run-1');
    await holds.put('run-3', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-3', [{ key: bob, target: 'agileplace' }]);
    expect(await holds.clear('agileplace', ada)).toEqual(['run-1']);
    expect([await holds.size('run-1'), await holds.size('run-3'), await holds.count()]).toEqual([0, 1, 1]);
  });

  test('who came to a run after it was listed is not dropped with it', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    const removals = await holds.approve('run-1');
    await holds.put('run-1', [{ key: bob, target: 'agileplace' }]);
    await holds.drop('run-1', removals);
    expect(await holds.list('run-1')).toEqual([{ key: bob, target: 'agileplace' }]);
    expect(await holds.isApproved('agileplace', bob)).toBe(false);
  });
});

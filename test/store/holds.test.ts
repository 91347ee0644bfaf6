import { describe, expect, test } from 'vitest';
import { createHolds } from '../../app/store/holds.ts';
import { ada, bob, grace, later, store, T0, useRedis } from './use-redis.ts';

useRedis();

describe('holds', () => {
  test('a released removal is approved until it is carried out', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [{ key: ada, target: 'agileplace', absence: 'missing' }]);
    expect(await holds.heldBy('agileplace', ada)).toBe('run-1');
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
    const held = [{ key: ada, target: 'agileplace', absence: 'missing', since: T0.toISOString() }];
    expect(await holds.approve('run-1')).toEqual(held);
    expect(await holds.approve('run-1')).toEqual(held);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBeNull();
    expect(await holds.isApproved('agileplace', ada)).toBe(true);
    await holds.clear('agileplace', ada);
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
  });

  test('a newer run takes over what an older one held', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [{ key: ada, target: 'agileplace' }]);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBe('run-2');
  });

  test('what one run gives up the others keep, and who needs no removal is let go by all', async () => {
    const holds = createHolds(store, () => T0);
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
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    const removals = await holds.approve('run-1');
    await holds.put('run-1', [{ key: bob, target: 'agileplace' }]);
    await holds.drop('run-1', removals);
    expect(await holds.list('run-1')).toEqual([{ key: bob, target: 'agileplace', since: T0.toISOString() }]);
    expect(await holds.isApproved('agileplace', bob)).toBe(false);
  });

  test('whoever a run holds already keeps the time since when', async () => {
    let now = T0;
    const holds = createHolds(store, () => now);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    now = later(60);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    expect(await holds.list('run-1')).toEqual([{ key: ada, target: 'agileplace', since: T0.toISOString() }]);
  });

  test('a rejection lets a person go from every run, stays until it is forgotten, and may be taken back', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [
      { key: ada, target: 'agileplace' },
      { key: bob, target: 'agileplace' },
    ]);
    const rejection = { run: 'run-2', actor: 'ops', at: T0.toISOString(), reason: 'still here' };
    const held = (await holds.list('run-2')).filter(({ key }) => key === ada);
    expect(await holds.reject(held, rejection)).toEqual({ rejected: held, emptied: ['run-1'] });
    // A second one comes too late.
    expect(await holds.reject(held, rejection)).toEqual({ rejected: [], emptied: [] });
    expect(await holds.standings('agileplace', [ada, bob, grace])).toEqual([
      { kind: 'rejected', rejection },
      { kind: 'held', run: 'run-2' },
      { kind: 'free' },
    ]);
    // Everybody whom the run holds is not whoever it held once.
    expect((await holds.approve('run-2')).map(({ key }) => key)).toEqual([bob]);
    expect((await holds.approve('run-2', new Set([ada]))).map(({ key }) => key)).toEqual([ada]);
    expect(await holds.isApproved('agileplace', ada)).toBe(true);
    await holds.clear('agileplace', ada);
    expect(await holds.standings('agileplace', [ada])).toEqual([{ kind: 'free' }]);
  });

  test('who was let go since the run was listed is neither approved nor rejected', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    const held = await holds.list('run-1');
    await holds.clear('agileplace', ada);
    const rejection = { run: 'run-1', actor: 'ops', at: T0.toISOString(), reason: 'no' };
    expect(await holds.reject(held, rejection)).toEqual({ rejected: [], emptied: [] });
    expect(await holds.approve('run-1')).toEqual([]);
    expect(await holds.standings('agileplace', [ada])).toEqual([{ kind: 'free' }]);
  });

  test('what expires is remembered, unless another run holds it or it is an absence', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [
      { key: ada, target: 'agileplace' },
      { key: bob, target: 'agileplace' },
      { key: grace, target: 'agileplace', absence: 'missing' },
    ]);
    await holds.put('run-2', [{ key: bob, target: 'agileplace' }]);
    await holds.expire('run-1', await holds.list('run-1'));
    expect(await holds.standings('agileplace', [ada, bob, grace])).toEqual([
      { kind: 'expired' },
      { kind: 'held', run: 'run-2' },
      { kind: 'free' },
    ]);
  });

  test('are listed by target and person, a page at a time, by run, target and state', async () => {
    const holds = createHolds(store, () => T0);
    await holds.put('run-1', [
      { key: grace, target: 'agileplace' },
      { key: ada, target: 'agileplace' },
      { key: ada, target: 'other' },
    ]);
    await holds.put('run-2', [{ key: bob, target: 'agileplace' }]);
    const rejection = { run: 'run-2', actor: 'ops', at: T0.toISOString(), reason: 'no' };
    await holds.reject(await holds.list('run-2'), rejection);
    const shown = (page: Awaited<ReturnType<typeof holds.page>>) =>
      page.holds.map(({ removal, run, rejection: no }) => [removal.target, removal.key, run, no !== null]);
    const first = await holds.page({}, null, 2);
    expect(shown(first)).toEqual([
      ['agileplace', ada, 'run-1', false],
      ['agileplace', bob, 'run-2', true],
    ]);
    const second = await holds.page({}, first.next, 2);
    expect(shown(second)).toEqual([
      ['agileplace', grace, 'run-1', false],
      ['other', ada, 'run-1', false],
    ]);
    expect(second.next).toBeNull();
    expect(shown(await holds.page({ run: 'run-2' }, null, 10))).toEqual([['agileplace', bob, 'run-2', true]]);
    expect(shown(await holds.page({ target: 'other' }, null, 10))).toHaveLength(1);
    expect(shown(await holds.page({ state: 'waiting' }, null, 10))).toHaveLength(3);
    expect(shown(await holds.page({ state: 'rejected' }, null, 10))).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
import type { Lane } from '../../app/lane.ts';
import { createDueMarks } from '../../app/store/due-marks.ts';
import { ada, grace, later, lease, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

describe('due marks', () => {
  test('a mark that comes during the work outlives it', async () => {
    const due = createDueMarks(store);
    const mine = await lease();
    const first = await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    await due.mark('agileplace', ada, { lane: 'bulk' }, later(1));
    const served = {
      seq: first.seq,
      at: T0.toISOString(),
      state: 'done',
      plan: { action: 'none', reason: '' },
    } as const;
    expect(await due.serve('agileplace', ada, served, mine)).toBe(true);
    expect((await due.get('agileplace', ada))?.seq).toBe(2);
  });

  test('a served mark goes away and its result stays', async () => {
    const due = createDueMarks(store);
    const { seq } = await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    const served = {
      seq,
      at: T0.toISOString(),
      state: 'unchanged',
      plan: { action: 'none', reason: 'x' },
    } as const;
    expect(await due.serve('agileplace', ada, served, await lease())).toBe(false);
    expect(await due.get('agileplace', ada)).toBeNull();
    expect(await due.lastServed('agileplace', ada)).toEqual(served);
  });

  test('wishes add up: fresh stays fresh, the best lane counts, the first time stays', async () => {
    const due = createDueMarks(store);
    const mark = async (lane: Lane, seconds: number) =>
      await due.mark('agileplace', ada, { lane }, later(seconds));
    await due.mark('agileplace', ada, { lane: 'update', fresh: true }, T0);
    const first = { fresh: true, markedAt: T0.toISOString() };
    expect(await mark('bulk', 9)).toEqual({ ...first, seq: 2, lane: 'update' });
    expect(await mark('joiner', 10)).toEqual({ ...first, seq: 3, lane: 'joiner' });
    expect(await mark('manual', 11)).toEqual({ ...first, seq: 4, lane: 'joiner' });
    expect(await mark('leaver', 12)).toEqual({ ...first, seq: 5, lane: 'leaver' });
  });

  test('a mark that has waited long is moved to a better lane, without anything new being due', async () => {
    const due = createDueMarks(store);
    const { seq } = await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    expect(await due.raise('agileplace', ada, 'bulk', 'update', later(600))).toBe(true);
    const raised = { fresh: false, lane: 'update', markedAt: T0.toISOString() };
    const raisedAt = later(600).toISOString();
    expect(await due.get('agileplace', ada)).toEqual({ ...raised, seq, raisedAt });
    expect(await due.mark('agileplace', ada, { lane: 'bulk' }, later(601))).toEqual({
      ...raised,
      seq: seq + 1,
      raisedAt,
    });
  });

  test('a mark that is in another lane by now, or was served, is not moved', async () => {
    const due = createDueMarks(store);
    expect(await due.raise('agileplace', ada, 'bulk', 'update', T0)).toBe(false);
    await due.mark('agileplace', ada, { lane: 'leaver' }, T0);
    expect(await due.raise('agileplace', ada, 'bulk', 'update', later(600))).toBe(false);
    expect((await due.get('agileplace', ada))?.lane).toBe('leaver');
  });

  test('only the holder of the lease may serve', async () => {
    const due = createDueMarks(store);
    const late = await lease();
    await redis.del(store.key('lease', late.name));
    const served = {
      seq: 1,
      at: T0.toISOString(),
      state: 'done',
      plan: { action: 'none', reason: '' },
    } as const;
    await expect(due.serve('agileplace', ada, served, late)).rejects.toBeInstanceOf(LeaseLost);
  });

  test('everybody who is due is found again', async () => {
    const due = createDueMarks(store);
    await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    await due.mark('agileplace', grace, { lane: 'bulk' }, T0);
    const found: string[] = [];
    for await (const batch of due.scan('agileplace')) found.push(...batch.map(({ key }) => key));
    expect(found.sort()).toEqual([ada, grace]);
  });
});

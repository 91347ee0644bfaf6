import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
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

  test('wishes add up: fresh stays fresh, interactive stays interactive, the first time stays', async () => {
    const due = createDueMarks(store);
    await due.mark('agileplace', ada, { lane: 'interactive', fresh: true }, T0);
    expect(await due.mark('agileplace', ada, { lane: 'bulk' }, later(9))).toEqual({
      seq: 2,
      fresh: true,
      lane: 'interactive',
      markedAt: T0.toISOString(),
    });
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

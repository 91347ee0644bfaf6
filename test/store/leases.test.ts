import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
import { createLeases } from '../../app/store/leases.ts';
import { redis, store, useRedis } from './use-redis.ts';

useRedis();

describe('a lease', () => {
  test('has one holder at a time, and passes on after it is released', async () => {
    const leases = createLeases(store);
    const first = await leases.acquire('x', 60_000);
    expect(await leases.acquire('x', 60_000)).toBeNull();
    if (first !== null) await leases.release(first);
    const second = await leases.acquire('x', 60_000);
    expect(second?.fence).toBe((first?.fence ?? 0) + 1);
  });

  test('passes on when its holder died, and the late holder is told', async () => {
    const leases = createLeases(store);
    const dead = await leases.acquire('x', 60_000);
    await redis.del(store.key('lease', 'x'));
    await leases.acquire('x', 60_000);
    if (dead === null) throw new Error('not acquired');
    await expect(leases.renew(dead, 60_000)).rejects.toBeInstanceOf(LeaseLost);
  });

  test('a late holder cannot release what is another’s now', async () => {
    const leases = createLeases(store);
    const dead = await leases.acquire('x', 60_000);
    await redis.del(store.key('lease', 'x'));
    await leases.acquire('x', 60_000);
    if (dead !== null) await leases.release(dead);
    expect(await leases.acquire('x', 60_000)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { createTallies } from '../../app/store/tallies.ts';
import { ada, grace, later, store, T0, useRedis } from './use-redis.ts';

useRedis();

describe('tallies', () => {
  test('admit up to the limit, count a person once, and forget after the window', async () => {
    const tallies = createTallies(store);
    const hour = 3_600_000;
    expect(await tallies.admit('removals', ada, 1, hour, T0)).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', ada, 1, hour, later(1))).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', grace, 1, hour, later(2))).toEqual({ admitted: false, count: 1 });
    expect(await tallies.admit('removals', grace, 1, hour, later(3_601))).toEqual({
      admitted: true,
      count: 1,
    });
  });
});

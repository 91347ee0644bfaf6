import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createTallies } from '../../app/store/tallies.ts';
import { ada, bob, grace, later, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

const HOUR = 3_600_000;
const WINDOW_S = 60;

describe('tallies', () => {
  test('admit up to the limit, count a person once, and forget after the window', async () => {
    const tallies = createTallies(store);
    expect(await tallies.admit('removals', ada, 1, HOUR, T0)).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', ada, 1, HOUR, later(1))).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', grace, 1, HOUR, later(2))).toEqual({ admitted: false, count: 1 });
    expect(await tallies.admit('removals', grace, 1, HOUR, later(3_601))).toEqual({
      admitted: true,
      count: 1,
    });
  });

  test('count a person from the last time on', async () => {
    const tallies = createTallies(store);
    await tallies.admit('removals', ada, 1, HOUR, T0);
    await tallies.admit('removals', ada, 1, HOUR, later(3_000));
    expect(await tallies.admit('removals', bob, 1, HOUR, later(3_601))).toMatchObject({ admitted: false });
  });

  test('admit all who are asked for together, or nobody', async () => {
    const tallies = createTallies(store);
    const wish = (...keys: PersonKey[]) => [{ part: null, keys, limit: 2 }];
    expect(await tallies.admitAll('removals', wish(ada, bob, grace), HOUR, T0)).toEqual({
      admitted: false,
      count: 0,
      limit: 2,
      part: null,
    });
    expect(await tallies.admitAll('removals', wish(ada, bob), HOUR, T0)).toEqual({
      admitted: true,
      count: 2,
    });
    expect(await tallies.admitAll('removals', wish(grace), HOUR, T0)).toMatchObject({
      count: 2,
      admitted: false,
    });
    expect(await tallies.admitAll('removals', wish(bob, ada), HOUR, T0)).toEqual({
      admitted: true,
      count: 2,
    });
  });

  test('say which part refuses; then nobody has a place anywhere, and a part is cleared with its tally', async () => {
    const tallies = createTallies(store);
    const wishes = (...keys: PersonKey[]) => [
      { part: null, keys, limit: 10 },
      { part: 'sales', keys, limit: 1 },
    ];
    expect(await tallies.admitAll('removals', wishes(ada, bob), HOUR, T0)).toMatchObject({
      part: 'sales',
      count: 0,
    });
    expect(await tallies.admitAll('removals', wishes(ada), HOUR, T0)).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admitAll('removals', wishes(bob), HOUR, T0)).toEqual({
      admitted: false,
      count: 1,
      limit: 1,
      part: 'sales',
    });
    await tallies.clear('removals');
    expect(await tallies.admitAll('removals', wishes(bob), HOUR, T0)).toEqual({ admitted: true, count: 1 });
  });

  test('never admit more people in any window than the limit, whatever the order and the process', async () => {
    const others = [redis, connect(redisUrl()), connect(redisUrl())];
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 40 }),
      together: fc.array(
        fc.record({ process: fc.nat(2), people: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 4 }) }),
        { minLength: 1, maxLength: 4 },
      ),
    });
    const steps = fc.array(step, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6 }), steps, async (limit, course) => {
        await redis.flushall();
        const tallies = others.map((connection) => createTallies(createStore(connection, 'landbridge')));
        const admitted: { at: number; person: number }[] = [];
        let now = 0;
        for (const { wait, together } of course) {
          now += wait;
          const at = now;
          await Promise.all(
            together.map(async ({ process, people }) => {
              const keys = people.map((person) => `corp:p${person}` as PersonKey);
              const wish = { part: null, keys, limit };
              const answer = await tallies[process]?.admitAll(
                'removals',
                [wish],
                WINDOW_S * 1_000,
                new Date(at * 1_000),
              );
              if (answer?.admitted === true) admitted.push(...people.map((person) => ({ at, person })));
            }),
          );
        }
        for (const { at } of admitted) {
          const within = admitted.filter((other) => other.at >= at && other.at - at < WINDOW_S);
          expect(new Set(within.map(({ person }) => person)).size).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 40 },
    );
    for (const connection of others.slice(1)) connection.disconnect();
  });
});

function redisUrl(): string {
  return `redis://127.0.0.1:${redis.options.port}`;
}

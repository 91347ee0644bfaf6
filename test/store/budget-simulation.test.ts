import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBudgets } from '../../app/store/budgets.ts';
import { type Circumstances, type Course, simulate } from './simulated-service.ts';
import { redis, store, useRedis } from './use-redis.ts';

useRedis();

async function course(of: Circumstances): Promise<Course> {
  await redis.flushall();
  let now = 0;
  const clock = { set: (ms: number) => (now = ms) };
  const budgets = createBudgets(store, () => new Date(now));
  return await simulate(of, clock, budgets);
}

/** Windows in which there is time enough to use every point. */
const quiet = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.constantFrom(1_000, 5_000, 60_000),
  clients: fc.integer({ min: 1, max: 9 }),
  latencyMs: fc.integer({ min: 1, max: 10 }),
  lost: fc.constant(0),
  dies: fc.constant(0),
  others: fc.constant(0),
  reset: fc.constantFrom<Circumstances['reset']>('exact', 'rounded up', 'seconds left'),
  windows: fc.constant(4),
  seed: fc.nat(),
});

const anything = fc.record({
  // Enough for the first requests of a window to get no answer a few times in a row: then nothing is known.
  limit: fc.integer({ min: 12, max: 60 }),
  windowMs: fc.constantFrom(1_000, 5_000, 60_000),
  clients: fc.integer({ min: 1, max: 12 }),
  latencyMs: fc.integer({ min: 1, max: 900 }),
  lost: fc.constantFrom(0, 0.05, 0.2),
  dies: fc.constantFrom(0, 0.05),
  others: fc.constant(0),
  reset: fc.constantFrom<Circumstances['reset']>('exact', 'rounded up', 'seconds left'),
  windows: fc.constant(3),
  seed: fc.nat(),
});

const RUNS = { numRuns: 25 };

describe('over any interleaving of processes that share a credential', () => {
  test('never more is sent than the target grants, whatever is slow, lost or dies', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (of) => {
        expect((await course(of)).refused).toBe(0);
      }),
      RUNS,
    );
  });

  test('every point of every window is used, bulk work’s reserve, too', async () => {
    await fc.assert(
      fc.asyncProperty(quiet, async (of) => {
        const { used, refused } = await course(of);
        expect({ used, refused }).toEqual({ used: Array(of.windows).fill(of.limit), refused: 0 });
      }),
      RUNS,
    );
  });

  const sum = (points: readonly number[]) => points.reduce((a, b) => a + b, 0);

  test('an answer that is lost costs one point at most', async () => {
    await fc.assert(
      fc.asyncProperty(quiet, fc.constantFrom(0.05, 0.2), async (of, lost) => {
        const { used, unanswered } = await course({ ...of, lost });
        expect(sum(used)).toBeGreaterThanOrEqual(sum(used.map(() => of.limit)) - unanswered);
      }),
      RUNS,
    );
  });

  test('and so does a process that dies, where a window is longer than its requests may take', async () => {
    await fc.assert(
      fc.asyncProperty(quiet, async (of) => {
        const { used, unanswered } = await course({ ...of, windowMs: 60_000, dies: 0.05 });
        expect(sum(used)).toBeGreaterThanOrEqual(sum(used.map(() => of.limit)) - unanswered);
      }),
      RUNS,
    );
  });

  test('where others spend with the same credential, no more is refused than they took', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.integer({ min: 1, max: 20 }), async (of, others) => {
        const { refused, othersSpent } = await course({ ...of, others, lost: 0, dies: 0 });
        expect(refused).toBeLessThanOrEqual(othersSpent);
      }),
      RUNS,
    );
  });

  test('a target that tells the end of its windows too early refuses a few at first, and then no more', async () => {
    await fc.assert(
      fc.asyncProperty(quiet, async (of) => {
        const { refused } = await course({ ...of, reset: 'rounded down', windows: 12 });
        expect(refused).toBeLessThanOrEqual(3);
      }),
      { numRuns: 15 },
    );
  });
});

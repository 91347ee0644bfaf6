import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { createBell } from '../../app/queue/bell.ts';
import { createQueues, type Queues } from '../../app/queue/queues.ts';
import { createReconcileRequests } from '../../app/queue/reconcile-requests.ts';
import { connect } from '../../app/store/connection.ts';
import type { Bell } from '../../app/store/ports/index.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { startTargetWorkers, type TargetWorkers } from '../../workers/target-workers.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const ADA = 'corp:a1' as PersonKey;
const GRACE = 'corp:g1' as PersonKey;
const done: Outcome = { kind: 'done', plan: { action: 'none', reason: '' }, moreDue: false };
const soon = (milliseconds: number) => new Date(Date.now() + milliseconds);
const patience = { timeout: 20_000 };

let server: TestRedis;
let redis: Redis;
let queues: Queues;
let bell: Bell;
let started: TargetWorkers[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = connect(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  queues = createQueues(redis, 'landbridge', ['agileplace', 'slack'], [], () => {});
  bell = createBell(queues, 3);
});
afterEach(async () => {
  await Promise.all(started.flatMap(({ workers }) => workers).map((worker) => worker.close()));
  started = [];
  await queues.close();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type Seen = {
  readonly target: string;
  readonly key: string;
  readonly attemptsMade: number;
  readonly at: number;
};

/** The workers of a target, whose work ends as the test says. */
function startWorkers(
  target: string,
  seen: Seen[],
  work: (count: number, key: string) => Outcome | Promise<Outcome>,
): TargetWorkers {
  const options = {
    target,
    redis,
    prefix: queues.prefix,
    atOnce: 1,
    leaseMs: 30_000,
    backoff: { baseMs: 20, longestMs: 50 },
    log: pino({ level: 'silent' }),
  };
  const pair = startTargetWorkers(options, async ({ data, attemptsMade }) => {
    seen.push({ target, key: data.key, attemptsMade, at: Date.now() });
    return await work(seen.filter((one) => one.target === target).length, data.key);
  });
  started.push(pair);
  return pair;
}

const queueOf = (target: string) => queues.ofLane(target, 'update');
const keysOf = (seen: readonly Seen[]) => seen.map(({ key }) => key);

describe('the bell', () => {
  test('rung a thousand times for one person before a worker comes, is one job (O-28 g)', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => bell.ring('agileplace', ADA, 'leaver')));
    expect(await queueOf('agileplace').getJobCounts('waiting', 'delayed', 'active')).toEqual({
      waiting: 1,
      delayed: 0,
      active: 0,
    });
  });

  test('rung while the person is being written, leads to exactly one more run (O-28 d)', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, async (count) => {
      if (count === 1) for (let n = 0; n < 5; n += 1) await bell.ring('agileplace', ADA, 'update');
      return done;
    });
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 2);
    await vi.waitUntil(async () => (await queueOf('agileplace').getActiveCount()) === 0);
    expect(await queueOf('agileplace').getPrioritizedCount()).toBe(0);
    expect(seen).toHaveLength(2);
  });

  test('rung an hour after a job that ended and is still kept, is a real run (O-28 a)', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, () => done);
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(async () => (await queueOf('agileplace').getCompletedCount()) === 1);
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(async () => (await queueOf('agileplace').getCompletedCount()) === 2);
    expect(seen).toHaveLength(2);
  });

  test.each(['leaver', 'joiner', 'manual', 'update'] as const)(
    'rung as %s for somebody whose next attempt is far off, brings it forward; a reminder does not',
    async (lane) => {
      const seen: Seen[] = [];
      startWorkers('agileplace', seen, (count) =>
        count === 1 ? { kind: 'busy', until: soon(600_000) } : done,
      );
      await bell.ring('agileplace', ADA, lane);
      await vi.waitUntil(async () => (await queueOf('agileplace').getDelayedCount()) === 1);
      await bell.remind('agileplace', ADA, lane);
      expect(await queueOf('agileplace').getDelayedCount()).toBe(1);
      await bell.ring('agileplace', ADA, lane);
      await vi.waitUntil(() => seen.length === 2, patience);
    },
  );

  test('rung in bulk, leaves an attempt that was put off where it is; a better lane goes at once', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (count) =>
      count === 1 ? { kind: 'busy', until: soon(600_000) } : done,
    );
    const bulk = queues.ofLane('agileplace', 'bulk');
    await bell.ring('agileplace', ADA, 'bulk');
    await vi.waitUntil(async () => (await bulk.getDelayedCount()) === 1);
    await bell.ring('agileplace', ADA, 'bulk');
    expect(await bulk.getDelayedCount()).toBe(1);
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 2, patience);
  });

  test('tells who only waits for their turn from who waits for a next attempt, or for nothing', async () => {
    const waits = () => bell.waitsForTurn('agileplace', ADA, 'bulk');
    expect(await waits()).toBe(false);
    await bell.ring('agileplace', ADA, 'bulk');
    expect(await waits()).toBe(true);
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, () => ({ kind: 'busy', until: soon(600_000) }));
    await vi.waitUntil(async () => (await queues.ofLane('agileplace', 'bulk').getDelayedCount()) === 1);
    expect(await waits()).toBe(false);
  });
});

describe('the lanes of a target', () => {
  test('are served leaver, joiner, manual, update, whatever the order they came in', async () => {
    for (const lane of ['update', 'manual', 'joiner', 'leaver'] as const) {
      await bell.ring('agileplace', `corp:${lane}1` as PersonKey, lane);
      await bell.ring('agileplace', `corp:${lane}2` as PersonKey, lane);
    }
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, () => done);
    await vi.waitUntil(() => seen.length === 8, patience);
    expect(keysOf(seen)).toEqual([
      'corp:leaver1',
      'corp:leaver2',
      'corp:joiner1',
      'corp:joiner2',
      'corp:manual1',
      'corp:manual2',
      'corp:update1',
      'corp:update2',
    ]);
  });

  test('a bulk load keeps nobody in a better lane waiting', async () => {
    for (let n = 0; n < 50; n += 1) await bell.ring('agileplace', `corp:p${n}` as PersonKey, 'bulk');
    await bell.ring('agileplace', ADA, 'leaver');
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, () => done);
    await vi.waitUntil(() => seen.length === 51, patience);
    expect(keysOf(seen).slice(0, 2)).toContain(ADA);
  });

  test('somebody in a hurry is heard at once while bulk work waits for the next window', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (_, key) =>
      key === ADA ? done : { kind: 'limited', until: soon(20_000) },
    );
    for (let n = 0; n < 5; n += 1) await bell.ring('agileplace', `corp:p${n}` as PersonKey, 'bulk');
    await vi.waitUntil(() => seen.length === 1);
    await vi.waitUntil(async () => (await queues.ofLane('agileplace', 'bulk').getActiveCount()) === 0);
    await bell.ring('agileplace', ADA, 'leaver');
    await vi.waitUntil(() => keysOf(seen).includes(ADA), patience);
    // Bulk work has not been looked at again meanwhile: it is parked, not tried over and over.
    expect(keysOf(seen)).toEqual(['corp:p0', ADA]);
  });

  test('thousands that wait for the next window cost a few jobs when it comes, not one each', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, () => ({ kind: 'limited', until: soon(100) }));
    const keys = Array.from({ length: 2_000 }, (_, n) => `corp:p${n}` as PersonKey);
    await Promise.all(keys.map((key) => bell.ring('agileplace', key, 'bulk')));
    await vi.waitUntil(() => seen.length >= 5, patience);
    // Over five windows at least only the first in the queue was looked at.
    expect([...new Set(keysOf(seen))]).toEqual(['corp:p0']);
    expect(seen.every(({ attemptsMade }) => attemptsMade === 0)).toBe(true);
  });
});

describe('a target that goes on', () => {
  test('lets those who stood aside begin at once, in the order of their lanes', async () => {
    const seen: Seen[] = [];
    const people = ['update', 'bulk', 'leaver', 'manual', 'joiner'] as const;
    const aside = soon(600_000);
    const pair = startWorkers('agileplace', seen, (count) =>
      count <= people.length
        ? { kind: 'paused', until: aside, reason: 'down', standsAsideUntil: aside }
        : done,
    );
    for (const lane of people) await bell.ring('agileplace', `corp:${lane}` as PersonKey, lane);
    const delayed = async () => {
      const counts = await Promise.all(queues.ofTarget('agileplace').map((queue) => queue.getDelayedCount()));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    await vi.waitUntil(async () => (await delayed()) === people.length, patience);
    pair.parking.parkAll(soon(600_000));
    await bell.unpark('agileplace');
    expect(await delayed()).toBe(0);
    pair.parking.open();
    await vi.waitUntil(() => seen.length === 2 * people.length, patience);
    expect(keysOf(seen).slice(people.length)).toEqual([
      'corp:leaver',
      'corp:joiner',
      'corp:manual',
      'corp:update',
      'corp:bulk',
    ]);
    expect(seen.every(({ attemptsMade }) => attemptsMade === 0)).toBe(true);
  });

  test('leaves those waiting whose own attempt failed', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (_, key) =>
      key === ADA
        ? { kind: 'retry', reason: 'POST: answered 500', notBefore: null }
        : { kind: 'paused', until: soon(600_000), reason: 'down', standsAsideUntil: soon(600_000) },
    );
    const queue = queueOf('agileplace');
    await queue.pause();
    const job = await queue.add('provision', { key: ADA }, { attempts: 9, backoff: 600_000 });
    await bell.ring('agileplace', GRACE, 'update');
    await queue.resume();
    await vi.waitUntil(async () => (await queue.getDelayedCount()) === 2, patience);
    await queue.pause();
    await bell.unpark('agileplace');
    expect(await queue.getDelayedCount()).toBe(1);
    expect(await job.isDelayed()).toBe(true);
  });

  test('is found well by one process, and heard of by the others soon', async () => {
    const seen: Seen[] = [];
    let well = false;
    const paused = (): Outcome => ({ kind: 'paused', until: soon(60_000), reason: 'down' });
    startWorkers('agileplace', seen, () => (well ? done : paused()));
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 1);
    well = true;
    await vi.waitUntil(() => seen.length === 2, patience);
    expect(seen[1]?.attemptsMade).toBe(0);
  });
});

describe('a comparison of everybody that is asked for', () => {
  test('waits once, however often it is asked for; every caller is told of the one that waits', async () => {
    const ask = createReconcileRequests(queues);
    expect(await ask('agileplace', 'run-1')).toBe('run-1');
    expect(await ask('agileplace', 'run-2')).toBe('run-1');
    expect(await ask('slack', 'run-3')).toBe('run-3');
    expect(await queues.reconcileOf('agileplace').getWaitingCount()).toBe(1);
  });
});

describe('how the work ended', () => {
  test('limited: costs no attempt, the target waits and goes on in the order of the lanes, others go on', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (count) => (count === 1 ? { kind: 'limited', until: soon(400) } : done));
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 1);
    await vi.waitUntil(async () => (await queueOf('agileplace').getActiveCount()) === 0);
    await bell.ring('agileplace', GRACE, 'leaver');
    startWorkers('slack', seen, () => done);
    await bell.ring('slack', ADA, 'update');
    await vi.waitUntil(() => seen.length === 4, patience);
    expect(seen.map(({ target }) => target)).toEqual(['agileplace', 'slack', 'agileplace', 'agileplace']);
    expect(keysOf(seen)).toEqual([ADA, ADA, GRACE, ADA]);
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0, 0, 0]);
    expect((seen[2]?.at ?? 0) - (seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(300);
  });

  test('paused: costs no attempt, parks all lanes, and the word that the target is well ends it', async () => {
    const seen: Seen[] = [];
    const pair = startWorkers('agileplace', seen, (count) =>
      count === 1 ? { kind: 'paused', until: soon(30_000), reason: 'unauthorized' } : done,
    );
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 1);
    await vi.waitUntil(async () => (await queueOf('agileplace').getActiveCount()) === 0);
    await bell.ring('agileplace', 'corp:b1' as PersonKey, 'bulk');
    await bell.ring('agileplace', GRACE, 'leaver');
    pair.parking.open();
    await vi.waitUntil(() => seen.length === 4, patience);
    expect(keysOf(seen)).toEqual([ADA, GRACE, ADA, 'corp:b1']);
    expect(seen.every(({ attemptsMade }) => attemptsMade === 0)).toBe(true);
  });

  test('paused by their own failure: costs no attempt, and others are the next to be tried', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (count) =>
      count === 1 ? { kind: 'paused', until: soon(200), reason: 'down', standsAsideUntil: soon(600) } : done,
    );
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 1);
    await bell.ring('agileplace', 'corp:b1' as PersonKey, 'bulk');
    await vi.waitUntil(() => seen.length === 3, patience);
    expect(keysOf(seen)).toEqual([ADA, 'corp:b1', ADA]);
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0, 0]);
  });

  test('busy: costs no attempt, and is looked at again soon', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (count) => (count < 6 ? { kind: 'busy', until: soon(20) } : done));
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 6, patience);
    expect(seen.every(({ attemptsMade }) => attemptsMade === 0)).toBe(true);
  });

  test('retry: costs an attempt, and is told apart from a surprise by nothing but its reason', async () => {
    const seen: Seen[] = [];
    startWorkers('agileplace', seen, (count) =>
      count < 3 ? { kind: 'retry', reason: 'PATCH: answered 500', notBefore: null } : done,
    );
    await bell.ring('agileplace', ADA, 'update');
    await vi.waitUntil(() => seen.length === 3, patience);
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 1, 2]);
  });
});

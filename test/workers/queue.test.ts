import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { createBell } from '../../app/queue/bell.ts';
import { createQueues, type ProvisionJob, type Queues, targetQueueName } from '../../app/queue/queues.ts';
import { createReconcileRequests } from '../../app/queue/reconcile-requests.ts';
import { connect } from '../../app/store/connection.ts';
import type { Bell } from '../../app/store/ports/index.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { backoffStrategy, tellQueue } from '../../workers/outcome.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const ADA = 'corp:a1' as PersonKey;
const done: Outcome = { kind: 'done', plan: { action: 'none', reason: '' }, moreDue: false };
const soon = (milliseconds: number) => new Date(Date.now() + milliseconds);

let server: TestRedis;
let redis: Redis;
let queues: Queues;
let bell: Bell;
let workers: Worker[] = [];

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
  await Promise.all(workers.map((worker) => worker.close()));
  workers = [];
  await queues.close();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type Seen = { readonly target: string; readonly key: string; readonly attemptsMade: number };

/** A worker whose work ends as the test says. */
function startWorker(
  target: string,
  seen: Seen[],
  work: (count: number) => Outcome | Promise<Outcome>,
): void {
  const queue = queues.ofTarget(target);
  const worker = new Worker<ProvisionJob, string>(
    targetQueueName(target),
    async (job, token) => {
      seen.push({ target, key: job.data.key, attemptsMade: job.attemptsMade });
      const outcome = await work(seen.filter((one) => one.target === target).length);
      return await tellQueue(outcome, job, token, queue);
    },
    {
      connection: redis,
      prefix: queues.prefix,
      settings: { backoffStrategy: backoffStrategy({ baseMs: 20, longestMs: 50 }) },
    },
  );
  workers.push(worker);
}

describe('the bell', () => {
  test('rung a thousand times for one person before a worker comes, is one job (O-28 g)', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => bell.ring('agileplace', ADA, 'interactive')));
    expect(await queues.ofTarget('agileplace').getJobCounts('waiting', 'delayed', 'active')).toEqual({
      waiting: 1,
      delayed: 0,
      active: 0,
    });
  });

  test('rung while the person is being written, leads to exactly one more run (O-28 d)', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, async (count) => {
      if (count === 1) for (let n = 0; n < 5; n += 1) await bell.ring('agileplace', ADA, 'interactive');
      return done;
    });
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 2);
    await vi.waitUntil(async () => (await queues.ofTarget('agileplace').getActiveCount()) === 0);
    expect(await queues.ofTarget('agileplace').getWaitingCount()).toBe(0);
    expect(seen).toHaveLength(2);
  });

  test('rung an hour after a job that ended and is still kept, is a real run (O-28 a)', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, () => done);
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(async () => (await queues.ofTarget('agileplace').getCompletedCount()) === 1);
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(async () => (await queues.ofTarget('agileplace').getCompletedCount()) === 2);
    expect(seen).toHaveLength(2);
  });

  test('rung in a hurry for somebody whose next attempt is far off, brings it forward; a reminder does not', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) => (count === 1 ? { kind: 'busy', until: soon(600_000) } : done));
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(async () => (await queues.ofTarget('agileplace').getDelayedCount()) === 1);
    await bell.remind('agileplace', ADA, 'interactive');
    expect(await queues.ofTarget('agileplace').getDelayedCount()).toBe(1);
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 2, { timeout: 20_000 });
  });

  test('rung for somebody in a hurry, is heard before a bulk load', async () => {
    for (let n = 0; n < 50; n += 1) await bell.ring('agileplace', `corp:p${n}` as PersonKey, 'bulk');
    await bell.ring('agileplace', ADA, 'interactive');
    const seen: Seen[] = [];
    startWorker('agileplace', seen, () => done);
    await vi.waitUntil(() => seen.length === 51);
    expect(seen[0]?.key).toBe(ADA);
  });
});

describe('a target that goes on', () => {
  test('lets those whose attempts were put off begin at once, and still hears who is in a hurry first', async () => {
    const queue = queues.ofTarget('agileplace');
    for (let n = 0; n < 5; n += 1) {
      await bell.ring('agileplace', `corp:p${n}` as PersonKey, 'bulk');
    }
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) => (count <= 5 ? { kind: 'busy', until: soon(600_000) } : done));
    await vi.waitUntil(async () => (await queue.getDelayedCount()) === 5);
    await queue.pause();
    await bell.unpark('agileplace');
    expect(await queue.getDelayedCount()).toBe(0);
    await bell.ring('agileplace', ADA, 'interactive');
    await queue.resume();
    await vi.waitUntil(() => seen.length === 11, { timeout: 20_000 });
    expect(seen[5]?.key).toBe(ADA);
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
  test('limited: costs no attempt, the target waits, others go on', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) => (count === 1 ? { kind: 'limited', until: soon(400) } : done));
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 1);
    const parkedAt = Date.now();
    await bell.ring('agileplace', 'corp:b1' as PersonKey, 'interactive');
    startWorker('slack', seen, () => done);
    await bell.ring('slack', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 4, { timeout: 5_000 });
    expect(seen.map(({ target }) => target)).toEqual(['agileplace', 'slack', 'agileplace', 'agileplace']);
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0, 0, 0]);
    expect(Date.now() - parkedAt).toBeGreaterThanOrEqual(300);
  });

  test('paused: costs no attempt, and is looked at again soon though the pause was to be long', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) =>
      count === 1 ? { kind: 'paused', until: soon(30_000), reason: 'unauthorized' } : done,
    );
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(async () => (await queues.ofTarget('agileplace').getRateLimitTtl()) > 0);
    expect(await queues.ofTarget('agileplace').getRateLimitTtl()).toBeLessThanOrEqual(5_000);
    await bell.unpark('agileplace');
    expect(await queues.ofTarget('agileplace').getRateLimitTtl()).toBeLessThanOrEqual(0);
    await vi.waitUntil(() => seen.length === 2, { timeout: 20_000 });
    expect(seen[1]?.attemptsMade).toBe(0);
  });

  test('bulk work that has to wait for the next window does not keep anybody in a hurry waiting for it', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) =>
      count === 2 ? done : { kind: 'limited', until: soon(60_000) },
    );
    await bell.ring('agileplace', 'corp:b1' as PersonKey, 'bulk');
    await vi.waitUntil(() => seen.length === 1);
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length >= 2, { timeout: 20_000 });
    expect(seen[1]?.key).toBe(ADA);
  });

  test('paused by their own failure: costs no attempt, and others are the next to be tried', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) =>
      count === 1 ? { kind: 'paused', until: soon(200), reason: 'down', standsAsideUntil: soon(600) } : done,
    );
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 1);
    await bell.ring('agileplace', 'corp:b1' as PersonKey, 'bulk');
    await vi.waitUntil(() => seen.length === 3, { timeout: 20_000 });
    expect(seen.map(({ key }) => key)).toEqual([ADA, 'corp:b1', ADA]);
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 0, 0]);
  });

  test('busy: costs no attempt, and is looked at again soon', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) => (count < 6 ? { kind: 'busy', until: soon(20) } : done));
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 6, { timeout: 5_000 });
    expect(seen.every(({ attemptsMade }) => attemptsMade === 0)).toBe(true);
  });

  test('retry: costs an attempt, and is told apart from a surprise by nothing but its reason', async () => {
    const seen: Seen[] = [];
    startWorker('agileplace', seen, (count) =>
      count < 3 ? { kind: 'retry', reason: 'PATCH: answered 500', notBefore: null } : done,
    );
    await bell.ring('agileplace', ADA, 'interactive');
    await vi.waitUntil(() => seen.length === 3, { timeout: 5_000 });
    expect(seen.map(({ attemptsMade }) => attemptsMade)).toEqual([0, 1, 2]);
  });
});

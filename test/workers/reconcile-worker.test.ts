import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createQueues } from '../../app/queue/queues.ts';
import { createLogger } from '../../app/signals/log.ts';
import { startReconcileWorker } from '../../workers/reconcile-worker.ts';
import { type Rig, startRig } from '../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.stop();
});

test('a comparison that finds the lease of a dead worker waits for it, and is one run all the time', async () => {
  const { reading, redis, target, stores } = rig;
  const queues = createQueues(redis, 'landbridge', ['agileplace'], [], () => {});
  const queue = queues.reconcileOf('agileplace');
  await stores.leases.acquire('reconcile:agileplace', 1_500);
  // As the schedule adds it, which does not say which run it is.
  const { id = '' } = await queue.add('reconcile', {});
  const log = createLogger({ level: 'error', name: 'worker' });
  const reconciling = { ...reading, sleep: async () => {} };
  const context = { reading, reconciling, redis, queues, log, target: () => target };
  const worker = startReconcileWorker('agileplace', context, new AbortController().signal);
  try {
    await vi.waitUntil(async () => (await queue.getDelayedCount()) === 1, { timeout: 15_000 });
    const run = (await queue.getJob(id))?.data.run ?? '';
    await vi.waitUntil(async () => (await stores.runs.get(run))?.state === 'ok', { timeout: 15_000 });
    expect(await stores.runs.list({ kind: 'reconcile', limit: 10 })).toHaveLength(1);
  } finally {
    await worker.close();
    await queues.close();
  }
});

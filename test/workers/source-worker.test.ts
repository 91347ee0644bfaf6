import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createQueues } from '../../app/queue/queues.ts';
import { createLogger } from '../../app/signals/log.ts';
import { startSourceWorker } from '../../workers/source-worker.ts';
import { type Rig, startRig } from '../support/rig.ts';
import { scriptedSource } from '../support/scripted-source.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.stop();
});

test('a sweep that finds the lease of a dead reader is made when that has run out, not a period later', async () => {
  const { reading, redis } = rig;
  const queues = createQueues(redis, 'landbridge', [], ['corp'], () => {});
  const source = scriptedSource();
  await rig.stores.leases.acquire('read:corp', 1_500);
  const every = { every: 3_600_000 };
  await queues
    .ofSource('corp')
    .upsertJobScheduler('sweep', every, { name: 'sweep', data: { kind: 'sweep' } });
  const context = { reading, redis, queues, log: createLogger({ level: 'error', name: 'worker' }) };
  const worker = startSourceWorker(source, context, new AbortController().signal);
  await vi.waitUntil(() => source.asked.length > 0, { timeout: 15_000 });
  expect(source.asked).toEqual([null]);
  await worker.close();
  await queues.close();
});

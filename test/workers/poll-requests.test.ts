import { expect, test, vi } from 'vitest';
import { createPollRequests } from '../../app/queue/poll-requests.ts';
import { createQueues } from '../../app/queue/queues.ts';
import { createLogger } from '../../app/signals/log.ts';
import type { Source } from '../../app/sources/source.ts';
import { startSourceWorker } from '../../workers/source-worker.ts';
import { startRig } from '../support/rig.ts';
import { scriptedSource } from '../support/scripted-source.ts';

const patience = { timeout: 20_000, interval: 20 };

test('however often a poll is asked for, one waits; what comes while one runs becomes one more', async () => {
  const rig = await startRig();
  const { redis, reading } = rig;
  const queues = createQueues(redis, 'landbridge', [], ['corp'], () => {});
  const source = scriptedSource();
  const gates: (() => void)[] = [];
  const slow: Source = {
    ...source,
    async *read(wish, signal) {
      await new Promise<void>((resolve) => gates.push(resolve));
      yield* source.read(wish, signal);
    },
  };
  const requestPoll = createPollRequests(queues);
  for (let n = 0; n < 5; n += 1) await requestPoll('corp');
  expect(await queues.ofSource('corp').getJobCounts('waiting', 'delayed')).toEqual({
    waiting: 1,
    delayed: 0,
  });
  const log = createLogger({ level: 'error', name: 'worker' });
  const context = { reading, redis, queues, log };
  const worker = startSourceWorker(slow, context, new AbortController().signal);
  await vi.waitUntil(() => gates.length === 1, patience);
  for (let n = 0; n < 5; n += 1) await requestPoll('corp');
  gates[0]?.();
  await vi.waitUntil(() => gates.length === 2, patience);
  gates[1]?.();
  await vi.waitUntil(async () => (await queues.ofSource('corp').getActiveCount()) === 0, patience);
  expect(gates).toHaveLength(2);
  expect(await queues.ofSource('corp').getJobCounts('waiting', 'delayed', 'active')).toEqual({
    waiting: 0,
    delayed: 0,
    active: 0,
  });
  await worker.close();
  await queues.close();
  await rig.stop();
});

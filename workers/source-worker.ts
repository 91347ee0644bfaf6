/** One BullMQ worker a source: polls and sweeps it when the schedule says so, one read at a time. */
import { type Job, Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { type ReadJob, sourceQueueName } from '../app/queue/queues.ts';
import type { Source } from '../app/sources/source.ts';
import { readLease, readSource } from '../app/sync/reading/read-source.ts';
import { delay } from './outcome.ts';
import { takenOverAfter } from './taken-over.ts';
import { watched } from './watched.ts';

/** Between two tries of a sweep that has to wait for another reader. */
const SHORTEST_WAIT_MS = 1_000;

/** @param signal breaks a read off when the process has to stop; it is begun again by another */
export function startSourceWorker(
  source: Source,
  context: Pick<Context, 'reading' | 'redis' | 'queues' | 'log'>,
  signal: AbortSignal,
): Worker<ReadJob, string> {
  async function read(job: Job<ReadJob>, token: string | undefined): Promise<string> {
    const { reading } = context;
    const run = await readSource(source, job.data.kind, reading, signal);
    if (run !== null) return `${run.state} ${run.id}`;
    if (job.data.kind === 'poll') return 'another process is reading';
    // Mostly a dead reader's lease that has to run out. The next sweep may be far off, and only sweeps find leavers.
    const wait = Math.max(SHORTEST_WAIT_MS, await reading.leases.remaining(readLease(source.name)));
    return await delay(new Date(Date.now() + wait), job, token);
  }

  const name = sourceQueueName(source.name);
  return new Worker<ReadJob, string>(
    name,
    (job, token) => watched(name, context.log, () => read(job, token)),
    {
      connection: context.redis,
      prefix: context.queues.prefix,
      concurrency: 1,
      ...takenOverAfter(context.reading.leaseMs),
    },
  );
}

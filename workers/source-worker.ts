/** One BullMQ worker a source: polls and sweeps it when the schedule says so, one read at a time. */
import { Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { type ReadJob, sourceQueueName } from '../app/queue/queues.ts';
import type { Source } from '../app/sources/source.ts';
import { readSource } from '../app/sync/read-source.ts';
import { watched } from './watched.ts';

/** A read is taken over as often as its workers die. */
const NEVER_GIVE_UP = 1_000_000;

/** @param signal breaks a read off when the process has to stop; it is begun again by another */
export function startSourceWorker(
  source: Source,
  context: Context,
  signal: AbortSignal,
): Worker<ReadJob, string> {
  async function read(kind: ReadJob['kind']): Promise<string> {
    const run = await readSource(source, kind, context.reading, signal);
    return run === null ? 'another process is reading' : `${run.state} ${run.id}`;
  }

  const name = sourceQueueName(source.name);
  return new Worker<ReadJob, string>(name, (job) => watched(name, context.log, () => read(job.data.kind)), {
    connection: context.redis,
    prefix: context.queues.prefix,
    concurrency: 1,
    lockDuration: context.reading.leaseMs,
    stalledInterval: context.reading.leaseMs / 2,
    maxStalledCount: NEVER_GIVE_UP,
  });
}

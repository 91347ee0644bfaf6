/** Once a minute, on one process: finds work that a crash left without a job. */
import { Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { UPKEEP_QUEUE } from '../app/queue/queues.ts';
import { announceLeftOvers, ringForDue } from '../app/sync/upkeep.ts';
import { watched } from './watched.ts';

export function startUpkeepWorker(context: Context): Worker<Record<string, never>, string> {
  async function upkeep(): Promise<string> {
    const leftOver = await announceLeftOvers(context.eventSourceNames, context.reading);
    const due = await ringForDue(context.targetNames, context.reading);
    return `${leftOver} left over, ${due} due`;
  }

  const { redis: connection, queues, log } = context;
  const options = { connection, prefix: queues.prefix, concurrency: 1 };
  return new Worker<Record<string, never>, string>(
    UPKEEP_QUEUE,
    () => watched(UPKEEP_QUEUE, log, upkeep),
    options,
  );
}

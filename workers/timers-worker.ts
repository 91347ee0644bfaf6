/** Every ten seconds, on one process: makes those due for whom the time has come. */
import { Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { TIMERS_QUEUE } from '../app/queue/queues.ts';
import { announceMoments } from '../app/sync/moments.ts';
import { watched } from './watched.ts';

export function startTimersWorker(context: Context): Worker<Record<string, never>, string> {
  async function tick(): Promise<string> {
    const { timers } = context.stores;
    return `${await announceMoments(context.targetNames, { ...context.reading, timers })} due by time`;
  }

  const { redis: connection, queues, log } = context;
  const options = { connection, prefix: queues.prefix, concurrency: 1 };
  return new Worker<Record<string, never>, string>(
    TIMERS_QUEUE,
    () => watched(TIMERS_QUEUE, log, tick),
    options,
  );
}

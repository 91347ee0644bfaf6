/** Once a minute, on one process: finds work that a crash left without a job, and people who wait too long. */
import { Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { UPKEEP_QUEUE } from '../app/queue/queues.ts';
import { announceAllGroups } from '../app/sync/groups/mark-groups.ts';
import { expireHolds } from '../app/sync/hold-expiry.ts';
import { announceAccounts } from '../app/sync/referrers.ts';
import { announceAllLeftOvers, ringForDue } from '../app/sync/upkeep.ts';
import { watched } from './watched.ts';

export function startUpkeepWorker(context: Context): Worker<Record<string, never>, string> {
  async function upkeep(): Promise<string> {
    const leftOver = await announceAllLeftOvers(context.eventSourceNames, context.reading);
    const expired = await expireHolds(context.reading);
    const referring = await announceAccounts(context.targetNames, context.reading);
    const groups = await announceAllGroups(context.reading);
    const { due, movedAhead } = await ringForDue(context.targetNames, context.reading);
    await ringForDue(context.targetNames, { ...context.reading, due: context.reading.dueGroups });
    return `${leftOver} left over, ${expired} holds expired, ${referring} refer to new accounts, ${groups} groups changed, ${due} due, ${movedAhead} of them moved ahead`;
  }

  const { redis: connection, queues, log } = context;
  const options = { connection, prefix: queues.prefix, concurrency: 1 };
  return new Worker<Record<string, never>, string>(
    UPKEEP_QUEUE,
    () => watched(UPKEEP_QUEUE, log, upkeep),
    options,
  );
}

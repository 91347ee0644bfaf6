/** What happens by the clock, kept by BullMQ's job schedulers: one for all processes, however many are running. */
import type { Queues } from './queues.ts';

export type SourceSchedule = { readonly pollEveryMs: number; readonly sweepEveryMs: number };

const UPKEEP_EVERY_MS = 60_000;
const KEPT = { removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } };

/** Sets the schedules as configured; repeating it changes nothing. */
export async function schedule(queues: Queues, sources: ReadonlyMap<string, SourceSchedule>): Promise<void> {
  for (const [source, { pollEveryMs, sweepEveryMs }] of sources) {
    const queue = queues.ofSource(source);
    // A read never overlaps itself: not within a process, and not between two.
    await queue.setGlobalConcurrency(1);
    await queue.upsertJobScheduler(
      'poll',
      { every: pollEveryMs },
      { name: 'poll', data: { kind: 'poll' }, opts: KEPT },
    );
    await queue.upsertJobScheduler(
      'sweep',
      { every: sweepEveryMs },
      { name: 'sweep', data: { kind: 'sweep' }, opts: KEPT },
    );
  }
  await queues.upkeep.upsertJobScheduler(
    'upkeep',
    { every: UPKEEP_EVERY_MS },
    { name: 'upkeep', opts: KEPT },
  );
}

/** What happens by the clock, kept by BullMQ's job schedulers: one for all processes, however many are running. */
import type { Queues } from './queues.ts';

export type SourceSchedule = { readonly pollEveryMs: number; readonly sweepEveryMs: number };

export type Schedules = {
  readonly sources: ReadonlyMap<string, SourceSchedule>;
  /** How often each target is reconciled, in milliseconds; null for never. */
  readonly targets: ReadonlyMap<string, number | null>;
};

const UPKEEP_EVERY_MS = 60_000;
/** How late somebody's moment may be noticed. */
const TIMERS_EVERY_MS = 10_000;
const KEPT = { removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } };

/** Sets the schedules as configured; repeating it changes nothing. */
export async function schedule(queues: Queues, { sources, targets }: Schedules): Promise<void> {
  for (const [source, times] of sources) await scheduleSource(queues, source, times);
  for (const [target, everyMs] of targets) await scheduleTarget(queues, target, everyMs);
  const every = UPKEEP_EVERY_MS;
  await queues.upkeep.upsertJobScheduler('upkeep', { every }, { name: 'upkeep', opts: KEPT });
  const tick = { every: TIMERS_EVERY_MS };
  await queues.timers.upsertJobScheduler('timers', tick, { name: 'timers', opts: KEPT });
}

async function scheduleSource(
  queues: Queues,
  source: string,
  { pollEveryMs, sweepEveryMs }: SourceSchedule,
): Promise<void> {
  const queue = queues.ofSource(source);
  // A read never overlaps itself: not within a process, and not between two.
  await queue.setGlobalConcurrency(1);
  for (const [kind, every] of [
    ['poll', pollEveryMs],
    ['sweep', sweepEveryMs],
  ] as const) {
    await queue.upsertJobScheduler(kind, { every }, { name: kind, data: { kind }, opts: KEPT });
  }
}

async function scheduleTarget(queues: Queues, target: string, everyMs: number | null): Promise<void> {
  const queue = queues.reconcileOf(target);
  await queue.setGlobalConcurrency(1);
  if (everyMs === null) {
    await queue.removeJobScheduler('reconcile');
    return;
  }
  // The first comparison comes after one period: at the start there is nobody to compare yet.
  const times = { every: everyMs, startDate: new Date(Date.now() + everyMs) };
  const known = await queue.getJobScheduler('reconcile');
  if (known?.every === everyMs) return;
  await queue.upsertJobScheduler('reconcile', times, { name: 'reconcile', data: {}, opts: KEPT });
}

/** How many jobs wait, run, wait for a next attempt or have failed, of all of a target's queues together. */
import type { Queue } from 'bullmq';

/** BullMQ tells jobs with a priority from those without one; both wait for their turn. */
const NAMES = {
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'delayed',
  failed: 'failed',
} as const;

export async function countJobs(
  queues: readonly Pick<Queue, 'getJobCounts'>[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const queue of queues) {
    const here = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    for (const [state, name] of Object.entries(NAMES)) {
      counts[name] = (counts[name] ?? 0) + (here[state] ?? 0);
    }
  }
  return counts;
}

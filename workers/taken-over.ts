/** How a job passes on when its worker dies: as often as that happens, since it is never the job's fault. */
import type { WorkerOptions } from 'bullmq';

const NEVER_GIVE_UP = 1_000_000;

/** @param leaseMs how long a worker may be silent before it counts as dead */
export function takenOverAfter(
  leaseMs: number,
): Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'maxStalledCount'> {
  return { lockDuration: leaseMs, stalledInterval: leaseMs / 2, maxStalledCount: NEVER_GIVE_UP };
}

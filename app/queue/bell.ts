/**
 * Rings for a person who is due: one job a person and lane, however often it is rung. While that job is running a
 * further ring is kept and becomes the next job, so nothing that comes during a write is lost
 * (BullMQ deduplication with keepLastIfActive).
 */
import type { Job, JobsOptions } from 'bullmq';
import type { PersonKey } from '../person/anchor.ts';
import type { Bell, Lane } from '../store/ports/index.ts';
import type { ProvisionJob, Queues } from './queues.ts';

/** BullMQ serves jobs without a priority before all that have one. */
const BULK_PRIORITY = 10;
/** Ended jobs that stay to be looked at. */
const KEPT = 1_000;
const PROMOTED_AT_ONCE = 500;

/** @param attempts how often one piece of work is tried before it is shown to an operator */
export function createBell(queues: Queues, attempts: number): Bell {
  async function remind(target: string, key: PersonKey, lane: Lane): Promise<Job<ProvisionJob>> {
    const options = jobOptions(`${lane}/${key}`, lane, attempts);
    return await queues.ofTarget(target).add('provision', { key }, options);
  }
  return {
    async ring(target, key, lane) {
      const job = await remind(target, key, lane);
      if (lane === 'interactive' && (await job.isDelayed())) await bringForward(job);
    },
    async remind(target, key, lane) {
      await remind(target, key, lane);
    },
    async unpark(target) {
      const queue = queues.ofTarget(target);
      await queue.removeRateLimitKey();
      // Those who stood aside, or wait for their next attempt, waited for the target to be well. One by one, since
      // `promoteJobs` forgets their priority, and then nobody in a hurry is heard before them.
      for (let left = await queue.getDelayedCount(); left > 0; left -= PROMOTED_AT_ONCE) {
        await Promise.all((await queue.getDelayed(0, PROMOTED_AT_ONCE - 1)).map(bringForward));
      }
    },
  };
}

/** The job that was there already waits for its next attempt; if its time came just now, there is nothing to do. */
async function bringForward(job: Job<ProvisionJob>): Promise<void> {
  try {
    await job.promote();
  } catch (error) {
    if (await job.isDelayed()) throw error;
  }
}

function jobOptions(id: string, lane: Lane, attempts: number): JobsOptions {
  return {
    deduplication: { id, keepLastIfActive: true },
    ...(lane === 'bulk' ? { priority: BULK_PRIORITY } : {}),
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: KEPT },
    removeOnFail: { count: KEPT },
  };
}

/**
 * Rings for a person who is due: one job a person and lane, however often it is rung. While that job is running a
 * further ring is kept and becomes the next job, so nothing that comes during a write is lost
 * (BullMQ deduplication with keepLastIfActive).
 */
import type { Job, JobsOptions, Queue } from 'bullmq';
import { type Lane, laneRank } from '../lane.ts';
import type { WorkKey } from '../person/anchor.ts';
import type { Bell } from '../store/ports/index.ts';
import type { ProvisionJob, Queues } from './queues.ts';

/** Ended jobs that stay to be looked at. */
const KEPT = 1_000;
const LOOKED_AT_ONCE = 500;

/** @param attempts how often one piece of work is tried before it is shown to an operator */
export function createBell(queues: Queues, attempts: number): Bell {
  async function remind(target: string, key: WorkKey, lane: Lane): Promise<Job<ProvisionJob>> {
    const options = jobOptions(key, lane, attempts);
    return await queues.ofLane(target, lane).add('provision', { key }, options);
  }
  return {
    async ring(target, key, lane) {
      const job = await remind(target, key, lane);
      if (lane !== 'bulk' && (await job.isDelayed())) await bringForward(job);
    },
    async remind(target, key, lane) {
      await remind(target, key, lane);
    },
    async waitsForTurn(target, key, lane) {
      const queue = queues.ofLane(target, lane);
      const id = await queue.getDeduplicationJobId(deduplicationId(key, lane));
      const state = id === null ? 'none' : await queue.getJobState(id);
      return state === 'waiting' || state === 'prioritized';
    },
    async unpark(target) {
      for (const queue of queues.ofTarget(target)) await bringForwardThoseAside(queue);
    },
  };
}

/**
 * One by one, since `promoteJobs` forgets their priority and takes those as well whose own attempts failed: after an
 * outage they would come back all together, each with its next attempt.
 */
async function bringForwardThoseAside(queue: Queue<ProvisionJob>): Promise<void> {
  let stay = 0;
  for (;;) {
    const jobs = await queue.getDelayed(stay, stay + LOOKED_AT_ONCE - 1);
    if (jobs.length === 0) return;
    const aside = jobs.filter(waitsForTarget);
    await Promise.all(aside.map(bringForward));
    stay += jobs.length - aside.length;
  }
}

/** An attempt of its own that failed since then is counted by BullMQ. */
function waitsForTarget({ data, attemptsMade }: Job<ProvisionJob>): boolean {
  return data.stoodAsideAfter === attemptsMade;
}

/** The job that was there already waits for its next attempt; if its time came just now, there is nothing to do. */
async function bringForward(job: Job<ProvisionJob>): Promise<void> {
  try {
    await job.promote();
  } catch (error) {
    if (await job.isDelayed()) throw error;
  }
}

function deduplicationId(key: WorkKey, lane: Lane): string {
  return `${lane}/${key}`;
}

function jobOptions(key: WorkKey, lane: Lane, attempts: number): JobsOptions {
  return {
    deduplication: { id: deduplicationId(key, lane), keepLastIfActive: true },
    // BullMQ serves jobs without a priority (0) before all that have one, and then the lower ones first.
    priority: lane === 'bulk' ? 0 : laneRank(lane),
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: KEPT },
    removeOnFail: { count: KEPT },
  };
}

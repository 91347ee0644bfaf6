/**
 * Rings for a person who is due: one job a person and lane, however often it is rung. While that job is running a
 * further ring is kept and becomes the next job, so nothing that comes during a write is lost
 * (BullMQ deduplication with keepLastIfActive).
 */
import type { JobsOptions } from 'bullmq';
import type { Bell, Lane } from '../store/ports/index.ts';
import type { Queues } from './queues.ts';

/** BullMQ serves jobs without a priority before all that have one. */
const BULK_PRIORITY = 10;
/** Ended jobs that stay to be looked at. */
const KEPT = 1_000;

/** @param attempts how often one piece of work is tried before it is shown to an operator */
export function createBell(queues: Queues, attempts: number): Bell {
  return {
    async ring(target, key, lane) {
      await queues.ofTarget(target).add('provision', { key }, jobOptions(`${lane}/${key}`, lane, attempts));
    },
    async unpark(target) {
      await queues.ofTarget(target).removeRateLimitKey();
    },
  };
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

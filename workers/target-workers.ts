/**
 * The two BullMQ workers of a target, one for bulk work and one for the better lanes. They take jobs and tell the
 * queue how each ended; what is done about a person is given to them.
 */
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Lane } from '../app/lane.ts';
import type { BackoffPolicy } from '../app/queue/backoff.ts';
import { type ProvisionJob, targetQueueName } from '../app/queue/queues.ts';
import type { Logger } from '../app/signals/log.ts';
import type { Outcome } from '../app/sync/provisioning/outcome.ts';
import { backoffStrategy, backToItsPlace, tellQueue } from './outcome.ts';
import { createParking, type Parking, type Which } from './parking.ts';
import { takenOverAfter } from './taken-over.ts';
import { watched } from './watched.ts';

export type TargetWorkersOptions = {
  readonly target: string;
  readonly redis: Redis;
  readonly prefix: string;
  /** Jobs that each of the two works on at the same time. */
  readonly atOnce: number;
  /** How long a worker may be silent before it counts as dead. */
  readonly leaseMs: number;
  readonly backoff: BackoffPolicy;
  readonly log: Logger;
};

export type TargetWorkers = {
  readonly workers: readonly Worker<ProvisionJob, string>[];
  readonly parking: Parking;
};

export function startTargetWorkers(
  options: TargetWorkersOptions,
  serve: (job: Job<ProvisionJob>) => Promise<Outcome<unknown>>,
): TargetWorkers {
  const start = (lane: Lane, which: Which) =>
    startWorker(targetQueueName(options.target, lane), options, async (job, token) => {
      // A worker that was waiting for work when it was parked still takes the first job that comes.
      if (parking.isParked(which)) throw backToItsPlace();
      return await tellQueue(await serve(job), job, token, which, parking);
    });
  const urgent = start('leaver', 'urgent');
  const bulk = start('bulk', 'bulk');
  const parking: Parking = createParking(urgent, bulk);
  return { workers: [urgent, bulk], parking };
}

function startWorker(
  name: string,
  { redis, prefix, atOnce, leaseMs, backoff, log }: TargetWorkersOptions,
  work: (job: Job<ProvisionJob>, token: string | undefined) => Promise<string>,
): Worker<ProvisionJob, string> {
  return new Worker<ProvisionJob, string>(name, (job, token) => watched(name, log, () => work(job, token)), {
    connection: redis,
    prefix,
    concurrency: atOnce,
    ...takenOverAfter(leaseMs),
    settings: { backoffStrategy: backoffStrategy(backoff) },
  });
}

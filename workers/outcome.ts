/** Tells the queue how a piece of work ended. The only file that knows which exception means what to BullMQ. */
import { DelayedError, type Job, Worker } from 'bullmq';
import { type BackoffPolicy, retryDelay } from '../app/queue/backoff.ts';
import type { ProvisionJob } from '../app/queue/queues.ts';
import type { Outcome } from '../app/sync/provisioning/outcome.ts';
import type { Parking, Which } from './parking.ts';

/** Work that shall be tried again; costs an attempt. The text is safe to be seen in the queue. */
export class RetryLater extends Error {
  override name = 'RetryLater';
  readonly notBefore: Date | null;
  constructor(reason: string, notBefore: Date | null) {
    super(reason);
    this.notBefore = notBefore;
  }
}

/**
 * @param which of the target's queues the job came from
 * @returns what the job's result says; the end of the work
 * @throws what makes BullMQ delay, park or retry the job
 */
export async function tellQueue(
  outcome: Outcome<unknown>,
  job: Job<ProvisionJob>,
  token: string | undefined,
  which: Which,
  parking: Parking,
): Promise<string> {
  switch (outcome.kind) {
    case 'idle':
    case 'done':
    case 'held':
    case 'refused':
    case 'moved':
      return outcome.kind;
    case 'busy':
      return await delay(outcome.until, job, token);
    case 'paused':
      if (outcome.standsAsideUntil !== undefined) return await aside(outcome.standsAsideUntil, job, token);
      parking.parkAll(outcome.until);
      throw backToItsPlace();
    case 'limited':
      parking.park(which, outcome.until);
      throw backToItsPlace();
    case 'retry':
      throw new RetryLater(outcome.reason, outcome.notBefore);
  }
}

/** Puts the job off; costs no attempt. */
export async function delay(until: Date, job: Job, token: string | undefined): Promise<never> {
  await job.moveToDelayed(until.getTime(), token);
  throw new DelayedError();
}

/** What puts a job back in front of its lane; costs no attempt. */
export function backToItsPlace(): Error {
  return Worker.RateLimitError();
}

/** Puts the job off until others have been tried, and notes that it is the target it waits for. */
async function aside(until: Date, job: Job<ProvisionJob>, token: string | undefined): Promise<never> {
  await job.updateData({ ...job.data, stoodAsideAfter: job.attemptsMade });
  return await delay(until, job, token);
}

/** BullMQ's backoff: the server's Retry-After where there is one, else doubling with jitter. */
export function backoffStrategy(
  policy: BackoffPolicy,
): (attempt: number, type?: string, error?: Error) => number {
  return (attempt, _type, error) => {
    const notBefore = error instanceof RetryLater ? error.notBefore : null;
    return retryDelay(attempt, notBefore, policy, new Date(), Math.random());
  };
}

/** Tells the queue how a piece of work ended. The only file that knows which exception means what to BullMQ. */
import { DelayedError, type Job, type Queue, Worker } from 'bullmq';
import { type BackoffPolicy, retryDelay } from '../app/queue/backoff.ts';
import type { ProvisionJob } from '../app/queue/queues.ts';
import type { Outcome } from '../app/sync/provisioning/outcome.ts';

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
 * A parked worker hears nothing, so it looks again this often: whether the target is well again, and whether somebody
 * in a hurry has come for whom the budget keeps a reserve, though bulk work has to wait for the next window.
 */
const LONGEST_PARKING_MS = { limited: 2_000, paused: 5_000 };

/**
 * @returns what the job's result says; the end of the work
 * @throws what makes BullMQ delay, park or retry the job
 */
export async function tellQueue(
  outcome: Outcome,
  job: Job<ProvisionJob>,
  token: string | undefined,
  queue: Queue<ProvisionJob>,
): Promise<string> {
  switch (outcome.kind) {
    case 'idle':
    case 'done':
    case 'held':
    case 'refused':
      return outcome.kind;
    case 'busy':
      return await delay(outcome.until, job, token);
    case 'paused':
      if (outcome.standsAsideUntil !== undefined) return await delay(outcome.standsAsideUntil, job, token);
      return await park(outcome.until, LONGEST_PARKING_MS.paused, queue);
    case 'limited':
      return await park(outcome.until, LONGEST_PARKING_MS.limited, queue);
    case 'retry':
      throw new RetryLater(outcome.reason, outcome.notBefore);
  }
}

/** Puts the job off; costs no attempt. */
export async function delay(until: Date, job: Job, token: string | undefined): Promise<never> {
  await job.moveToDelayed(until.getTime(), token);
  throw new DelayedError();
}

async function park(until: Date, longestMs: number, queue: Queue<ProvisionJob>): Promise<never> {
  await queue.rateLimit(Math.min(longestMs, Math.max(1, until.getTime() - Date.now())));
  throw Worker.RateLimitError();
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

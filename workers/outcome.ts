/** Tells the queue how a piece of work ended. The only file that knows which exception means what to BullMQ. */
import { DelayedError, type Job, type Queue, Worker } from 'bullmq';
import { type BackoffPolicy, retryDelay } from '../app/queue/backoff.ts';
import type { ProvisionJob } from '../app/queue/queues.ts';
import type { Outcome } from '../app/sync/outcome.ts';

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
 * A parked worker does not hear that its target is well again, so it looks again this often. A spent budget ends when
 * it was told to; a pause may end at any time.
 */
const LONGEST_PARKING_MS = { limited: 60_000, paused: 5_000 };

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
      await job.moveToDelayed(outcome.until.getTime(), token);
      throw new DelayedError();
    case 'limited':
    case 'paused':
      await queue.rateLimit(parkingTime(outcome.until, LONGEST_PARKING_MS[outcome.kind]));
      throw Worker.RateLimitError();
    case 'retry':
      throw new RetryLater(outcome.reason, outcome.notBefore);
  }
}

function parkingTime(until: Date, longestMs: number): number {
  return Math.min(longestMs, Math.max(1, until.getTime() - Date.now()));
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

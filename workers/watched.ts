/**
 * Runs a job so that a surprise is seen: the log gets the error, the queue only its name, since its text may hold
 * anything and the queue can be looked at by many (O-27).
 */
import { DelayedError, RateLimitError } from 'bullmq';
import type { Logger } from '../app/signals/log.ts';
import { RetryLater } from './outcome.ts';

/** What BullMQ stores of a failure that nobody expected. */
class Surprise extends Error {
  override name = 'Surprise';
}

export async function watched<T>(queue: string, log: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RetryLater || error instanceof DelayedError || error instanceof RateLimitError)
      throw error;
    log.error({ err: error, queue }, 'a job ended with a surprise');
    throw new Surprise(`internal error (${error instanceof Error ? error.name : typeof error}), see the log`);
  }
}

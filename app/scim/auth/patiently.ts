/**
 * Asks once more for a token where the answer is a short outage (O-19 d), for at most a few seconds: everybody who
 * works for the target waits for it, and a longer outage is the queue's to wait for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TargetUnavailable } from '../../errors.ts';

const MOST_TRIES = 3;
const FIRST_WAIT_MS = 500;
/** No try begins later; what is asked slowly is not asked twice. */
const PATIENCE_MS = 5_000;

type Chance = { readonly now: () => Date; readonly random: () => number };

/** @throws what `ask` throws last */
export async function patiently<T>(
  ask: () => Promise<T>,
  { now, random }: Chance,
  signal: AbortSignal,
): Promise<T> {
  const began = now().getTime();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof TargetUnavailable) || attempt === MOST_TRIES) throw error;
      const at = now().getTime();
      const wait = Math.max(backoff(attempt, random()), (error.notBefore?.getTime() ?? 0) - at);
      if (at + wait - began > PATIENCE_MS || signal.aborted) throw error;
      await sleep(wait, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}

/** 0.5 to 1 s, then 1 to 2 s. */
function backoff(attempt: number, random: number): number {
  return FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 + random);
}

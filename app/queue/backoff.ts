/**
 * When to try again what went wrong. Doubles from `baseMs` up to `longestMs`, jittered so that people who failed
 * together do not come back together, and never before the server's own Retry-After.
 *
 * With the default of 1 s and 1 h the eleven waits of twelve attempts are about 1, 2, 4, 8, 16, 32 s, 1, 2, 4, 9 and
 * 17 min: half an hour in all, after which an operator is shown the person.
 */

export type BackoffPolicy = { readonly baseMs: number; readonly longestMs: number };

/** Share of a wait that is left to chance. */
const JITTER = 0.5;

/**
 * @param attempt how many attempts have been made, 1 after the first
 * @param notBefore the server's own word, null where it gave none; capped like every wait
 * @param random between 0 and 1
 * @returns milliseconds to wait, at least 1
 */
export function retryDelay(
  attempt: number,
  notBefore: Date | null,
  policy: BackoffPolicy,
  now: Date,
  random: number,
): number {
  const full = Math.min(policy.baseMs * 2 ** Math.max(0, attempt - 1), policy.longestMs);
  const own = full * (1 - JITTER * random);
  const asked = notBefore === null ? 0 : Math.min(notBefore.getTime() - now.getTime(), policy.longestMs);
  return Math.max(1, Math.round(Math.max(own, asked)));
}

/**
 * How long a target wants to be left alone, read from Retry-After, and how long we leave it alone when it does not
 * say. Pure: the clock and the randomness are passed in.
 *
 * Retry-After is an HTTP-date or a number of seconds (RFC 9110, 10.2.3); AgilePlace sends the date
 * (agileplace.md section 3). What makes no sense counts as absent, and never as "at once" (O-17).
 */
import { parseHttpDate } from '../wire/http-date.ts';

const LONGEST_WAIT_MS = 3600_000;
const SHORTEST_WAIT_MS = 1000;
const FIRST_WAIT_MS = 2000;

/** Waits are lengthened by up to this share, so that the waiting do not all come back in one moment. */
const JITTER = 0.1;

/**
 * @param text the header, undefined where it is absent
 * @param now the time by the clock that a date in it was written by: the server's
 * @returns milliseconds to wait, between 1 s and 1 h; null where the header is absent or says nothing useful
 */
export function parseRetryAfter(text: string | undefined, now: Date): number | null {
  const said = text?.trim() ?? '';
  const date = parseHttpDate(said);
  const wait = date === null ? secondsToMs(said) : date.getTime() - now.getTime();
  if (wait === null || !(wait > 0)) return null;
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

function secondsToMs(text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : null;
}

/** The wait, a little longer by chance, 1 h at most. @param random from 0 to 1 */
export function jittered(waitMs: number, random: number): number {
  return Math.min(Math.ceil(waitMs * (1 + JITTER * random)), LONGEST_WAIT_MS);
}

/**
 * The wait where the server names none: 1 to 2 s at first, doubled each time, 1 h at most.
 * @param streak which such answer in a row this is, from 1
 * @param random from 0 to 1
 */
export function backoff(streak: number, random: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (streak - 1), LONGEST_WAIT_MS);
  return Math.max(Math.ceil(longest * (0.5 + 0.5 * random)), SHORTEST_WAIT_MS);
}

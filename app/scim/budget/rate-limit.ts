/**
 * What an answer's headers say about our request budget (agileplace.md section 3; draft-ietf-httpapi-ratelimit-headers).
 * Pure. Times come back by our own clock, since the server's may be wrong. Of several limits the tightest counts.
 */
import { parseHttpDate } from '../wire/http-date.ts';
import { type Fields, type ToldLimit, toldLimits } from './limit-fields.ts';

export type SeenLimit = { readonly limit: number; readonly remaining: number; readonly resetAt: Date };

/** A larger Reset is in milliseconds: as seconds it would lie in the year 5138. */
const SMALLEST_MILLISECONDS = 1e11;
/** A smaller Reset is seconds from now: as a time it would lie in 1973. */
const SMALLEST_TIME = 1e8;
/** No server counts over longer than this; what lies further off is no time. */
const LONGEST_WINDOW_MS = 32 * 24 * 3600_000;
/** Nobody is kept waiting for longer on the word of one answer, as with Retry-After: then one request asks again. */
const LONGEST_BELIEVED_MS = 3600_000;

/** A Date header is cut to the second and takes a moment to arrive; that alone is not a wrong clock. */
const TOLERATED_SKEW_MS = 2000;

/** The time by the server's clock, as its Date header tells it; ours where it tells nothing, or nearly the same. */
export function serverTime(headers: Fields, now: Date): Date {
  const told = parseHttpDate(headers.date?.trim() ?? '');
  if (told === null || Math.abs(told.getTime() - now.getTime()) < TOLERATED_SKEW_MS) return now;
  return told;
}

/** @returns null where the headers tell of no limit, or of none that makes sense */
export function readRateLimit(headers: Fields, now: Date): SeenLimit | null {
  const ahead = serverTime(headers, now).getTime() - now.getTime();
  const seen = toldLimits(headers).flatMap((told) => byOurClock(told, ahead, now) ?? []);
  return seen.reduce<SeenLimit | null>((a, b) => (a !== null && a.remaining <= b.remaining ? a : b), null);
}

/** @param ahead milliseconds that the server's clock is before ours */
function byOurClock({ limit, remaining, reset }: ToldLimit, ahead: number, now: Date): SeenLimit | null {
  if (limit === null || remaining === null || reset === null || limit === 0) return null;
  const resetMs = reset > SMALLEST_MILLISECONDS ? reset : reset * 1000;
  const resetAt = reset < SMALLEST_TIME ? now.getTime() + resetMs : resetMs - ahead;
  const left = resetAt - now.getTime();
  if (left > LONGEST_WINDOW_MS) return null;
  const believed = Math.min(left, LONGEST_BELIEVED_MS);
  return { limit, remaining: Math.min(remaining, limit), resetAt: new Date(now.getTime() + believed) };
}

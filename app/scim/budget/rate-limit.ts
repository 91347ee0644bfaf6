/**
 * What an answer's headers say about our request budget (agileplace.md section 3): X-RateLimit-Limit, -Remaining and
 * -Reset. Pure. Times come back by our own clock, since the server's may be wrong.
 */
import { parseHttpDate } from '../wire/http-date.ts';

export type SeenLimit = { readonly limit: number; readonly remaining: number; readonly resetAt: Date };

/** A larger Reset is in milliseconds: as seconds it would lie in the year 5138. */
const SMALLEST_MILLISECONDS = 1e11;

/** A Date header is cut to the second and takes a moment to arrive; that alone is not a wrong clock. */
const TOLERATED_SKEW_MS = 2000;

/** The time by the server's clock, as its Date header tells it; ours where it tells nothing, or nearly the same. */
export function serverTime(headers: Readonly<Record<string, string>>, now: Date): Date {
  const told = parseHttpDate(headers.date?.trim() ?? '');
  if (told === null || Math.abs(told.getTime() - now.getTime()) < TOLERATED_SKEW_MS) return now;
  return told;
}

/** @returns null where the three headers are not all there and sound */
export function readRateLimit(headers: Readonly<Record<string, string>>, now: Date): SeenLimit | null {
  const limit = count(headers['x-ratelimit-limit']);
  const remaining = count(headers['x-ratelimit-remaining']);
  const reset = count(headers['x-ratelimit-reset']);
  if (limit === null || remaining === null || reset === null || limit === 0) return null;
  const resetMs = reset > SMALLEST_MILLISECONDS ? reset : reset * 1000;
  const resetAt = new Date(now.getTime() + resetMs - serverTime(headers, now).getTime());
  return Number.isNaN(resetAt.getTime()) ? null : { limit, remaining, resetAt };
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,16}(\.\d+)?\s*$/.test(text) ? Math.ceil(Number(text)) : null;
}

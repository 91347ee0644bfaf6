/**
 * How an answer tells what is left of the limit. All times are rounded up: a client that waits for them must find the
 * limit open.
 *
 *   x             X-RateLimit-*, reset in Unix seconds; Retry-After as an HTTP date (AgilePlace)
 *   x-ms          the same, reset in Unix milliseconds
 *   draft-old     `RateLimit: limit=, remaining=, reset=` (draft-ietf-httpapi-ratelimit-headers-07)
 *   draft-new     `RateLimit: "default";r=…;t=…` (draft-ietf-httpapi-ratelimit-headers-08 and later)
 *   retry-after   nothing but Retry-After in seconds, once it is too late (Slack)
 *   none          nothing at all
 */
import type { Grant } from './limits.ts';

export const RATE_HEADER_STYLES = ['x', 'x-ms', 'draft-old', 'draft-new', 'retry-after', 'none'] as const;
export type RateHeaderStyle = (typeof RATE_HEADER_STYLES)[number];

export function rateHeaders(
  style: RateHeaderStyle,
  grant: Grant,
  now: Date,
): Readonly<Record<string, string>> {
  const { limit, remaining, windowSeconds, granted } = grant;
  const left = Math.max(1, Math.ceil((grant.resetAt.getTime() - now.getTime()) / 1000));
  const retryInSeconds = granted ? {} : { 'Retry-After': String(left) };
  switch (style) {
    case 'x':
    case 'x-ms':
      return xHeaders(grant, style === 'x');
    case 'draft-old':
      return {
        RateLimit: `limit=${limit}, remaining=${remaining}, reset=${left}`,
        'RateLimit-Policy': `${limit};w=${windowSeconds}`,
        ...retryInSeconds,
      };
    case 'draft-new':
      return {
        RateLimit: `"default";r=${remaining};t=${left}`,
        'RateLimit-Policy': `"default";q=${limit};w=${windowSeconds}`,
        ...retryInSeconds,
      };
    case 'retry-after':
      return retryInSeconds;
    case 'none':
      return {};
  }
}

function xHeaders(grant: Grant, inSeconds: boolean): Readonly<Record<string, string>> {
  const second = Math.ceil(grant.resetAt.getTime() / 1000);
  return {
    'X-RateLimit-Limit': String(grant.limit),
    'X-RateLimit-Remaining': String(grant.remaining),
    'X-RateLimit-Reset': String(inSeconds ? second : grant.resetAt.getTime()),
    ...(grant.granted ? {} : { 'Retry-After': new Date(second * 1000).toUTCString() }),
  };
}

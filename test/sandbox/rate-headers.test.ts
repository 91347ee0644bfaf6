/**
 * How an answer tells the limit, by a clock of the test's own.
 */
import { expect, test } from 'vitest';
import { type RateHeaderStyle, rateHeaders } from '../../sandbox/scim-target/rate-headers.ts';

const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, 0) + milliseconds);
const GRANT = { granted: true, limit: 120, remaining: 7, windowSeconds: 60, resetAt: at(59_001) };
const REFUSED = { ...GRANT, granted: false, remaining: 0 };

test.each<[RateHeaderStyle, Record<string, string>, Record<string, string>]>([
  [
    'x',
    {
      'X-RateLimit-Limit': '120',
      'X-RateLimit-Remaining': '7',
      'X-RateLimit-Reset': '1767323100',
    },
    {
      'X-RateLimit-Limit': '120',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '1767323100',
      'Retry-After': 'Fri, 02 Jan 2026 03:05:00 GMT',
    },
  ],
  [
    'x-ms',
    {
      'X-RateLimit-Limit': '120',
      'X-RateLimit-Remaining': '7',
      'X-RateLimit-Reset': '1767323099001',
    },
    {
      'X-RateLimit-Limit': '120',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '1767323099001',
      'Retry-After': 'Fri, 02 Jan 2026 03:05:00 GMT',
    },
  ],
  [
    'draft-old',
    { RateLimit: 'limit=120, remaining=7, reset=50', 'RateLimit-Policy': '120;w=60' },
    { RateLimit: 'limit=120, remaining=0, reset=50', 'RateLimit-Policy': '120;w=60', 'Retry-After': '50' },
  ],
  [
    'draft-new',
    { RateLimit: '"default";r=7;t=50', 'RateLimit-Policy': '"default";q=120;w=60' },
    { RateLimit: '"default";r=0;t=50', 'RateLimit-Policy': '"default";q=120;w=60', 'Retry-After': '50' },
  ],
  ['retry-after', {}, { 'Retry-After': '50' }],
  ['none', {}, {}],
])('%s: times are rounded up, so that who waits finds the limit open', (style, granted, refused) => {
  const now = at(9_500);
  expect(rateHeaders(style, GRANT, now)).toEqual(granted);
  expect(rateHeaders(style, REFUSED, now)).toEqual(refused);
});

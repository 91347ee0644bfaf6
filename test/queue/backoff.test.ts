import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelay } from '../../app/queue/backoff.ts';

const policy = { baseMs: 1_000, longestMs: 3_600_000 };
const now = new Date('2026-03-01T12:00:00Z');

describe('the wait before the next attempt', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [11, 1_024_000],
    [40, 3_600_000],
  ])('doubles: after attempt %i it is %i ms without jitter', (attempt, wait) => {
    expect(retryDelay(attempt, null, policy, now, 0)).toBe(wait);
  });

  test('jitter takes away up to half', () => {
    expect(retryDelay(3, null, policy, now, 1)).toBe(2_000);
  });

  test('is never shorter than the Retry-After of the server', () => {
    expect(retryDelay(1, new Date('2026-03-01T12:02:00Z'), policy, now, 0)).toBe(120_000);
  });

  test('a Retry-After in the past changes nothing', () => {
    expect(retryDelay(1, new Date('2026-03-01T11:00:00Z'), policy, now, 0)).toBe(1_000);
  });

  test('is capped, whatever the server says', () => {
    expect(retryDelay(1, new Date('9999-12-31T23:59:59Z'), policy, now, 0)).toBe(3_600_000);
  });

  test('is always a whole number of milliseconds between 1 and the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.option(fc.date({ noInvalidDate: true })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, notBefore, random) => {
          const wait = retryDelay(attempt, notBefore, policy, now, random);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(1);
          expect(wait).toBeLessThanOrEqual(policy.longestMs);
        },
      ),
    );
  });
});

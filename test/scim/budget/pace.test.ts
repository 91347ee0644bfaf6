import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Experience, type Pace, paceAfter, startingPace } from '../../../app/scim/budget/pace.ts';

const MOST = 8;

/** Requests one after the other, each taking so many milliseconds; null: it was pushed back. */
function paceFrom(pace: Pace, latencies: readonly (number | null)[], kind = 'GET'): Pace {
  let now = Math.max(0, pace.loweredAt);
  return latencies.reduce<Pace>((soFar, took) => {
    const sentAt = now;
    now += took ?? 10;
    const experience: Experience =
      took === null ? { result: 'pushed-back', sentAt } : { result: 'answered', kind, sentAt };
    return paceAfter(soFar, experience, now, MOST);
  }, pace);
}
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

describe('how many requests go to a target at once', () => {
  test('as many as are configured, at first and as long as all is well', () => {
    expect(startingPace(MOST).allowed).toBe(8);
    expect(paceFrom(startingPace(MOST), times(50, 20)).allowed).toBe(8);
  });

  test('half as many after each push-back, one at least, and one more after each round of answers', () => {
    const slowed = paceFrom(startingPace(MOST), [null, null]);
    expect(slowed.allowed).toBe(2);
    expect(paceFrom(slowed, [null, null, null]).allowed).toBe(1);
    expect(paceFrom(slowed, [20, 20]).allowed).toBeCloseTo(2.9, 1);
    expect(paceFrom(slowed, times(40, 20)).allowed).toBe(8);
  });

  test('what was under way together is pushed back once', () => {
    const first = paceAfter(startingPace(MOST), { result: 'pushed-back', sentAt: 0 }, 100, MOST);
    const second = paceAfter(first, { result: 'pushed-back', sentAt: 50 }, 120, MOST);
    expect([first.allowed, second.allowed]).toEqual([4, 4]);
    expect(paceAfter(second, { result: 'pushed-back', sentAt: 101 }, 130, MOST).allowed).toBe(2);
  });

  test('fewer where answers take far longer than they used to, and more again when they do not', () => {
    const usual = paceFrom(startingPace(MOST), times(20, 50));
    const slow = paceFrom(usual, times(30, 1_000));
    expect(slow.allowed).toBeLessThan(2);
    expect(paceFrom(slow, times(60, 50)).allowed).toBe(8);
  });

  test('a little slower is not slow, nor is another kind of request that always takes longer', () => {
    const usual = paceFrom(startingPace(MOST), times(20, 50));
    expect(paceFrom(usual, times(50, 200)).allowed).toBe(8);
    expect(paceFrom(usual, times(50, 2_000), 'list').allowed).toBe(8);
  });

  test('a target that has become slow for good is used to in the end', () => {
    const usual = paceFrom(startingPace(MOST), times(20, 50));
    expect(paceFrom(usual, times(600, 1_000)).allowed).toBe(8);
  });

  test('never fewer than one, never more than configured, whatever happens', () => {
    const experience = fc.record({
      took: fc.option(fc.nat({ max: 60_000 }), { nil: null }),
      kind: fc.constantFrom('GET', 'POST'),
      gap: fc.nat({ max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(experience, { maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (all, most) => {
        let pace = startingPace(most);
        let now = 0;
        for (const { took, kind, gap } of all) {
          now += gap;
          const sentAt = now - (took ?? 0);
          pace = paceAfter(
            pace,
            took === null ? { result: 'pushed-back', sentAt } : { result: 'answered', kind, sentAt },
            now,
            most,
          );
          expect(pace.allowed).toBeGreaterThanOrEqual(1);
          expect(pace.allowed).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { judgeAbsences, removalLimit } from '../../app/plan/guard.ts';

const policy = { share: 0.1, atLeast: 5, windowMs: 3_600_000 };

describe('how many removals pass by themselves', () => {
  test.each([
    [0, 5],
    [10, 5],
    [50, 5],
    [59, 5],
    [60, 6],
    [200, 20],
    [5_000, 500],
  ])('of %i known people: %i', (known, limit) => {
    expect(removalLimit(known, policy)).toBe(limit);
  });
});

describe('what a complete read says about absences', () => {
  test('nobody missing is nothing to hold', () => {
    expect(judgeAbsences(200, 200, 0, policy)).toBeNull();
  });
  test('as many as the limit may go', () => {
    expect(judgeAbsences(180, 200, 20, policy)).toBeNull();
  });
  test('one more than the limit waits', () => {
    expect(judgeAbsences(179, 200, 21, policy)).toBe(
      '21 of 200 known people are missing, more than the 20 that may go by themselves',
    );
  });
  test('an empty answer waits, though all of it would be below the limit (O-05 e)', () => {
    expect(judgeAbsences(0, 1, 1, policy)).toBe(
      'the source answered without an error but named nobody, where 1 were known',
    );
  });
});

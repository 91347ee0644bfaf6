import { describe, expect, test } from 'vitest';
import { judgeAbsences, removalLimit } from '../../app/plan/guard.ts';

const policy = { share: 0.1, atLeast: 5, windowMs: 3_600_000, holdForMs: 604_800_000 };

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

test.each([
  [1_000, 30],
  [200, 20],
  [10, 5],
])('of %i known people with at most 30: %i', (known, limit) => {
  expect(removalLimit(known, { ...policy, atMost: 30 })).toBe(limit);
});

describe('what a complete read says about absences', () => {
  test('nobody missing is nothing to hold', () => {
    expect(judgeAbsences({ seen: 200, known: 200, missing: 0 }, 'people', policy)).toBeNull();
  });
  test('as many as the limit may go', () => {
    expect(judgeAbsences({ seen: 180, known: 200, missing: 20 }, 'people', policy)).toBeNull();
  });
  test('one more than the limit waits', () => {
    expect(judgeAbsences({ seen: 179, known: 200, missing: 21 }, 'people', policy)).toBe(
      '21 of 200 known people are missing, more than the 20 that may go by themselves',
    );
  });
  test('an empty answer waits, though all of it would be below the limit (O-05 e)', () => {
    expect(judgeAbsences({ seen: 0, known: 1, missing: 1 }, 'people', policy)).toBe(
      'the source answered without an error but named nobody, where 1 were known',
    );
  });
  test('groups are judged alike', () => {
    expect(judgeAbsences({ seen: 0, known: 3, missing: 3 }, 'groups', policy)).toBe(
      'the source answered without an error but named no group, where 3 were known',
    );
    expect(judgeAbsences({ seen: 34, known: 40, missing: 6 }, 'groups', policy)).toBe(
      '6 of 40 known groups are missing, more than the 5 that may go by themselves',
    );
  });
});

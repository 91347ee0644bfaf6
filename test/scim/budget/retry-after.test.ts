import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoff, jittered, parseRetryAfter } from '../../../app/scim/budget/retry-after.ts';
import { parseHttpDate } from '../../../app/scim/wire/http-date.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

describe('O-17: Retry-After in every spelling', () => {
  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['Sun, 01 Mar 2026 12:02:00 GMT', 120_000],
    ['Sunday, 01-Mar-26 12:02:00 GMT', 120_000],
    ['Sun Mar  1 12:02:00 2026', 120_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', null],
    ['0', null],
    ['-5', null],
    ['abc', null],
    ['1000abc', null],
    ['', null],
    ['1e9', null],
    ['0x10', null],
    ['2026-03-01T12:02:00Z', null],
    ['1.5', 1500],
    ['0.2', 1000],
    ['2200000', 3_600_000],
    ['99999999999', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ])('%j', (text, wait) => {
    expect(parseRetryAfter(text, NOW)).toBe(wait);
  });

  test('any text gives no wait, or one between a second and an hour', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), (text) => {
        const wait = parseRetryAfter(text, NOW);
        expect(wait === null || (wait >= 1000 && wait <= 3_600_000)).toBe(true);
      }),
    );
  });

  test('jitter adds a tenth at most, and never beyond the hour', () => {
    expect([jittered(120_000, 0), jittered(120_000, 1), jittered(3_600_000, 1)]).toEqual([
      120_000, 132_000, 3_600_000,
    ]);
  });

  test('without a header: 1 to 2 s at first, doubled, an hour at most, and five in a row never wait less', () => {
    expect([
      backoff(1, 0),
      backoff(1, 1),
      backoff(2, 0),
      backoff(3, 0.5),
      backoff(50, 1),
      backoff(5000, 1),
    ]).toEqual([1000, 2000, 2000, 6000, 3_600_000, 3_600_000]);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (chances) => {
          const waits = chances.map((chance, index) => backoff(index + 1, chance));
          expect(waits).toEqual([...waits].sort((a, b) => a - b));
        },
      ),
    );
  });
});

test('a date that is not one is none', () => {
  expect(parseHttpDate('Sun, 99 Mar 2026 12:02:00 GMT')).toBeNull();
  expect(parseHttpDate('Sun, 01 Mar 2026 12:02:00 CET')).toBeNull();
});

/**
 * The fixed window by a clock of the test's own.
 */
import { expect, test } from 'vitest';
import { RateWindow } from '../../sandbox/scim-target/rate-window.ts';

const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, 0) + milliseconds);

test('the window opens at the first request and ends a minute later, not on the minute', () => {
  const window = new RateWindow({ points: 2, windowSeconds: 60 });
  const rows = [20_500, 40_000, 80_499, 80_500, 80_501].map((time) => window.take('ana', at(time)));
  expect(rows.map(({ granted, remaining }) => [granted, remaining])).toEqual([
    [true, 1],
    [true, 0],
    [false, 0],
    [true, 1],
    [true, 0],
  ]);
  expect(rows.map(({ resetAt }) => resetAt.getTime() - at(0).getTime())).toEqual([
    80_500, 80_500, 80_500, 140_500, 140_500,
  ]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultsOf, given } from './library-person.ts';

const GO_LIVE = 'reached(startOfDay(e.start, e.zone))';

function value(expression: string, entry: Record<string, string> = {}, at?: string): unknown {
  const outcome = given(expression, { entry, ...(at === undefined ? {} : { at }) });
  return outcome.fails ?? outcome.value;
}

describe('O-21: a start date in the zone of the site', () => {
  test.each([
    ['2026-04-01', 'Pacific/Auckland', '2026-03-31T11:00:00Z'],
    ['2026-04-15', 'Pacific/Auckland', '2026-04-14T12:00:00Z'],
    ['2026-04-01', 'America/Los_Angeles', '2026-04-01T07:00:00Z'],
    // Daylight saving ends in Auckland on 5 April, and begins in Paris on 29 March.
    ['2026-04-05', 'Pacific/Auckland', '2026-04-04T11:00:00Z'],
    ['2026-04-06', 'Pacific/Auckland', '2026-04-05T12:00:00Z'],
    ['2026-03-29', 'Europe/Paris', '2026-03-28T23:00:00Z'],
    ['2026-03-30', 'Europe/Paris', '2026-03-29T22:00:00Z'],
    // There the clocks go forward at midnight, and the day begins at one.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'],
  ])('%s begins in %s at %s', (start, zone, moment) => {
    expect(value('startOfDay(e.start, e.zone)', { start, zone })).toBe(moment);
  });

  test('it comes by itself, at its moment, and says when', () => {
    const entry = { start: '2026-04-01', zone: 'Pacific/Auckland' };
    expect(given(GO_LIVE, { entry, at: '2026-03-20T00:00:00Z' })).toEqual({
      value: false,
      warnings: [],
      changesAt: '2026-03-31T11:00:00.000Z',
    });
    expect(given(GO_LIVE, { entry, at: '2026-03-31T10:59:59.999Z' }).value).toBe(false);
    expect(given(GO_LIVE, { entry, at: '2026-03-31T11:00:00Z' })).toEqual({ value: true, warnings: [] });
  });

  test('of several moments the earliest that is still to come counts', () => {
    const entry = { a: '2026-05-01', b: '2026-04-01', c: '2026-02-01' };
    const all = given('reached(e.a) || reached(e.b) || reached(e.c) || reached("2026-03-15")', { entry });
    // The third one decides, so the fourth is not asked.
    expect(all).toEqual({ value: true, warnings: [], changesAt: '2026-04-01T00:00:00.000Z' });
  });

  test('a lead time of seven days, in days of the calendar', () => {
    const lead = 'startOfDay(plusDays(e.start, -7), "Pacific/Auckland")';
    expect(value(lead, { start: '2026-04-08' })).toBe('2026-03-31T11:00:00Z');
    expect(value('plusDays(startOfDay(e.start, "Pacific/Auckland"), -7)', { start: '2026-04-08' })).toBe(
      '2026-03-31T12:00:00Z',
    );
  });

  test('a date that nobody gave is never reached; one that is none fails the expression', () => {
    expect(value(GO_LIVE, { zone: 'Pacific/Auckland' })).toBe(false);
    expect(value(GO_LIVE, { start: '2026-02-30', zone: 'Pacific/Auckland' })).toBe(
      'a text that should be a date is none',
    );
    expect(value(GO_LIVE, { start: '2026-04-01', zone: 'Auckland' })).toMatch(
      /^a text that should be a time zone is none/,
    );
    expect(value(GO_LIVE, { start: '2026-04-01' })).toMatch(/^a text that should be a time zone is none/);
  });
});

describe('dates as systems write them', () => {
  test.each([
    ['date(e.d, "dd.MM.yyyy")', '01.04.2026', '2026-04-01'],
    ['date(e.d, "d MMM yyyy")', '1 Apr 2026', '2026-04-01'],
    ['date(e.d, "yyyyMMdd")', '20260401', '2026-04-01'],
    ['date(e.d, "dd.MM.yyyy", "Pacific/Auckland")', '01.04.2026', '2026-03-31T11:00:00Z'],
    ['date(e.d, "yyyy-MM-dd\'T\'HH:mmZZ", "UTC")', '2026-04-01T09:00+02:00', '2026-04-01T07:00:00Z'],
    ['date(e.d)', '2026-04-01T00:30:00+13:00', '2026-04-01'],
    ['date(e.d)', '2026-W14-3', '2026-04-01'],
    ['date(e.d, "dd.MM.yyyy")', '', undefined],
    ['date(e.d, "dd.MM.yyyy")', '2026-04-01', 'a text that should be a date is none'],
    ['date(e.d)', 'soon', 'a text that should be a date is none'],
    ['plusDays(e.d, 1)', '2026-02-28', '2026-03-01'],
    ['plusDays(e.d, 1)', '9999-12-31', '9999-12-31'],
    ['plusDays(e.d, 1)', '9999-12-31T12:00:00Z', '9999-12-31T23:59:59.999Z'],
    ['plusDays(e.d, 9000000000)', '2026-01-01', 'more days are added than there are'],
    ['filetime(e.d)', '134167968000000000', '2026-03-01T00:00:00Z'],
    ['filetime(e.d)', '2650467743990000000', '9999-12-31T23:59:59Z'],
    ['filetime(e.d)', '9223372032559808511', undefined],
    ['generalizedTime(e.d)', '20260301120000.5Z', '2026-03-01T12:00:00.500Z'],
    ['generalizedTime(e.d)', '2026030112Z', '2026-03-01T12:00:00Z'],
    ['generalizedTime(e.d)', '20260301120000', 'a text that should be a generalised time is none'],
    ['before(e.d, "2026-04-01T00:00:00+01:00")', '2026-03-31', true],
    ['before(e.d, "2026-04-01")', '', false],
  ])('%s of %s', (expression, d, expected) => {
    expect(value(expression, { d })).toBe(expected);
  });

  test.each([
    ['date(e.d, "hello")', /^"hello" does not tell year, month and day/],
    ['date(e.d, "dd.MM.")', /^"dd.MM." does not tell year, month and day/],
    [
      'date(e.d, "DD.MM.YYYY")',
      /^"DD.MM.YYYY" writes days or years in capitals\. Did you mean "dd.MM.yyyy"\?/,
    ],
    ['date(e.d, e.f)', /^date\(\) takes a constant text/],
    ['startOfDay(e.d, "Europe/Pariss")', /^there is no time zone "Europe\/Pariss"/],
  ])('%s is refused at load', (expression, words) => {
    expect(faultsOf(expression)).toEqual([expect.stringMatching(words)]);
  });

  test('what is compared with the time it is says when it turns', () => {
    const entry = { end: '2026-03-10' };
    expect(given('before(now(), e.end)', { entry })).toEqual({
      value: true,
      warnings: [],
      changesAt: '2026-03-10T00:00:00.000Z',
    });
    const after = given('before(e.end, now())', { entry, at: '2026-03-10T00:00:00Z' });
    expect(after).toEqual({ value: false, warnings: [], changesAt: '2026-03-10T00:00:00.001Z' });
    expect(given('before(e.end, now())', { entry, at: '2026-03-10T00:00:00.001Z' })).toEqual({
      value: true,
      warnings: [],
    });
  });
});

test('the moment that is told is the one at which the answer turns', () => {
  const moment = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, moment, (at, wanted) => {
      const entry = { t: wanted.toISOString() };
      const now = given('reached(e.t)', { entry, at: at.toISOString() });
      expect(now.value).toBe(at >= wanted);
      expect(now.changesAt).toBe(at < wanted ? wanted.toISOString() : undefined);
    }),
    { numRuns: 50 },
  );
});

test('adding days and taking them off again changes nothing', () => {
  const day = fc.date({ min: new Date('1000-01-01'), max: new Date('9000-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.integer({ min: -10_000, max: 10_000 }), (date, days) => {
      const d = date.toISOString().slice(0, 10);
      expect(value(`plusDays(plusDays(e.d, ${days}), ${-days})`, { d })).toBe(d);
    }),
    { numRuns: 50 },
  );
});

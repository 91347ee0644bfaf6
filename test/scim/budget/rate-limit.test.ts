import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRateLimit } from '../../../app/scim/budget/rate-limit.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const in60 = new Date('2026-03-01T12:01:00Z');

describe('the end of a window in X-RateLimit-Reset', () => {
  const limits = { 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '7' };

  test.each([
    ['in seconds', '1772366460', {}, '2026-03-01T12:01:00.000Z'],
    ['in milliseconds', '1772366460500', {}, '2026-03-01T12:01:00.500Z'],
    ['as seconds from now', '60', {}, '2026-03-01T12:01:00.000Z'],
    [
      'with the server an hour ahead',
      '1772370060',
      { date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
      '2026-03-01T12:01:00.000Z',
    ],
    [
      'with the server an hour behind',
      '1772362860',
      { date: 'Sun, 01 Mar 2026 11:00:00 GMT' },
      '2026-03-01T12:01:00.000Z',
    ],
    [
      'as seconds from now, with the server an hour ahead',
      '60',
      { date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
      '2026-03-01T12:01:00.000Z',
    ],
    [
      'with a Date that only differs by its rounding',
      '1772366460',
      { date: 'Sun, 01 Mar 2026 11:59:59 GMT' },
      '2026-03-01T12:01:00.000Z',
    ],
    ['with a Date that is none', '1772366460', { date: 'today' }, '2026-03-01T12:01:00.000Z'],
  ])('%s', (_what, reset, extra, resetAt) => {
    expect(readRateLimit({ ...limits, 'x-ratelimit-reset': reset, ...extra }, NOW)).toEqual({
      limit: 120,
      remaining: 7,
      resetAt: new Date(resetAt),
    });
  });

  test.each([
    [{}],
    [limits],
    [{ ...limits, 'x-ratelimit-reset': 'soon' }],
    [{ ...limits, 'x-ratelimit-reset': '-1' }],
    [{ ...limits, 'x-ratelimit-reset': '9999999999999999' }],
    [{ ...limits, 'x-ratelimit-reset': '1872366460' }],
    [{ ...limits, 'x-ratelimit-limit': '0', 'x-ratelimit-reset': '1772366460' }],
  ])('is not believed where a header is missing or senseless: %j', (headers) => {
    expect(readRateLimit(headers, NOW)).toBeNull();
  });
});

test.each([
  ['minutes', '240', '2026-03-01T12:04:00.000Z'],
  ['a day', '86400', '2026-03-01T13:00:00.000Z'],
  ['a minute, told in milliseconds as if they were seconds', '60000', '2026-03-01T13:00:00.000Z'],
  ['a month', '1774958400', '2026-03-01T13:00:00.000Z'],
])('a limit that is spent for %s keeps nobody away for more than an hour', (_what, reset, resetAt) => {
  const headers = { 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
  expect(readRateLimit(headers, NOW)).toEqual({ limit: 120, remaining: 0, resetAt: new Date(resetAt) });
});

describe('the other spellings of a limit', () => {
  const seen = { limit: 100, remaining: 50, resetAt: new Date('2026-03-01T12:00:30Z') };

  test.each<[string, Record<string, string>]>([
    [
      'X-Rate-Limit-*',
      {
        'x-rate-limit-limit': '100',
        'x-rate-limit-remaining': '50',
        'x-rate-limit-reset': '1772366430',
      },
    ],
    [
      'RateLimit-*, with the policies behind the limit',
      {
        'ratelimit-limit': '100, 100;w=60, 1000;w=3600',
        'ratelimit-remaining': '50',
        'ratelimit-reset': '30',
      },
    ],
    ['one field, as the seventh draft has it', { ratelimit: 'limit=100, remaining=50, reset=30' }],
    [
      'one field, as later drafts have it',
      { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
    ],
    [
      'a name with a comma and a quote in it',
      { ratelimit: '"a, \\"b\\";c";r=50;t=30', 'ratelimit-policy': '"a, \\"b\\";c";q=100;w=60' },
    ],
    [
      'with blanks, a partition and comments',
      {
        ratelimit: ' "default" ; r=50 ; t=30 ; pk=:cHsdsRa894==: ',
        'ratelimit-policy': '"default"; q=100; w=60; pk=:cHsdsRa894==:; acme-burst=7',
      },
    ],
  ])('%s', (_what, headers) => {
    expect(readRateLimit(headers, NOW)).toEqual(seen);
  });

  test('without a time the policy’s window counts, and without a policy what is left is the limit', () => {
    const policy = { 'ratelimit-policy': '"default";q=100;w=60' };
    expect(readRateLimit({ ratelimit: '"default";r=50', ...policy }, NOW)).toEqual({
      ...seen,
      resetAt: in60,
    });
    expect(readRateLimit({ ratelimit: '"default";r=50;t=30' }, NOW)).toEqual({ ...seen, limit: 50 });
    expect(readRateLimit({ ratelimit: '"default";r=50' }, NOW)).toBeNull();
  });

  test('of several limits the tightest counts, and none that is not of requests', () => {
    const headers = {
      ratelimit: '"hour";r=800;t=1800, "minute";r=20;t=60, "bytes";r=5;t=60, "at once";r=1;t=1',
      'ratelimit-policy':
        '"minute";q=50;w=60,"hour";q=1000;w=3600;qu="requests","bytes";q=9;w=60;qu="content-bytes",' +
        '"at once";q=2;w=1;qu="concurrent-requests"',
    };
    expect(readRateLimit(headers, NOW)).toEqual({ limit: 50, remaining: 20, resetAt: in60 });
    const both = { ratelimit: 'limit=10, remaining=3, reset=60', 'x-ratelimit-limit': '100' };
    const wide = { 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': '1772366490' };
    expect(readRateLimit({ ...both, ...wide }, NOW)).toEqual({ limit: 10, remaining: 3, resetAt: in60 });
  });
});

const piece = fc.oneof(
  fc.constantFrom('"default"', 'r=', 't=', 'q=', ';', ',', '"', '\\', '=', 'limit', 'remaining=', ' ', '1e9'),
  fc.nat().map(String),
  fc.string(),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test('whatever the headers hold, there is no limit or one that makes sense', () => {
  const names = ['ratelimit', 'ratelimit-policy', 'x-ratelimit-limit', 'x-ratelimit-remaining'] as const;
  const more = [
    'x-ratelimit-reset',
    'ratelimit-limit',
    'ratelimit-remaining',
    'ratelimit-reset',
    'date',
  ] as const;
  const headers = fc.dictionary(fc.constantFrom(...names, ...more), text);
  fc.assert(
    fc.property(headers, (found) => {
      const limit = readRateLimit(found, NOW);
      if (limit === null) return;
      expect(Number.isSafeInteger(limit.limit) && limit.limit > 0).toBe(true);
      expect(limit.remaining >= 0 && limit.remaining <= limit.limit).toBe(true);
      expect(Number.isNaN(limit.resetAt.getTime())).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('what is written as the drafts say is read as it was meant', () => {
  const limit = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9 _.,;-]{0,12}$/),
    q: fc.integer({ min: 1, max: 10_000 }),
    left: fc.nat({ max: 10_000 }),
    t: fc.integer({ min: 1, max: 3_600 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(limit, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
      (limits) => {
        const all = limits.map((one) => ({ ...one, r: Math.min(one.left, one.q) }));
        const headers = {
          ratelimit: all.map(({ name, r, t }) => `"${name}";r=${r};t=${t}`).join(', '),
          'ratelimit-policy': all.map(({ name, q }) => `"${name}";q=${q}`).join(','),
        };
        const tightest = all.reduce((a, b) => (a.r <= b.r ? a : b));
        expect(readRateLimit(headers, NOW)).toEqual({
          limit: tightest.q,
          remaining: tightest.r,
          resetAt: new Date(NOW.getTime() + tightest.t * 1000),
        });
      },
    ),
  );
});

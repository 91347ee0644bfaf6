import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { profileNamed } from '../../../app/scim/index.ts';
import { aCall, type MemoryBudgets } from '../memory-ports.ts';
import { answering } from '../odd-server.ts';
import { failureOf, NOW, oddServerForEachTest, setUp } from '../set-up.ts';

const FIND = { by: 'id', value: 't-1' } as const;
const DATE = { date: NOW.toUTCString() };
const LIMITS = {
  'x-ratelimit-limit': '120',
  'x-ratelimit-remaining': '3',
  'x-ratelimit-reset': '1772366460',
};
const ANA = { id: 't-1', userName: 'ana' };

const server = oddServerForEachTest();

const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe('every request is taken out of the shared budget', () => {
  test('under the name of the credential and in the caller’s lane', async () => {
    server.answer = answering(200, ANA);
    const { target, budgets } = setUp(server.origin, { credential: 'shared' });
    await target.find(FIND, aCall({ lane: 'manual' }));
    expect(budgets.taken).toEqual([{ credential: 'shared', lane: 'manual' }]);
  });

  test('and is not sent where none is left', async () => {
    const { target, budgets } = setUp(server.origin);
    budgets.closedUntil = inSeconds(30);
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
      name: 'RateLimited',
      until: inSeconds(30),
    });
    expect(server.asked).toEqual([]);
  });

  test('and is not sent where the caller may not write any more', async () => {
    const { target } = setUp(server.origin);
    const beforeRequest = async () => {
      throw new LeaseLost('lease lost');
    };
    expect(await failureOf(target.find(FIND, aCall({ beforeRequest })))).toMatchObject({ name: 'LeaseLost' });
    expect(server.asked).toEqual([]);
  });

  test('and its ticket comes back unused where the caller may not write any more', async () => {
    const { target, budgets } = setUp(server.origin);
    const beforeRequest = async () => {
      throw new LeaseLost('lease lost');
    };
    await failureOf(target.find(FIND, aCall({ beforeRequest })));
    expect(budgets.settled.map(({ settlement }) => settlement)).toEqual([{ kind: 'unsent' }]);
  });

  test('and teaches what its answer says', async () => {
    server.answer = answering(200, ANA, { ...LIMITS, ...DATE });
    const { target, budgets } = setUp(server.origin);
    await target.find(FIND, aCall());
    expect(budgets.settled).toEqual([
      {
        credential: 'agileplace',
        settlement: { kind: 'told', limit: 120, remaining: 3, resetAt: inSeconds(60) },
        closing: null,
      },
    ]);
  });

  test('and tells that there is no limit only where the service itself answers without one', async () => {
    const { target, budgets } = setUp(server.origin);
    for (const [status, body] of [
      [200, ANA],
      [404, { Errors: [{ code: '404', description: 'gone' }] }],
      [502, '<html>gateway</html>'],
      [401, ''],
    ] as const) {
      server.answer = answering(status, body, status === 502 ? { 'content-type': 'text/html' } : {});
      await failureOf(target.find(FIND, aCall()));
    }
    await server.stop();
    await failureOf(target.find(FIND, aCall()));
    expect(budgets.settled.map(({ settlement }) => settlement.kind)).toEqual([
      'silent',
      'silent',
      'lost',
      'lost',
      'lost',
    ]);
  });

  test('and an answer is not lost where the budget cannot be kept', async () => {
    server.answer = answering(201, ANA, LIMITS);
    const { target, budgets } = setUp(server.origin);
    budgets.settle = async () => Promise.reject(new Error('store away'));
    expect(await target.create({ userName: 'ana' }, aCall())).toMatchObject({ kind: 'written' });
  });

  test('and waits here where one that is under way tells in a moment, but no longer', async () => {
    server.answer = answering(200, ANA);
    const { target, budgets } = setUp(server.origin);
    const waits = refusing(budgets, [20, 30, 40]);
    await target.find(FIND, aCall());
    expect(waits.asked).toBe(4);
    refusing(budgets, [100, 100, 100]);
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
      name: 'RateLimited',
      until: inSeconds(0.1),
    });
    expect(server.asked).toHaveLength(1);
  });

  test('and stops waiting when it is told to', async () => {
    const { target, budgets } = setUp(server.origin);
    refusing(budgets, [200, 200]);
    const signal = AbortSignal.timeout(5);
    expect(await failureOf(target.find(FIND, aCall({ signal })))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: false,
    });
    refusing(budgets, [200, 200]);
    const lost = AbortSignal.abort(new LeaseLost('gone'));
    expect(await failureOf(target.find(FIND, aCall({ signal: lost })))).toMatchObject({ name: 'LeaseLost' });
  });

  test('and a write that comes after its look-ups is put off less lightly, and may use what bulk work leaves', async () => {
    server.answer = answering(200, ANA);
    const { target, budgets } = setUp(server.origin);
    const call = aCall({ lane: 'bulk' });
    await target.find(FIND, call);
    refusing(budgets, [200, 100]);
    await target.create({ userName: 'ana' }, call);
    await target.create({ userName: 'ana' }, call);
    expect(budgets.taken.map(({ lane }) => lane)).toEqual(['bulk', 'update', 'bulk']);
  });

  test('and says which documented limits it falls under', async () => {
    server.answer = answering(200, ANA);
    const profile = profileNamed('slack');
    if (profile === null) throw new Error('there is no slack profile');
    const ownLimit = { requestsPerMinute: 90, burst: 3 };
    const { target, budgets } = setUp(`${server.origin}/scim/v1`, { profile, ownLimit });
    await target.find(FIND, aCall());
    server.answer = answering(429, '', { 'retry-after': '30', ...DATE });
    await failureOf(target.create({ userName: 'ana' }, aCall()));
    expect(budgets.passages.map(({ buckets }) => buckets.map(({ name }) => name))).toEqual([
      ['reads', 'read user', '*'],
      ['writes', 'create user', '*'],
    ]);
    expect(budgets.passages[1]?.buckets.slice(1)).toEqual([
      { name: 'create user', perMinute: 180, burst: 20, always: false },
      { name: '*', perMinute: 90, burst: 3, always: true },
    ]);
    expect(budgets.settled[1]?.closing).toEqual({
      until: inSeconds(30),
      buckets: ['writes', 'create user'],
    });
  });
});

/** In seconds; null: as if it were absent. */
const DELAYS: readonly (readonly [string, Record<string, string>, number | null])[] = [
  ['absent', {}, null],
  ['120', { 'retry-after': '120' }, 120],
  [' 120 ', { 'retry-after': ' 120 ' }, 120],
  ['an HTTP-date', { 'retry-after': 'Sun, 01 Mar 2026 12:02:00 GMT' }, 120],
  ['a date in RFC 850’s form', { 'retry-after': 'Sunday, 01-Mar-26 12:02:00 GMT' }, 120],
  [
    'an HTTP-date by a clock that is an hour fast',
    { 'retry-after': 'Sun, 01 Mar 2026 13:02:00 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
    120,
  ],
  ['a date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, null],
  ['0', { 'retry-after': '0' }, null],
  ['-5', { 'retry-after': '-5' }, null],
  ['abc', { 'retry-after': 'abc' }, null],
  ['1000abc', { 'retry-after': '1000abc' }, null],
  ['empty', { 'retry-after': '' }, null],
  ['1.5', { 'retry-after': '1.5' }, 1.5],
  ['2200000', { 'retry-after': '2200000' }, 3600],
  ['99999999999', { 'retry-after': '99999999999' }, 3600],
  ['the year 9999', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 3600],
];

describe('O-17: Retry-After in every spelling', () => {
  test.each(DELAYS)('429, %s', async (_what, headers, seconds) => {
    server.answer = answering(429, 'slow down', { ...DATE, ...headers });
    for (const random of [0, 1]) {
      const { target, budgets } = setUp(server.origin, { random: () => random });
      const jittered = (ms: number) => Math.min(3_600_000, Math.ceil(ms * (1 + 0.1 * random)));
      const until = inSeconds(seconds === null ? 1 + random : jittered(seconds * 1000) / 1000);
      expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({ name: 'RateLimited', until });
      expect(budgets.settled).toEqual([
        { credential: 'agileplace', settlement: { kind: 'lost' }, closing: { until, buckets: [] } },
      ]);
    }
    expect(server.asked).toHaveLength(2);
  });

  test.each(DELAYS)('503, %s', async (_what, headers, seconds) => {
    server.answer = answering(503, '', { ...DATE, ...headers });
    const { target, budgets } = setUp(server.origin);
    const notBefore = seconds === null ? null : inSeconds(seconds);
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      notBefore,
    });
    // Without a time the work is repeated by its own backoff, 1 to 2 s at first; nobody else is kept off.
    const closing = notBefore === null ? null : { until: notBefore, buckets: [] };
    expect(budgets.settled).toMatchObject([{ closing }]);
  });

  test.each(DELAYS)(
    '429 five times in a row, %s: no wait is shorter than the one before',
    async (_what, headers) => {
      server.answer = answering(429, '', { ...DATE, ...headers });
      const { target, budgets } = setUp(server.origin);
      for (let round = 0; round < 5; round += 1) await failureOf(target.find(FIND, aCall()));
      const waits = budgets.settled.map(({ closing }) => (closing?.until.getTime() ?? 0) - NOW.getTime());
      expect(waits).toEqual([...waits].sort((a, b) => a - b));
      expect(waits[0]).toBeGreaterThanOrEqual(1000);
    },
  );

  test('without any header five in a row wait longer each time, and a good answer starts anew', async () => {
    const { target, budgets } = setUp(server.origin);
    const limited = answering(429, '', DATE);
    for (let round = 0; round < 5; round += 1) {
      server.answer = limited;
      await failureOf(target.find(FIND, aCall()));
    }
    server.answer = answering(200, ANA);
    await target.find(FIND, aCall());
    server.answer = limited;
    await failureOf(target.find(FIND, aCall()));
    const untils = budgets.settled.map(({ closing }) => closing?.until ?? null);
    expect(untils).toEqual([1, 2, 4, 8, 16, null, 1].map((seconds) => seconds && inSeconds(seconds)));
  });

  test('without Retry-After a 429 waits until the window ends that its headers tell of', async () => {
    server.answer = answering(429, 'slow down', {
      ...DATE,
      'x-ratelimit-limit': '9',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1772366442',
    });
    const { target, budgets } = setUp(server.origin);
    await failureOf(target.find(FIND, aCall()));
    expect(budgets.settled).toEqual([
      {
        credential: 'agileplace',
        settlement: { kind: 'told', limit: 9, remaining: 0, resetAt: inSeconds(42) },
        closing: { until: inSeconds(42), buckets: [] },
      },
    ]);
  });

  test('503 with Retry-After to a write has written nothing', async () => {
    server.answer = answering(503, '', { 'retry-after': '30', ...DATE });
    const { target } = setUp(server.origin);
    expect(await failureOf(target.create({ userName: 'a' }, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      notBefore: inSeconds(30),
      outcomeUnknown: false,
    });
  });
});

/** Refuses the next requests for so many milliseconds each, then grants. */
function refusing(budgets: MemoryBudgets, milliseconds: number[]): { asked: number } {
  const { take } = budgets;
  const count = { asked: 0 };
  budgets.take = async (credential, passage) => {
    count.asked += 1;
    const wait = milliseconds.shift();
    if (wait === undefined) return await take(credential, passage);
    return { granted: false, until: new Date(NOW.getTime() + wait) };
  };
  return count;
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { aCall } from '../memory-ports.ts';
import { answering, type OddServer, startOddServer } from '../odd-server.ts';
import { closeTargets, failureOf, NOW, setUp } from '../set-up.ts';

const FIND = { by: 'id', value: 't-1' } as const;
const DATE = { date: NOW.toUTCString() };
const ANA = { id: 't-1', userName: 'ana' };

let server: OddServer;
beforeEach(async () => {
  server = await startOddServer();
});
afterEach(async () => {
  await closeTargets();
  await server.stop();
});

const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe('every request is taken out of the shared budget', () => {
  test('under the name of the credential and in the caller’s lane', async () => {
    server.answer = answering(200, ANA);
    const { target, budgets } = setUp(server.origin, { credential: 'shared' });
    await target.find(FIND, aCall({ lane: 'interactive' }));
    expect(budgets.taken).toEqual([{ credential: 'shared', lane: 'interactive' }]);
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

  test('and teaches what its answer says', async () => {
    const limits = {
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': '1772366460',
    };
    server.answer = answering(200, ANA, { ...limits, ...DATE });
    const { target, budgets } = setUp(server.origin);
    await target.find(FIND, aCall());
    expect(budgets.learnt).toEqual([
      { credential: 'agileplace', limit: 120, remaining: 3, resetAt: inSeconds(60) },
    ]);
  });

  test('and an answer is not lost where the budget cannot be kept', async () => {
    const limits = {
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': '1772366460',
    };
    server.answer = answering(201, ANA, limits);
    const { target, budgets } = setUp(server.origin);
    budgets.learn = async () => Promise.reject(new Error('store away'));
    expect(await target.create({ userName: 'ana' }, aCall())).toMatchObject({ kind: 'written' });
  });
});

describe('O-17: an answer that says "too many"', () => {
  test.each<[string, Record<string, string>, number]>([
    ['no header: 1 to 2 s', {}, 1],
    ['seconds', { 'retry-after': '120' }, 120],
    ['an HTTP-date', { 'retry-after': 'Sun, 01 Mar 2026 12:02:00 GMT' }, 120],
    [
      'an HTTP-date by a clock that is an hour fast',
      { 'retry-after': 'Sun, 01 Mar 2026 13:02:00 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
      120,
    ],
    ['a date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 1],
    ['zero', { 'retry-after': '0' }, 1],
    ['nonsense', { 'retry-after': '1000abc' }, 1],
    ['the year 9999', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 3600],
    [
      'the end of the window',
      { 'x-ratelimit-limit': '9', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1772366442' },
      42,
    ],
  ])('%s', async (_what, headers, seconds) => {
    server.answer = answering(429, 'slow down', { ...DATE, ...headers });
    const { target, budgets } = setUp(server.origin);
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
      name: 'RateLimited',
      until: inSeconds(seconds),
    });
    expect(budgets.exhausted).toEqual([{ credential: 'agileplace', until: inSeconds(seconds) }]);
    expect(server.asked).toHaveLength(1);
  });

  test('five in a row without a header wait longer each time, and a good answer starts anew', async () => {
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
    expect(budgets.exhausted.map(({ until }) => until)).toEqual([1, 2, 4, 8, 16, 1].map(inSeconds));
  });

  test('503 with Retry-After pauses too, says when to come back, and has written nothing', async () => {
    server.answer = answering(503, '', { 'retry-after': '30', ...DATE });
    const { target, budgets } = setUp(server.origin);
    expect(await failureOf(target.create({ userName: 'a' }, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      notBefore: inSeconds(30),
      outcomeUnknown: false,
    });
    expect(budgets.exhausted).toEqual([{ credential: 'agileplace', until: inSeconds(30) }]);
  });
});

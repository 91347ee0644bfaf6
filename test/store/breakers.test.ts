import { describe, expect, test } from 'vitest';
import { createBreakers } from '../../app/store/breakers.ts';
import { ada, bob, later, store, T0, useRedis } from './use-redis.ts';

useRedis();

describe('the breaker', () => {
  const timing = { firstMs: 30_000, longestMs: 60_000 };

  test('opens after so many failures in a row, and once', async () => {
    const breakers = createBreakers(store, timing);
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
    expect(await breakers.blockedUntil('agileplace', T0, ada)).toBeNull();
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(true);
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
    expect(await breakers.blockedUntil('agileplace', later(1), ada)).toEqual({
      until: later(30),
      reason: 'down',
    });
  });

  test('a success in between starts the count again', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 2, T0);
    await breakers.succeed('agileplace', ada);
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
  });

  test('lets one probe through a period, doubles the period when it fails, up to the longest', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 1, T0);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    expect((await breakers.blockedUntil('agileplace', later(30), ada))?.until).toEqual(later(60));
    await breakers.fail('agileplace', 'down', 1, later(31));
    expect((await breakers.blockedUntil('agileplace', later(32), ada))?.until).toEqual(later(91));
    expect(await breakers.blockedUntil('agileplace', later(91), ada)).toBeNull();
    await breakers.fail('agileplace', 'down', 1, later(92));
    expect((await breakers.blockedUntil('agileplace', later(93), ada))?.until).toEqual(later(152));
  });

  test('a probe that asked nothing is given to the next one; nobody else can give it away', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 1, T0);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    await breakers.notProbed('agileplace', later(31), bob);
    expect((await breakers.blockedUntil('agileplace', later(31), ada))?.until).toEqual(later(60));
    await breakers.notProbed('agileplace', later(32), ada);
    expect(await breakers.blockedUntil('agileplace', later(32), ada)).toBeNull();
    expect((await breakers.blockedUntil('agileplace', later(33), ada))?.until).toEqual(later(62));
  });

  test('closes when the probe goes well', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'unauthorized', 1, T0);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    expect(await breakers.succeed('agileplace', ada)).toBe(true);
    expect(await breakers.view('agileplace')).toBeNull();
    expect(await breakers.succeed('agileplace', ada)).toBe(false);
  });

  test('stays open whatever was under way when it opened, so that there is one alert (O-19)', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'unauthorized', 1, T0);
    expect(await breakers.succeed('agileplace', bob)).toBe(false);
    expect(await breakers.fail('agileplace', 'unauthorized', 1, T0)).toBe(false);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    expect(await breakers.succeed('agileplace', bob)).toBe(false);
    expect(await breakers.succeed('agileplace', ada)).toBe(true);
  });

  test("closes at an operator's word", async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'unauthorized', 1, T0);
    expect(await breakers.succeed('agileplace', null)).toBe(true);
    expect(await breakers.view('agileplace')).toBeNull();
  });
});

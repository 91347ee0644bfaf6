import { describe, expect, test } from 'vitest';
import { createBudgets } from '../../app/store/budgets.ts';
import { later, store, T0, useRedis } from './use-redis.ts';

useRedis();

describe('the request budget', () => {
  test('an answer that was under way does not lift what the target asked for', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.exhaust('ops', later(120));
    await budgets.learn('ops', { limit: 100, remaining: 50, resetAt: later(30) });
    expect(await budgets.take('ops', 'interactive', later(31))).toEqual({
      granted: false,
      until: later(120),
    });
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 0,
      resetAt: later(120).toISOString(),
    });
  });

  test('grants while nothing is known, and then what the target says is left', async () => {
    const budgets = createBudgets(store, () => T0);
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: true });
    await budgets.learn('ops', { limit: 2, remaining: 1, resetAt: later(60) });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: true });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: false, until: later(60) });
    expect(await budgets.take('ops', 'bulk', later(60))).toEqual({ granted: true });
  });

  test('an answer that was overtaken does not raise what is left', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 40, resetAt: later(60) });
    await budgets.learn('ops', { limit: 100, remaining: 45, resetAt: later(61) });
    expect((await budgets.view('ops'))?.remaining).toBe(40);
  });

  test('a new window replaces the old one', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 0, resetAt: later(60) });
    await budgets.learn('ops', { limit: 100, remaining: 99, resetAt: later(120) });
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 99,
      resetAt: later(120).toISOString(),
    });
  });

  test('an answer from a window that is over changes nothing', async () => {
    const budgets = createBudgets(store, () => later(61));
    await budgets.learn('ops', { limit: 100, remaining: 99, resetAt: later(120) });
    await budgets.learn('ops', { limit: 100, remaining: 3, resetAt: later(60) });
    expect((await budgets.view('ops'))?.remaining).toBe(99);
  });

  test('a window that the target made shorter is believed', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 1_000, remaining: 900, resetAt: later(60) });
    await budgets.learn('ops', { limit: 3, remaining: 1, resetAt: later(5) });
    expect(await budgets.view('ops')).toEqual({ limit: 3, remaining: 1, resetAt: later(5).toISOString() });
    await budgets.exhaust('ops', later(2));
    expect(await budgets.take('ops', 'interactive', later(2))).toEqual({ granted: true });
  });

  test('bulk work leaves a tenth for interactive work', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 10, resetAt: later(60) });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: false, until: later(60) });
    expect(await budgets.take('ops', 'interactive', T0)).toEqual({ granted: true });
  });

  test('what the target refused is not asked for before its time', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.exhaust('ops', later(30));
    expect(await budgets.take('ops', 'interactive', later(29))).toEqual({ granted: false, until: later(30) });
    expect(await budgets.take('ops', 'interactive', later(30))).toEqual({ granted: true });
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { createBudgets } from '../../app/store/budgets.ts';
import type { Bucket, Budgets, Closing, Settlement } from '../../app/store/ports/index.ts';
import { later, store, T0, useRedis } from './use-redis.ts';

useRedis();

let now = T0;
let budgets: Budgets;
beforeEach(() => {
  now = T0;
  budgets = createBudgets(store, () => now);
});

const at = (seconds: number) => {
  now = later(seconds);
};
const take = (lane: 'bulk' | 'update' = 'update', buckets: readonly Bucket[] = []) =>
  budgets.take('ops', { lane, ticketMs: 40_000, buckets });

async function ticket(lane: 'bulk' | 'update' = 'update', buckets: readonly Bucket[] = []): Promise<string> {
  const grant = await take(lane, buckets);
  if (!grant.granted) throw new Error(`not granted before ${grant.until.toISOString()}`);
  return grant.ticket;
}

const told = (limit: number, remaining: number, resetAt: Date): Settlement => ({
  kind: 'told',
  limit,
  remaining,
  resetAt,
});
const settle = (given: string, settlement: Settlement, closing: Closing | null = null) =>
  budgets.settle('ops', given, settlement, closing);
const answered = async (...said: Parameters<typeof told>) => settle(await ticket(), told(...said));
/** In seconds after the beginning, 0 where it is granted. */
const refusedFor = async (lane: 'bulk' | 'update' = 'update', buckets: readonly Bucket[] = []) => {
  const grant = await take(lane, buckets);
  return grant.granted ? 0 : (grant.until.getTime() - T0.getTime()) / 1000;
};
const remaining = async () => (await budgets.view('ops'))?.remaining;

describe('at the beginning, and when a window is over', () => {
  test('one request goes alone, and the others wait as long as such an answer takes', async () => {
    const scout = await ticket();
    at(0.03);
    expect(await refusedFor()).toBe(0.1);
    at(0.2);
    await settle(scout, told(100, 99, later(60)));
    expect(await refusedFor()).toBe(0);
    expect(await remaining()).toBe(98);
    at(60);
    await ticket();
    expect(await refusedFor()).toBe(60.2);
  });

  test('who waits for a slow answer asks less and less often', async () => {
    await ticket();
    const asked: number[] = [];
    for (let time = 0; time < 2; ) {
      at(time);
      time = await refusedFor();
      asked.push(time);
    }
    expect(asked).toEqual([0.1, 0.15, 0.225, 0.338, 0.507, 0.761, 1.142, 1.713, 2.57]);
  });

  test('another goes where the first is lost, and at once where it was not sent', async () => {
    const unsent = await ticket();
    await settle(unsent, { kind: 'unsent' });
    const failed = await ticket();
    await settle(failed, { kind: 'lost' });
    await ticket();
    at(1.999);
    expect(await refusedFor()).toBeGreaterThan(2);
    at(2);
    await ticket();
  });

  test('where the answer says nothing of a limit everything is granted, until one does', async () => {
    await settle(await ticket(), { kind: 'silent' });
    expect(await budgets.view('ops')).toBeNull();
    const both = [await ticket(), await ticket()];
    await settle(both[0] ?? '', told(10, 8, later(60)));
    expect(await remaining()).toBe(7);
    await settle(both[1] ?? '', told(10, 9, later(60)));
    expect(await remaining()).toBe(8);
  });

  test('where only this window’s answer says nothing of the limit, it was lost on the way', async () => {
    await answered(10, 9, later(60));
    await settle(await ticket(), { kind: 'silent' });
    expect(await remaining()).toBe(8);
    await answered(10, 7, later(60));
    expect(await remaining()).toBe(7);
  });
});

describe('within a window', () => {
  test('what is under way is not granted again, and every point can be used', async () => {
    await answered(4, 3, later(60));
    const out = [await ticket(), await ticket(), await ticket()];
    expect(await refusedFor()).toBe(0.01);
    await settle(out[2] ?? '', told(4, 2, later(60)));
    expect(await refusedFor()).toBeLessThan(1);
    await settle(out[0] ?? '', told(4, 1, later(60)));
    await settle(out[1] ?? '', told(4, 0, later(60)));
    expect(await refusedFor()).toBe(60);
    at(60);
    expect(await refusedFor()).toBe(0);
  });

  test('an answer that was overtaken does not raise what is left', async () => {
    await answered(100, 40, later(60));
    const [first, second] = [await ticket(), await ticket()];
    await settle(second, told(100, 37, later(60)));
    await settle(first, told(100, 39, later(61)));
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 37,
      resetAt: later(61).toISOString(),
    });
  });

  test('what others spend with the same credential is gone for us, too', async () => {
    await answered(100, 40, later(60));
    await answered(100, 3, later(60));
    expect(await remaining()).toBe(3);
  });

  test('a request without an answer counts until a later one tells', async () => {
    await answered(10, 5, later(60));
    const [lost, early] = [await ticket(), await ticket()];
    await settle(lost, { kind: 'lost' });
    expect(await remaining()).toBe(3);
    await settle(early, told(10, 4, later(60)));
    expect(await remaining()).toBe(3);
    await answered(10, 2, later(60));
    expect(await remaining()).toBe(2);
  });

  test('a request that never left costs nothing', async () => {
    await answered(10, 5, later(60));
    await settle(await ticket(), { kind: 'unsent' });
    expect(await remaining()).toBe(5);
  });

  test('what a dead process took comes back when its time is over, with the next answer', async () => {
    await answered(10, 5, later(60));
    await ticket();
    at(40);
    const next = await ticket();
    expect(await remaining()).toBe(3);
    await settle(next, told(10, 3, later(60)));
    expect(await remaining()).toBe(3);
  });

  test('a window that the target opens anew meanwhile replaces the old one', async () => {
    await answered(100, 1, later(60));
    at(30);
    await answered(100, 99, later(90));
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 99,
      resetAt: later(90).toISOString(),
    });
  });

  test('an answer from before does not bring the old window back, nor does one of a window that is over', async () => {
    await answered(100, 3, later(60));
    const old = await ticket();
    at(30);
    await answered(100, 99, later(90));
    await settle(old, told(100, 2, later(60)));
    expect(await remaining()).toBe(99);
    const late = await ticket();
    at(60);
    await settle(late, told(100, 3, later(60)));
    expect(await remaining()).toBe(99);
  });

  test('a window that the target made shorter is believed', async () => {
    await answered(1_000, 900, later(60));
    await answered(3, 1, later(5));
    expect(await budgets.view('ops')).toEqual({ limit: 3, remaining: 1, resetAt: later(5).toISOString() });
  });

  test('of a new window what was sent after its first answer is taken off', async () => {
    await answered(100, 50, later(60));
    at(30);
    const opening = await ticket();
    const others = [await ticket(), await ticket(), await ticket()];
    await settle(others[0] ?? '', { kind: 'unsent' });
    await settle(opening, told(100, 90, later(90)));
    expect(await remaining()).toBe(87);
  });

  test('windows of a second are told apart, though their ends are told in whole seconds', async () => {
    await answered(20, 0, later(2));
    expect(await refusedFor()).toBe(2);
    at(2.01);
    await answered(20, 19, later(4));
    expect(await remaining()).toBe(19);
  });
});

describe('a target that tells the end of a window too early', () => {
  test('is met once too early, and then a second later', async () => {
    await answered(10, 0, later(60));
    at(60);
    await settle(await ticket(), told(10, 0, later(60)), { until: later(61), buckets: [] });
    at(61);
    await answered(10, 9, later(120));
    expect((await budgets.view('ops'))?.resetAt).toBe(later(121).toISOString());
  });
});

describe('bulk work', () => {
  test('leaves a tenth of the window to the others, less and less towards its end', async () => {
    await answered(100, 11, later(60));
    const bulk = await ticket('bulk');
    await settle(bulk, told(100, 10, later(60)));
    expect(await refusedFor('bulk')).toBe(0.001);
    at(1);
    await settle(await ticket('bulk'), told(100, 9, later(60)));
    // The last of ten points is free a tenth of the time before 57 s, when all are.
    expect(await refusedFor('bulk')).toBe(5.701);
    expect(await refusedFor('update')).toBe(0);
    at(52);
    expect(await refusedFor('bulk')).toBe(0);
  });

  test('waits for an answer that is under way rather than for the reserve, where that may set it free', async () => {
    await answered(100, 20, later(60));
    for (let n = 0; n < 10; n += 1) await ticket();
    expect(await refusedFor('bulk')).toBeLessThan(1);
  });
});

describe('what the target refuses', () => {
  test('is not asked for before its time, whatever other answers say', async () => {
    const [first] = [await ticket()];
    await settle(first, { kind: 'lost' }, { until: later(30), buckets: [] });
    at(29);
    expect(await refusedFor()).toBe(30);
    expect(await budgets.view('ops')).toEqual({ limit: 0, remaining: 0, resetAt: later(30).toISOString() });
    at(30);
    expect(await refusedFor()).toBe(0);
  });

  test('stays refused until the latest time that was named', async () => {
    const out = [await ticket()];
    await settle(out[0] ?? '', told(100, 99, later(60)));
    const [a, b] = [await ticket(), await ticket()];
    await settle(a, told(100, 0, later(60)), { until: later(120), buckets: [] });
    await settle(b, told(100, 50, later(60)), { until: later(90), buckets: [] });
    at(119);
    expect(await refusedFor()).toBe(120);
  });
});

describe('limits that no answer tells of', () => {
  const writes: Bucket = { name: 'writes', perMinute: 600, burst: 4, always: false };
  const creates: Bucket = { name: 'creates', perMinute: 60, burst: 2, always: false };

  beforeEach(async () => {
    await settle(await ticket(), { kind: 'silent' });
  });

  test('let a burst go, and then so many a minute', async () => {
    for (let n = 0; n < 4; n += 1) await ticket('update', [writes]);
    expect(await refusedFor('update', [writes])).toBe(0.1);
    at(0.1);
    await ticket('update', [writes]);
    expect(await refusedFor('update', [writes])).toBe(0.2);
  });

  test('are taken from together or not at all', async () => {
    await ticket('update', [writes, creates]);
    await ticket('update', [writes, creates]);
    for (let n = 0; n < 5; n += 1) expect(await refusedFor('update', [writes, creates])).toBe(1);
    await ticket('update', [writes]);
    await ticket('update', [writes]);
    expect(await refusedFor('update', [writes])).toBe(0.1);
  });

  test('keep a tenth of the burst from bulk work, which still gets so many a minute', async () => {
    const wide: Bucket = { name: 'wide', perMinute: 60, burst: 20, always: false };
    for (let n = 0; n < 18; n += 1) await ticket('bulk', [wide]);
    expect(await refusedFor('bulk', [wide])).toBe(1);
    await ticket('update', [wide]);
    await ticket('update', [wide]);
    expect(await refusedFor('update', [wide])).toBe(1);
  });

  test('are closed by a refusal, and only those that the request belonged to', async () => {
    const given = await ticket('update', [writes, creates]);
    await settle(given, { kind: 'lost' }, { until: later(30), buckets: ['creates'] });
    expect(await refusedFor('update', [writes, creates])).toBe(30);
    expect(await refusedFor('update', [writes])).toBe(0);
  });

  test('do not count where answers tell, but for the operator’s own', async () => {
    const own: Bucket = { name: '*', perMinute: 60, burst: 1, always: true };
    const given = await ticket('update', [creates]);
    await settle(given, told(100, 99, later(60)));
    for (let n = 0; n < 9; n += 1) await ticket('update', [creates]);
    await ticket('update', [own]);
    expect(await refusedFor('update', [own])).toBe(1);
  });

  test('and there a refusal closes everything', async () => {
    await settle(await ticket(), told(100, 99, later(60)));
    await settle(await ticket(), told(100, 0, later(60)), { until: later(45), buckets: ['creates'] });
    expect(await refusedFor()).toBe(45);
  });
});

test('credentials do not share a budget', async () => {
  await answered(10, 0, later(60));
  expect(await budgets.take('other', { lane: 'bulk', ticketMs: 1, buckets: [] })).toMatchObject({
    granted: true,
  });
});

test('when Redis has forgotten everything, an answer from before does no harm', async () => {
  for (let n = 0; n < 5; n += 1) await settle(await ticket(), told(100, 90, later(60)));
  const given = await ticket();
  await store.redis.flushall();
  await settle(given, told(100, 80, later(60)));
  expect(await remaining()).toBe(80);
  expect(await refusedFor()).toBe(0);
});

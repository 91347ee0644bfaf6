import { describe, expect, test } from 'vitest';
import { createHolds } from '../../app/store/holds.ts';
import { createRuns } from '../../app/store/runs.ts';
import { ada, later, store, T0, useRedis } from './use-redis.ts';

useRedis();

test('a held run is found however many runs came after it', async () => {
  const runs = createRuns(store);
  const run = {
    id: 'h',
    kind: 'sweep',
    state: 'held',
    startedAt: T0.toISOString(),
    source: 'corp',
    counts: {},
  } as const;
  await runs.put(run);
  for (let n = 0; n < 20; n += 1)
    await runs.put({ ...run, id: `p${n}`, state: 'ok', startedAt: later(n + 1).toISOString() });
  expect((await runs.list({ state: 'held', source: 'corp', limit: 5 })).map((found) => found.id)).toEqual([
    'h',
  ]);
  await runs.put({ ...run, state: 'released' });
  expect(await runs.list({ state: 'held', limit: 5 })).toEqual([]);
  expect((await runs.list({ limit: 2 })).map((found) => found.id)).toEqual(['p19', 'p18']);
});

test('a held run is kept without end, also where something of it was rejected', async () => {
  const runs = createRuns(store);
  const run = { id: 'h', kind: 'sweep', state: 'held', startedAt: T0.toISOString(), counts: {} } as const;
  await runs.put(run);
  await runs.keep('h');
  expect(await store.redis.ttl(store.key('run', 'h'))).toBe(-1);
  await runs.put({ ...run, state: 'released' });
  await store.redis.expire(store.key('run', 'h'), 10);
  await runs.keep('h');
  expect(await store.redis.ttl(store.key('run', 'h'))).toBeGreaterThan(1_000);
});

describe('guard runs', () => {
  const guard = (id: string) =>
    ({
      id,
      kind: 'guard',
      state: 'held',
      startedAt: T0.toISOString(),
      target: 'agileplace',
      counts: {},
    }) as const;

  test('of one target are never two at once, however many begin together', async () => {
    const runs = createRuns(store);
    const opened = await Promise.all(['g1', 'g2', 'g3', 'g4'].map((id) => runs.openGuard(guard(id))));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await runs.list({ state: 'held', limit: 10 })).toHaveLength(1);
    expect(await runs.openGuard({ ...guard('g5'), target: 'other' })).toMatchObject({ id: 'g5' });
  });

  test('that ended are opened again, unless another has taken their place', async () => {
    const runs = createRuns(store);
    const first = await runs.openGuard(guard('g1'));
    expect(await runs.end({ ...first, state: 'released' })).toBe(true);
    expect(await runs.openGuard(guard('g1'))).toMatchObject({ id: 'g1', state: 'held' });
    await runs.end({ ...first, state: 'released' });
    await runs.openGuard(guard('g2'));
    expect(await runs.openGuard(guard('g1'))).toMatchObject({ id: 'g2' });
    expect(await runs.get('g1')).toMatchObject({ state: 'released' });
  });
});

test('a run does not end while it holds somebody, and is not written over what somebody else wrote', async () => {
  const runs = createRuns(store);
  const holds = createHolds(store, () => T0);
  const run = { id: 'r', kind: 'poll', state: 'held', startedAt: T0.toISOString(), counts: {} } as const;
  await runs.put(run);
  await holds.put('r', [{ key: ada, target: 'agileplace' }]);
  expect(await runs.end({ ...run, state: 'released' })).toBe(false);
  expect(await runs.replace(run, { ...run, actor: 'ops' })).toBe(true);
  expect(await runs.replace(run, { ...run, actor: 'eve' })).toBe(false);
  expect(await runs.get('r')).toEqual({ ...run, actor: 'ops' });
  await holds.clear('agileplace', ada);
  expect(await runs.end({ ...run, state: 'released' })).toBe(true);
  expect(await runs.list({ state: 'held', limit: 5 })).toEqual([]);
});

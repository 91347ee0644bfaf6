import { expect, test } from 'vitest';
import { createRuns } from '../../app/store/runs.ts';
import { later, store, T0, useRedis } from './use-redis.ts';

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

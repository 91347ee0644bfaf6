import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PersonKey, personKey } from '../../app/person/anchor.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createHolds } from '../../app/store/holds.ts';
import { createRuns } from '../../app/store/runs.ts';
import { createTallies } from '../../app/store/tallies.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { id, later, T0 } from './use-redis.ts';

const HOUR = 3_600_000;
const keys: readonly PersonKey[] = Array.from({ length: 8 }, (_, n) => personKey('corp', id(`p${n}`)));

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis('', true);
});
afterAll(() => server.stop());

test('a kill of Redis in the middle neither lets more go, nor loses what was held or decided', async () => {
  const redis = connect(server.url);
  redis.on('error', () => {});
  const store = createStore(redis, 'landbridge');
  const [tallies, holds, runs] = [createTallies(store), createHolds(store, () => T0), createRuns(store)];
  const begun = {
    kind: 'guard',
    state: 'held',
    startedAt: T0.toISOString(),
    target: 'agileplace',
    counts: {},
  } as const;
  const admitted: boolean[] = [];
  for (const [second, key] of keys.entries()) {
    if (second === 4) {
      await server.restart();
      // The scripts are gone as well.
      expect(await redis.script('EXISTS', '0'.repeat(40))).toEqual([0]);
    }
    const answer = await tallies.admit('removals', key, 3, HOUR, later(second));
    admitted.push(answer.admitted);
    if (answer.admitted) continue;
    const run = await runs.openGuard({ ...begun, id: `g${second}` });
    await holds.put(run.id, [{ key, target: 'agileplace' }]);
    if (second !== 3) continue;
    const rejection = { run: run.id, actor: 'ops', at: T0.toISOString(), reason: 'no' };
    await holds.reject(await holds.list(run.id), rejection);
  }
  expect(admitted).toEqual([true, true, true, false, false, false, false, false]);
  expect((await holds.list('g3')).map(({ key }) => key).sort()).toEqual(keys.slice(4));
  expect((await holds.rejected()).map(({ removal }) => removal.key)).toEqual([keys[3]]);
  expect(await runs.list({ state: 'held', limit: 10 })).toMatchObject([{ id: 'g3' }]);
  redis.disconnect();
});

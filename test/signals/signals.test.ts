import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { personKey, type StableId } from '../../app/person/anchor.ts';
import { createLogger } from '../../app/signals/log.ts';
import { COUNTERS, GAUGES } from '../../app/signals/metric-names.ts';
import { createMetrics } from '../../app/signals/metrics.ts';
import { createSignals } from '../../app/signals/signals.ts';
import type { Watermark } from '../../app/sources/source.ts';
import { connect, createStore, type Store } from '../../app/store/connection.ts';
import { createCounters } from '../../app/store/counters.ts';
import { createStores } from '../../app/store/stores.ts';
import { learnBudget } from '../support/learn-budget.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const T0 = new Date('2026-03-01T12:00:00Z');
const later = (seconds: number) => new Date(T0.getTime() + seconds * 1000);
const ada = personKey('corp', 'a1' as StableId);

let server: TestRedis;
let redis: Redis;
let store: Store;
beforeAll(async () => {
  server = await startRedis();
  redis = connect(server.url);
  store = createStore(redis, 'landbridge');
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function setup() {
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', name: 'worker' }, { write: (line) => void lines.push(line) });
  const counters = createCounters(store);
  return {
    signals: createSignals(log, counters),
    counters,
    parsed: () => lines.map((line) => JSON.parse(line)),
  };
}

describe('what happened', () => {
  test('another way to follow a source warns, the first one does not', async () => {
    const { signals, parsed } = setup();
    signals.trackingChanged({ source: 'corp', before: null, now: 'content-sync', notices: [] });
    const notices = ['not read by content-sync: the server does not offer it'];
    signals.trackingChanged({ source: 'corp', before: 'content-sync', now: 'time-stamps', notices });
    expect(parsed()).toMatchObject([
      { level: 'info', source: 'corp', before: null, now: 'content-sync' },
      {
        level: 'warn',
        msg: 'changes are followed anew',
        before: 'content-sync',
        now: 'time-stamps',
        notices,
      },
    ]);
  });

  test('is a log line and a count', async () => {
    const { signals, counters, parsed } = setup();
    signals.applied({ target: 'agileplace', person: ada, action: 'update', markedAt: T0, at: later(2.5) });
    signals.held({ target: 'agileplace', person: ada, reason: 'held with run r1' });
    signals.runEnded({
      run: 'r1',
      kind: 'sweep',
      state: 'held',
      counts: { missing: 3 },
      source: 'corp',
      tracking: 'time-stamps',
    });
    await signals.settled();
    expect(parsed()).toMatchObject([
      {
        level: 'info',
        msg: 'applied',
        target: 'agileplace',
        person: 'corp:a1',
        action: 'update',
        waitedSeconds: 2.5,
      },
      { level: 'info', msg: 'held', reason: 'held with run r1' },
      {
        level: 'info',
        msg: 'run ended',
        run: 'r1',
        state: 'held',
        counts: { missing: 3 },
        source: 'corp',
        tracking: 'time-stamps',
      },
    ]);
    expect(await sorted(counters.all())).toEqual([
      { name: 'landbridge_applied_total', labels: { target: 'agileplace', action: 'update' }, value: 1 },
      { name: 'landbridge_apply_wait_seconds_total', labels: { target: 'agileplace' }, value: 2.5 },
      { name: 'landbridge_held_total', labels: { target: 'agileplace' }, value: 1 },
      { name: 'landbridge_runs_total', labels: { kind: 'sweep', state: 'held' }, value: 1 },
    ]);
  });

  test('that a person should look at is an alert, without the words of the target', async () => {
    const { signals, counters, parsed } = setup();
    signals.alert({ kind: 'target-paused', target: 'agileplace', reason: 'status 401' });
    signals.alert({
      kind: 'dead-letter',
      target: 'agileplace',
      person: ada,
      reason: 'canary@example.test is taken',
    });
    await signals.settled();
    expect(parsed()).toMatchObject([
      { level: 'warn', alert: true, kind: 'target-paused', target: 'agileplace', reason: 'status 401' },
      { level: 'warn', alert: true, kind: 'dead-letter', person: 'corp:a1' },
    ]);
    expect(JSON.stringify(parsed())).not.toContain('canary');
    expect(await sorted(counters.all())).toEqual([
      { name: 'landbridge_alerts_total', labels: { kind: 'dead-letter' }, value: 1 },
      { name: 'landbridge_alerts_total', labels: { kind: 'target-paused' }, value: 1 },
    ]);
  });

  test('that holds something says how it is released', async () => {
    const { signals, parsed } = setup();
    signals.alert({ kind: 'run-held', run: 'r1', source: 'corp', reason: 'would remove 7 of 25' });
    signals.alert({ kind: 'removals-held', run: 'r2', target: 'agileplace', reason: '6 within 1 h' });
    await signals.settled();
    expect(parsed().map(({ kind, run, release }) => ({ kind, run, release }))).toEqual([
      {
        kind: 'run-held',
        run: 'r1',
        release: 'see GET /v1/runs/r1; where it says releasable, POST /v1/runs/r1/release',
      },
      { kind: 'removals-held', run: 'r2', release: 'POST /v1/runs/r2/release' },
    ]);
  });

  test('is added up over all processes', async () => {
    const [one, other] = [setup(), setup()];
    for (const { signals } of [one, other, one]) {
      signals.targetResumed('agileplace');
      await signals.settled();
    }
    expect(await other.counters.all()).toEqual([
      { name: 'landbridge_target_resumed_total', labels: { target: 'agileplace' }, value: 3 },
    ]);
  });

  test('goes on where it cannot be counted', async () => {
    const { parsed, counters } = setup();
    const log = createLogger({ level: 'debug', name: 'worker' }, { write: () => {} });
    const signals = createSignals(log, { ...counters, add: () => Promise.reject(new Error('no Redis')) });
    signals.targetResumed('agileplace');
    await signals.settled();
    expect([parsed(), await counters.all()]).toEqual([[], []]);
  });
});

describe('metrics', () => {
  const metrics = () => {
    const names = { targets: ['agileplace'], sources: ['corp'] };
    const stores = createStores(store, names, { firstMs: 1_000, longestMs: 1_000 }, () => T0);
    const parts = {
      ...stores,
      counters: createCounters(store),
      targets: [{ name: 'agileplace', credential: 'shared' }],
      sources: [{ name: 'corp', pushes: true }],
      queueOf: async () => ({ waiting: 4 }),
      now: () => later(90),
    };
    return { stores, metrics: createMetrics(parts) };
  };
  const values = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('show at the moment they are asked for what waits, what is out of order and how old knowledge is', async () => {
    const { stores, metrics: made } = metrics();
    await stores.due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    await stores.breakers.fail('agileplace', 'status 401', 1, T0);
    await learnBudget(stores.budgets, 'shared', { limit: 120, remaining: 7, resetAt: later(60) });
    await stores.paces.tell('agileplace', 'worker-1', 4);
    await stores.paces.tell('agileplace', 'worker-2', 3);
    await stores.holds.put('r1', [{ key: ada, target: 'agileplace' }]);
    const lease = await stores.leases.acquire('read:corp', 1_000);
    if (lease !== null) await stores.watermarks.put('corp', 'w1' as Watermark, lease);
    const listener = await stores.leases.acquire('watch:corp', 1_000);
    if (listener !== null) await stores.watches.heard('corp', listener);
    expect(values(await made.render())).toEqual([
      'landbridge_due{target="agileplace"} 1',
      'landbridge_dead_letters{target="agileplace"} 0',
      'landbridge_references_waiting{target="agileplace"} 0',
      'landbridge_active_accounts{target="agileplace"} 0',
      'landbridge_breaker_open{target="agileplace"} 1',
      'landbridge_budget_limit{target="agileplace"} 120',
      'landbridge_budget_remaining{target="agileplace"} 7',
      `landbridge_budget_reset_timestamp_seconds{target="agileplace"} ${later(60).getTime() / 1000}`,
      'landbridge_target_concurrency{target="agileplace"} 7',
      'landbridge_queue_jobs{target="agileplace",state="waiting"} 4',
      'landbridge_holds 1',
      'landbridge_people_present{source="corp"} 0',
      'landbridge_source_listening{source="corp"} 1',
      `landbridge_source_heard_timestamp_seconds{source="corp"} ${T0.getTime() / 1000}`,
      'landbridge_watermark_age_seconds{source="corp"} 90',
    ]);
  });

  test('have a name and a meaning each, and never a label for a person', async () => {
    const text = await metrics().metrics.render();
    for (const { name, help, labels } of [...Object.values(COUNTERS), ...Object.values(GAUGES)]) {
      expect(text).toContain(`# HELP ${name} ${help}\n`);
      expect(['target', 'source', 'action', 'kind', 'state']).toEqual(expect.arrayContaining([...labels]));
    }
  });
});

async function sorted<T>(all: Promise<readonly T[]>): Promise<readonly T[]> {
  return [...(await all)].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

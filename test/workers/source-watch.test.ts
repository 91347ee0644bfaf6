/** The worker that listens to a source: one at a time, never for good gone, and no more polls than are needed. */
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { SourceUnavailable } from '../../app/errors.ts';
import { createLogger } from '../../app/signals/log.ts';
import type { Source, Watermark } from '../../app/sources/source.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createStores, type Stores } from '../../app/store/stores.ts';
import { type SourceWatchDeps, watchSource } from '../../workers/source-watch.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { scriptedSource } from '../support/scripted-source.ts';

const patience = { timeout: 20_000, interval: 20 };
const LEASE_MS = 1_500;

let server: TestRedis;
let redis: Redis;
let stores: Stores;
let lines: string[] = [];
let polls: string[] = [];
let running: { stop: () => Promise<void> }[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = connect(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  const store = createStore(redis, 'landbridge');
  const timing = { firstMs: 1_000, longestMs: 1_000 };
  stores = createStores(store, { targets: [], sources: ['corp'] }, timing, () => new Date());
  lines = [];
  polls = [];
});
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  running = [];
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** A source that rings when the test says so. */
function ringing() {
  const since: (Watermark | null)[] = [];
  let breaks: Error | null = null;
  let waiting = 0;
  let wake = () => {};
  const source: Source = {
    ...scriptedSource(),
    async *watch(from, signal) {
      since.push(from);
      signal.addEventListener('abort', () => wake());
      for (yield; ; ) {
        if (signal.aborted) throw new SourceUnavailable('stopped');
        if (breaks !== null) {
          const error = breaks;
          breaks = null;
          throw error;
        }
        if (waiting > 0) {
          waiting = 0;
          yield;
        } else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
  return {
    source,
    since,
    ring() {
      waiting += 1;
      wake();
    },
    breakOff(error: Error = new SourceUnavailable('the connection was lost')) {
      breaks = error;
      wake();
    },
  };
}

function start(source: Source, change: Partial<SourceWatchDeps> = {}) {
  const stop = new AbortController();
  const log = createLogger({ level: 'debug', name: 'worker' }, { write: (line) => void lines.push(line) });
  const deps: SourceWatchDeps = {
    leases: stores.leases,
    leaseMs: LEASE_MS,
    watches: stores.watches,
    watermarks: stores.watermarks,
    requestPoll: async (name) => {
      polls.push(name);
    },
    log,
    ...change,
  };
  const ended = watchSource(source, deps, stop.signal);
  const started = {
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
  running.push(started);
  return started;
}

const said = () => lines.map((line) => JSON.parse(line)).map(({ level, msg }) => `${level}: ${msg}`);

test('asks for a poll when it listens, and for another at each change; an operator sees that it listens', async () => {
  const lease = await stores.leases.acquire('read:corp', 1_000);
  if (lease !== null) await stores.watermarks.put('corp', 'w1' as Watermark, lease);
  const { source, since, ring } = ringing();
  start(source);
  await vi.waitUntil(() => polls.length === 1, patience);
  expect(since).toEqual(['w1']);
  const begun = await stores.watches.heardAt('corp');
  expect(begun).toEqual(expect.any(String));
  ring();
  await vi.waitUntil(() => polls.length === 2, patience);
  expect((await stores.watches.heardAt('corp'))?.localeCompare(begun ?? '')).toBe(1);
  expect(said()).toEqual(['info: hears changes']);
});

test('what is heard while it waits for more of a burst asks for one poll', async () => {
  const { source, ring } = ringing();
  start(source);
  await vi.waitUntil(() => polls.length === 1, patience);
  for (let n = 0; n < 20; n += 1) ring();
  await vi.waitUntil(() => polls.length === 2, patience);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(polls).toHaveLength(2);
});

test('only one process listens, and when it ends another takes over', async () => {
  const first = ringing();
  const second = ringing();
  const { stop } = start(first.source);
  await vi.waitUntil(() => first.since.length === 1, patience);
  start(second.source);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(second.since).toEqual([]);
  await stop();
  expect(await stores.watches.heardAt('corp')).toBe(null);
  await vi.waitUntil(() => second.since.length === 1, patience);
});

test('a lease that has passed to another ends the listening; it waits for its turn again', async () => {
  const { source, since } = ringing();
  start(source);
  await vi.waitUntil(() => polls.length === 1, patience);
  await redis.del(createStore(redis, 'landbridge').key('lease', 'watch:corp'));
  const other = await stores.leases.acquire('watch:corp', 60_000);
  await vi.waitUntil(() => said().includes('warn: does not hear changes'), patience);
  expect(since).toHaveLength(1);
  expect(await stores.watches.heardAt('corp')).toBe(null);
  if (other !== null) await stores.leases.release(other);
  await vi.waitUntil(() => since.length === 2, patience);
});

test('after an error it begins again, says so once, and asks for a poll', async () => {
  const { source, since, breakOff } = ringing();
  start(source);
  await vi.waitUntil(() => polls.length === 1, patience);
  breakOff();
  await vi.waitUntil(() => polls.length === 2, patience);
  expect(since).toHaveLength(2);
  expect(said()).toEqual(['info: hears changes', 'warn: does not hear changes', 'info: hears changes']);
});

test('a source that never lets itself be heard is tried less and less often, with one line', async () => {
  let tries = 0;
  const deaf: Source = {
    ...scriptedSource(),
    // biome-ignore lint/correctness/useYield: it ends before it listens
    async *watch() {
      tries += 1;
      throw new SourceUnavailable('source corp cannot be listened to');
    },
  };
  start(deaf);
  await vi.waitUntil(() => tries === 3, patience);
  expect(said()).toEqual([
    'warn: does not hear changes',
    'debug: does not hear changes',
    'debug: does not hear changes',
  ]);
  expect(polls).toEqual([]);
});

test('a surprise, or a Redis that says no, does not end it', async () => {
  const { source, since, breakOff } = ringing();
  let refusals = 1;
  start(source, {
    requestPoll: async (name) => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('READONLY');
      polls.push(name);
    },
  });
  await vi.waitUntil(() => polls.length === 1, patience);
  breakOff(new TypeError('a surprise'));
  await vi.waitUntil(() => polls.length === 2, patience);
  expect(since).toHaveLength(3);
  expect(lines.join('')).not.toContain('READONLY');
});

test('a source that cannot be listened to is left alone', async () => {
  const { stop } = start(scriptedSource());
  await stop();
  expect(said()).toEqual([]);
});

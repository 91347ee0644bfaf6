/** The stores' tests run against a Redis of their own, empty before each test. */
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { personKey, type StableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { connect, createStore, type Store } from '../../app/store/connection.ts';
import { createLeases } from '../../app/store/leases.ts';
import type { Lease, StoredIdentity } from '../../app/store/ports/index.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

export const T0 = new Date('2026-03-01T12:00:00Z');
export const later = (seconds: number) => new Date(T0.getTime() + seconds * 1000);
export const id = (text: string) => text as StableId;
export const ada = personKey('corp', id('a1'));
export const bob = personKey('corp', id('b1'));
export const grace = personKey('corp', id('g1'));

let server: TestRedis;
/** Filled before the first test. */
export let redis: Redis;
export let store: Store;

/** Called once at the top of a test file. */
export function useRedis(): void {
  beforeAll(async () => {
    server = await startRedis();
    redis = connect(server.url);
  });
  beforeEach(async () => {
    await redis.flushall();
    store = createStore(redis, 'landbridge');
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
}

export async function lease(name = 'write:agileplace:corp:a1'): Promise<Lease> {
  const got = await createLeases(store).acquire(name, 60_000);
  if (got === null) throw new Error('somebody holds it');
  return got;
}

export const person = (
  version: number,
  attributes: Record<string, string[]>,
  dnKey?: string,
): StoredIdentity => ({
  key: ada,
  source: 'corp',
  stableId: id('a1'),
  presence: { state: 'present' },
  entry: {
    stableId: id('a1'),
    revision: '',
    attributes: toAttributes(Object.entries(attributes)),
    ...(dnKey === undefined ? {} : { dn: dnKey, dnKey }),
  },
  version,
  observedAt: T0.toISOString(),
});

/**
 * Leases: who may write one person at one target, or read one source. A lease runs out by itself when its holder
 * dies; the fence number tells a late holder from the present one, and every store that a lease protects checks it
 * in the same step as it writes.
 */
import { randomUUID } from 'node:crypto';
import type { Store } from './connection.ts';
import type { Lease, Leases } from './ports/index.ts';
import { ONLY_FOR_LEASE_HOLDER, script } from './script.ts';

const acquire = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return nil end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
return fence
`);
const renew = script(`${ONLY_FOR_LEASE_HOLDER} redis.call('PEXPIRE', KEYS[1], ARGV[2]) return 1`);
const release = script(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`,
);

/** The key of a lease; other stores name it in their scripts. */
export function leaseKey(store: Store, name: string): string {
  return store.key('lease', name);
}

/** The text that stands under the key while this holder has it. */
export function leaseValue(lease: Lease): string {
  return `${lease.fence}:${lease.holder}`;
}

export function createLeases(store: Store): Leases {
  const { redis } = store;
  return {
    async acquire(name, milliseconds) {
      const holder = randomUUID();
      const fence = await acquire(redis, [leaseKey(store, name), store.key('fence')], [holder, milliseconds]);
      return fence === null ? null : { name, fence: Number(fence), holder };
    },
    async renew(lease, milliseconds) {
      await renew(redis, [leaseKey(store, lease.name)], [leaseValue(lease), milliseconds]);
    },
    async release(lease) {
      await release(redis, [leaseKey(store, lease.name)], [leaseValue(lease)]);
    },
    async remaining(name) {
      return Math.max(0, await redis.pttl(leaseKey(store, name)));
    },
  };
}

/**
 * Which process hears of a source's changes at once, and when it last heard something. It is true while that process
 * has the lease, and gone with it: nobody has to take it back for the dead.
 */
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { Watches } from './ports/index.ts';
import { ONLY_FOR_LEASE_HOLDER, script } from './script.ts';

/** KEYS: lease, watch. ARGV: the lease's value, the time. */
const heard = script(
  `${ONLY_FOR_LEASE_HOLDER} redis.call('HSET', KEYS[2], 'by', ARGV[1], 'at', ARGV[2]) return 1`,
);

/** The name of the right to listen to a source. */
export function watchLease(source: string): string {
  return `watch:${source}`;
}

export function createWatches(store: Store, now: () => Date): Watches {
  const { redis } = store;
  const lease = (source: string) => leaseKey(store, watchLease(source));
  const watch = (source: string) => store.key('watch', source);
  return {
    async heard(source, held) {
      await heard(redis, [lease(source), watch(source)], [leaseValue(held), now().toISOString()]);
    },
    async heardAt(source) {
      const holder = await redis.get(lease(source));
      const [by = null, at = null] = await redis.hmget(watch(source), 'by', 'at');
      return holder === null || holder !== by ? null : at;
    },
  };
}

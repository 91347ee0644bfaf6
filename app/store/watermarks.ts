/** How far each source has been read. Moved only by the process that holds the source's lease. */
import type { Watermark } from '../sources/source.ts';
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { Watermarks } from './ports/index.ts';
import { ONLY_FOR_LEASE_HOLDER, script } from './script.ts';

const put = script(
  `${ONLY_FOR_LEASE_HOLDER} redis.call('HSET', KEYS[2], ARGV[2], ARGV[3], ARGV[2] .. ':at', ARGV[4]) return 1`,
);
const forget = script(`${ONLY_FOR_LEASE_HOLDER} redis.call('HDEL', KEYS[2], ARGV[2]) return 1`);

export function createWatermarks(store: Store, now: () => Date): Watermarks {
  const marks = store.key('watermarks');
  return {
    async get(source) {
      return (await store.redis.hget(marks, source)) as Watermark | null;
    },
    async put(source, watermark, lease) {
      const keys = [leaseKey(store, lease.name), marks];
      await put(store.redis, keys, [leaseValue(lease), source, watermark, now().toISOString()]);
    },
    async forget(source, lease) {
      await forget(store.redis, [leaseKey(store, lease.name), marks], [leaseValue(lease), source]);
    },
    async movedAt(source) {
      return await store.redis.hget(marks, `${source}:at`);
    },
  };
}

/** How many different people something happened to within a moving window: the guard's memory over all processes. */
import type { Store } from './connection.ts';
import type { Tallies } from './ports/index.ts';
import { script } from './script.ts';

const admit = script(`
local person, limit, window, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local count = redis.call('ZCARD', KEYS[1])
local most = tonumber(redis.call('GET', KEYS[2]) or '0')
if count > 0 and most > limit then limit = most else redis.call('SET', KEYS[2], limit, 'PX', window) end
if redis.call('ZSCORE', KEYS[1], person) then return { 1, count } end
if count >= limit then return { 0, count } end
redis.call('ZADD', KEYS[1], now, person)
redis.call('PEXPIRE', KEYS[1], window)
return { 1, count + 1 }
`);

export function createTallies(store: Store): Tallies {
  const tallyKey = (tally: string) => store.key('tally', tally);
  const limitKey = (tally: string) => store.key('tally-limit', tally);
  return {
    async admit(tally, person, limit, windowMs, now) {
      const answer = await admit(
        store.redis,
        [tallyKey(tally), limitKey(tally)],
        [person, limit, windowMs, now.getTime()],
      );
      const [admitted, count] = answer as [number, number];
      return { admitted: admitted === 1, count };
    },
    async clear(tally) {
      await store.redis.del(tallyKey(tally), limitKey(tally));
    },
  };
}

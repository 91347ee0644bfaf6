/** How many different people something happened to within a moving window: the guard's memory over all processes. */
import type { Store } from './connection.ts';
import type { Admission, Tallies } from './ports/index.ts';
import { script } from './script.ts';

// KEYS: for each wish the tally and the largest limit of its window, at the end the names of the parts. ARGV: now,
// window, then for each wish its part, its limit, how many people, and the people. First all are asked, then all added.
const admitAll = script(`
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local wishes, at = {}, 3
for i = 1, (#KEYS - 1) / 2 do
  local tally, most = KEYS[2 * i - 1], KEYS[2 * i]
  local first = at + 3
  local wish = { part = ARGV[at], limit = tonumber(ARGV[at + 1]), first = first, last = first + tonumber(ARGV[at + 2]) - 1 }
  redis.call('ZREMRANGEBYSCORE', tally, '-inf', now - window)
  wish.count = redis.call('ZCARD', tally)
  local largest = tonumber(redis.call('GET', most) or '0')
  if wish.count > 0 and largest > wish.limit then
    wish.limit, wish.keepsLargest = largest, true
  end
  wish.new = 0
  for k = wish.first, wish.last do
    if not redis.call('ZSCORE', tally, ARGV[k]) then wish.new = wish.new + 1 end
  end
  if wish.new > 0 and wish.count + wish.new > wish.limit then return { 0, wish.count, wish.limit, i } end
  wishes[i], at = wish, wish.last + 1
end
for i, wish in ipairs(wishes) do
  local tally, most = KEYS[2 * i - 1], KEYS[2 * i]
  if not wish.keepsLargest then redis.call('SET', most, wish.limit, 'PX', window) end
  for k = wish.first, wish.last do redis.call('ZADD', tally, 'GT', now, ARGV[k]) end
  redis.call('PEXPIRE', tally, window)
  if wish.part ~= '' then
    redis.call('SADD', KEYS[#KEYS], wish.part)
    redis.call('PEXPIRE', KEYS[#KEYS], window)
  end
end
return { 1, wishes[1].count + wishes[1].new, wishes[1].limit, 0 }
`);

export function createTallies(store: Store): Tallies {
  const { redis, key } = store;
  const keysOf = (tally: string, part: string | null) => {
    const path = part === null ? [tally] : [tally, part];
    return [key('tally', ...path), key('tally-limit', ...path)];
  };
  const partsKey = (tally: string) => key('tally-parts', tally);

  const all: Tallies['admitAll'] = async (tally, wishes, windowMs, now): Promise<Admission> => {
    const keys = [...wishes.flatMap(({ part }) => keysOf(tally, part)), partsKey(tally)];
    const asked = wishes.flatMap(({ part, limit, keys: people }) => [
      part ?? '',
      limit,
      people.length,
      ...people,
    ]);
    const answer = await admitAll(redis, keys, [now.getTime(), windowMs, ...asked]);
    const [admitted, count, limit, refusing] = answer as [number, number, number, number];
    if (admitted === 1) return { admitted: true, count };
    return { admitted: false, count, limit, part: wishes[refusing - 1]?.part ?? null };
  };

  return {
    admitAll: all,
    async admit(tally, person, limit, windowMs, now) {
      const { admitted, count } = await all(tally, [{ part: null, keys: [person], limit }], windowMs, now);
      return { admitted, count };
    },
    async clear(tally) {
      const parts = [null, ...(await redis.smembers(partsKey(tally)))];
      await redis.del(partsKey(tally), ...parts.flatMap((part) => keysOf(tally, part)));
    },
  };
}

/**
 * One breaker a target, shared by all processes. Closed: work goes on. Open: everybody waits, and once a period one
 * piece of real work is let through as the probe; when the target answers it properly the breaker closes, else the
 * period doubles. So a target pauses and resumes by itself, and nothing is lost meanwhile.
 */
import type { Store } from './connection.ts';
import type { Breakers } from './ports/index.ts';
import { script } from './script.ts';

export type BreakerTiming = { readonly firstMs: number; readonly longestMs: number };

const blocked = script(`
local now = tonumber(ARGV[1])
local seen = redis.call('HMGET', KEYS[1], 'until', 'period')
local untilMs, period = tonumber(seen[1]), tonumber(seen[2])
if not untilMs then return 0 end
if now < untilMs then return untilMs end
redis.call('HSET', KEYS[1], 'until', now + period, 'probing', ARGV[2])
return 0
`);

const notProbed = script(`
if redis.call('HGET', KEYS[1], 'probing') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[1])
redis.call('HDEL', KEYS[1], 'probing')
return 1
`);

// Only a failed probe lengthens the period; what fails late, of the work that was under way at opening, does not.
const fail = script(`
local threshold, now, reason, firstMs, longestMs = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local seen = redis.call('HMGET', KEYS[1], 'until', 'period', 'probing')
if not seen[1] then
  if failures < threshold then return 0 end
  redis.call('HSET', KEYS[1], 'reason', reason, 'since', now, 'period', firstMs, 'until', now + firstMs)
  return 1
end
if seen[3] then
  local period = math.min(tonumber(seen[2]) * 2, longestMs)
  redis.call('HSET', KEYS[1], 'reason', reason, 'period', period, 'until', now + period)
  redis.call('HDEL', KEYS[1], 'probing')
end
return 0
`);

// What succeeds late, of the work that was under way at opening, must not close it: the next failure would open it
// again, with another alert.
const succeed = script(`
local open = redis.call('HEXISTS', KEYS[1], 'until')
local byOperator = ARGV[1] == ''
if open == 1 and not byOperator and redis.call('HGET', KEYS[1], 'probing') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return open
`);

export function createBreakers(store: Store, timing: BreakerTiming): Breakers {
  const { redis } = store;
  const breakerKey = (target: string) => store.key('breaker', target);
  return {
    async blockedUntil(target, now, person) {
      const until = Number(await blocked(redis, [breakerKey(target)], [now.getTime(), person]));
      if (until === 0) return null;
      const reason = await redis.hget(breakerKey(target), 'reason');
      return { until: new Date(until), reason: reason ?? 'paused' };
    },
    async notProbed(target, now, person) {
      await notProbed(redis, [breakerKey(target)], [now.getTime(), person]);
    },
    async fail(target, reason, threshold, now) {
      const args = [threshold, now.getTime(), reason, timing.firstMs, timing.longestMs];
      return (await fail(redis, [breakerKey(target)], args)) === 1;
    },
    async succeed(target, person) {
      return (await succeed(redis, [breakerKey(target)], [person ?? ''])) === 1;
    },
    async view(target) {
      const seen = await redis.hgetall(breakerKey(target));
      if (seen.until === undefined) return null;
      return {
        state: 'open',
        reason: seen.reason ?? 'paused',
        since: new Date(Number(seen.since)).toISOString(),
        until: new Date(Number(seen.until)).toISOString(),
      };
    },
  };
}

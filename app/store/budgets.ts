/**
 * The request budget of each credential, shared by all processes. We spend from what the last answers said was left,
 * never from a number of our own: the vendor may change it at any time (agileplace.md section 3).
 *
 * Before the first answer of a window nothing is known, so requests are granted; the first answer corrects it.
 * Within a window `remaining` only falls: answers overtake each other, and others may spend from the same budget.
 */
import type { Store } from './connection.ts';
import type { Budgets } from './ports/index.ts';
import { script } from './script.ts';

/** Share of a window that bulk work leaves for interactive work. */
const INTERACTIVE_RESERVE = 0.1;

const take = script(`
local now, reserveShare = tonumber(ARGV[1]), tonumber(ARGV[2])
local seen = redis.call('HMGET', KEYS[1], 'limit', 'remaining', 'resetAt', 'closedUntil')
local limit, remaining, resetAt = tonumber(seen[1]), tonumber(seen[2]), tonumber(seen[3])
local closedUntil = tonumber(seen[4])
if closedUntil and now < closedUntil then return closedUntil end
if not resetAt or now >= resetAt then return 0 end
local reserve = math.floor(limit * reserveShare)
if remaining <= reserve then return resetAt end
redis.call('HINCRBY', KEYS[1], 'remaining', -1)
return 0
`);

const learn = script(`
local limit, remaining, resetAt, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- An answer from a window that is over says nothing about the present one.
if resetAt <= now then return 0 end
local seen = redis.call('HMGET', KEYS[1], 'remaining', 'resetAt')
local known, knownReset = tonumber(seen[1]), tonumber(seen[2])
-- The reset is told in whole seconds and shifted by the clocks' difference: nearly the same is the same window.
if knownReset and math.abs(resetAt - knownReset) < 2500 then
  remaining = math.min(remaining, known)
  resetAt = math.max(resetAt, knownReset)
end
redis.call('HSET', KEYS[1], 'limit', limit, 'remaining', remaining, 'resetAt', resetAt)
return 1
`);

// Kept apart from the window: an answer that was under way meanwhile says what is left of that, and no more.
const exhaust = script(`
local known = tonumber(redis.call('HGET', KEYS[1], 'closedUntil') or '0')
if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], 'closedUntil', ARGV[1]) end
return 1
`);

/** @param now decides whether an answer is about a window that is over */
export function createBudgets(store: Store, now: () => Date): Budgets {
  const { redis } = store;
  const budgetKey = (credential: string) => store.key('budget', credential);
  return {
    async take(credential, lane, now) {
      const reserve = lane === 'interactive' ? 0 : INTERACTIVE_RESERVE;
      const until = Number(await take(redis, [budgetKey(credential)], [now.getTime(), reserve]));
      return until === 0 ? { granted: true } : { granted: false, until: new Date(until) };
    },
    async learn(credential, seen) {
      const args = [seen.limit, seen.remaining, seen.resetAt.getTime(), now().getTime()];
      await learn(redis, [budgetKey(credential)], args);
    },
    async exhaust(credential, until) {
      await exhaust(redis, [budgetKey(credential)], [until.getTime()]);
    },
    async view(credential) {
      const seen = await redis.hgetall(budgetKey(credential));
      const closedUntil = Number(seen.closedUntil ?? 0);
      if (closedUntil > now().getTime()) {
        const resetAt = new Date(closedUntil).toISOString();
        return { limit: Number(seen.limit ?? 0), remaining: 0, resetAt };
      }
      if (seen.resetAt === undefined) return null;
      return {
        limit: Number(seen.limit),
        remaining: Number(seen.remaining),
        resetAt: new Date(Number(seen.resetAt)).toISOString(),
      };
    },
  };
}

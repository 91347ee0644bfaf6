/**
 * When each person has to be looked at again by themselves, since what they should have depends on the time. The
 * moment is set with the result of their work, in one step (`due-marks.ts`), so that no crash loses one.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { Moment, Timers } from './ports/index.ts';
import { script } from './script.ts';

/** Takes members out of a sorted set, each unless its score is another one by now: KEYS[1], then member, score, … */
const removeUnmoved = script(`
for i = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) == tonumber(ARGV[i + 1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
return 1
`);

/** Name of a target's moments, under which results set them. */
export function timersKey({ key }: Store, target: string): string {
  return key('timers', target);
}

export function createTimers(store: Store): Timers {
  const { redis } = store;
  return {
    async come(target, now, limit) {
      const range = ['-inf', now.getTime(), 'WITHSCORES', 'LIMIT', 0, limit] as const;
      return pairs(await redis.zrangebyscore(timersKey(store, target), ...range));
    },
    async settle(target, done) {
      const args = done.flatMap(({ key, at }) => [key, at]);
      if (args.length > 0) await removeUnmoved(redis, [timersKey(store, target)], args);
    },
    async of(target, person) {
      const score = await redis.zscore(timersKey(store, target), person);
      return score === null ? null : new Date(Number(score)).toISOString();
    },
  };
}

function pairs(flat: readonly string[]): readonly Moment[] {
  const moments: Moment[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    moments.push({ key: flat[index] as PersonKey, at: Number(flat[index + 1]) });
  }
  return moments;
}

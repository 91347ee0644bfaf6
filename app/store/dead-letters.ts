/** What a target refused for good, with its own words, until it succeeds or an operator sends it again. */
import type { Store } from './connection.ts';
import type { DeadLetter, DeadLetters } from './ports/index.ts';

export function createDeadLetters(store: Store, targets: readonly string[]): DeadLetters {
  const { redis, key } = store;
  const lettersKey = (target: string) => key('dead-letters', target);
  return {
    async put(letter) {
      await redis.hset(lettersKey(letter.target), letter.key, JSON.stringify(letter));
    },
    async remove(target, person) {
      await redis.hdel(lettersKey(target), person);
    },
    async get(target, person) {
      const text = await redis.hget(lettersKey(target), person);
      return text === null ? null : (JSON.parse(text) as DeadLetter);
    },
    async list(limit) {
      const all = await Promise.all(targets.map((target) => redis.hvals(lettersKey(target))));
      const letters = all.flat().map((text) => JSON.parse(text) as DeadLetter);
      return letters.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
    },
    async count(target) {
      return await redis.hlen(lettersKey(target));
    },
  };
}

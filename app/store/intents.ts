/** "We are about to create an account for this person": written before a POST, removed when its outcome is known. */
import type { Store } from './connection.ts';
import type { Intents } from './ports/index.ts';

export function createIntents(store: Store): Intents {
  const { redis, key } = store;
  return {
    async get(target, person) {
      const openedAt = await redis.hget(key('intents', target), person);
      return openedAt === null ? null : { openedAt };
    },
    async open(target, person, now) {
      await redis.hset(key('intents', target), person, now.toISOString());
    },
    async settle(target, person) {
      await redis.hdel(key('intents', target), person);
    },
  };
}

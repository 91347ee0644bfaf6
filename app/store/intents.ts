/** "We are about to create an account for this person": written before a POST, removed when its outcome is known. */
import type { Store } from './connection.ts';
import type { Intent, Intents } from './ports/index.ts';

export function createIntents(store: Store): Intents {
  const { redis, key } = store;
  return {
    async get(target, person) {
      const text = await redis.hget(key('intents', target), person);
      return text === null ? null : (JSON.parse(text) as Intent);
    },
    async open(target, person, user, now) {
      const intent: Intent = { openedAt: now.toISOString(), user };
      await redis.hset(key('intents', target), person, JSON.stringify(intent));
    },
    async settle(target, person) {
      await redis.hdel(key('intents', target), person);
    },
  };
}

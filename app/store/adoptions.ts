/** Which targets that were filled already an operator has let us begin at: one hash, a field a target. */
import type { Store } from './connection.ts';
import type { Adoption, Adoptions } from './ports/index.ts';

export function createAdoptions({ redis, key }: Store): Adoptions {
  const all = key('adoptions');
  return {
    async get(target) {
      const text = await redis.hget(all, target);
      return text === null ? null : (JSON.parse(text) as Adoption);
    },
    async accept(target, adoption) {
      await redis.hset(all, target, JSON.stringify(adoption));
    },
    async undo(target) {
      return (await redis.hdel(all, target)) === 1;
    },
  };
}

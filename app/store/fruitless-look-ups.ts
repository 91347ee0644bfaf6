/** Look-ups that found nobody, one hash a person, for as long as they can be believed. */
import { createHash } from 'node:crypto';
import type { Store } from './connection.ts';
import type { FruitlessLookUps } from './ports/index.ts';

/** Longer than a few windows of a budget, shorter than anybody would need to make an account by hand. */
const BELIEVED_SECONDS = 300;

export function createFruitlessLookUps(store: Store): FruitlessLookUps {
  const { redis, key } = store;
  const notes = (target: string, person: string) => key('fruitless', target, person);
  return {
    async note(target, person, lookUps) {
      if (lookUps.length === 0) return;
      const name = notes(target, person);
      const fields = Object.fromEntries(lookUps.map(({ by, value }) => [by, digest(value)]));
      await redis.multi().hset(name, fields).expire(name, BELIEVED_SECONDS).exec();
    },
    async noted(target, person) {
      const fields = await redis.hgetall(notes(target, person));
      return ({ by, value }) => fields[by] !== undefined && fields[by] === digest(value);
    },
    async forget(target, person) {
      await redis.del(notes(target, person));
    },
  };
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/**
 * Removals that wait for an operator, by the run that wanted them. A released removal is approved: the guard lets it
 * pass once, and the approval ends when it is carried out or no longer needed.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { HeldRemoval, Holds } from './ports/index.ts';

export function createHolds(store: Store): Holds {
  const { redis, key } = store;
  const holdKey = (run: string) => key('hold', run);
  const byPerson = key('held');
  const approvals = key('approved');
  const field = (target: string, person: PersonKey) => `${target} ${person}`;

  async function list(run: string): Promise<readonly HeldRemoval[]> {
    return (await redis.hvals(holdKey(run))).map((text) => JSON.parse(text) as HeldRemoval);
  }

  return {
    list,
    async put(run, removals) {
      for (const removal of removals) {
        const name = field(removal.target, removal.key);
        await redis
          .multi()
          .hset(holdKey(run), name, JSON.stringify(removal))
          .hset(byPerson, name, run)
          .exec();
      }
    },
    async heldBy(target, person) {
      return await redis.hget(byPerson, field(target, person));
    },
    async clear(target, person) {
      const name = field(target, person);
      await redis.srem(approvals, name);
      const run = await redis.hget(byPerson, name);
      if (run === null) return null;
      await redis.multi().hdel(holdKey(run), name).hdel(byPerson, name).exec();
      return (await redis.hlen(holdKey(run))) === 0 ? run : null;
    },
    async approve(run) {
      const removals = await list(run);
      for (const { target, key: person } of removals) await redis.sadd(approvals, field(target, person));
      return removals;
    },
    async drop(run) {
      for (const { target, key: person } of await list(run)) {
        const name = field(target, person);
        if ((await redis.hget(byPerson, name)) === run) await redis.hdel(byPerson, name);
      }
      await redis.del(holdKey(run));
    },
    async isApproved(target, person) {
      return (await redis.sismember(approvals, field(target, person))) === 1;
    },
    async count() {
      return await redis.hlen(byPerson);
    },
  };
}

/**
 * Removals that wait for an operator, by the run that wanted them. A released removal is approved: the guard lets it
 * pass once, and the approval ends when it is carried out or no longer needed.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { HeldRemoval, Holds } from './ports.ts';

export function createHolds(store: Store): Holds {
  const { redis, key } = store;
  const holdKey = (run: string) => key('hold', run);
  const byPerson = key('held');
  const approvals = key('approved');
  const field = (target: string, person: PersonKey) => `${target} ${person}`;

  async function list(run: string): Promise<readonly HeldRemoval[]> {
    return (await redis.hvals(holdKey(run))).map((text) => JSON.parse(text) as HeldRemoval);
  }

  /** Ends a hold; what it held is approved or forgotten. */
  async function end(run: string, approve: boolean): Promise<readonly HeldRemoval[]> {
    const removals = await list(run);
    for (const removal of removals) {
      const name = field(removal.target, removal.key);
      if ((await redis.hget(byPerson, name)) !== run) continue;
      if (approve) await redis.sadd(approvals, name);
      await redis.hdel(byPerson, name);
    }
    await redis.del(holdKey(run));
    return removals;
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
      const run = await redis.hget(byPerson, name);
      if (run !== null) await redis.multi().hdel(holdKey(run), name).hdel(byPerson, name).exec();
      await redis.srem(approvals, name);
    },
    async drop(run) {
      await end(run, false);
    },
    async release(run) {
      return await end(run, true);
    },
    async isApproved(target, person) {
      return (await redis.sismember(approvals, field(target, person))) === 1;
    },
    async count() {
      return await redis.hlen(byPerson);
    },
  };
}

/**
 * Removals that wait for an operator, by the run that wanted them. A released removal is approved: the guard lets it
 * pass once, and the approval ends when it is carried out or no longer needed.
 *
 * Several runs may hold the same removal, each for its own reason; so each person has the list of them, and what one
 * run gives up the others keep.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { HeldRemoval, Holds } from './ports/index.ts';
import { script } from './script.ts';

// The runs of a person stand in one text, the newest last: ids have no spaces.
const put = script(`
local name, json, run = ARGV[1], ARGV[2], ARGV[3]
redis.call('HSET', KEYS[1], name, json)
local kept = {}
for other in string.gmatch(redis.call('HGET', KEYS[2], name) or '', '%S+') do
  if other ~= run then table.insert(kept, other) end
end
table.insert(kept, run)
redis.call('HSET', KEYS[2], name, table.concat(kept, ' '))
return 1
`);

const drop = script(`
local name, run = ARGV[1], ARGV[2]
redis.call('HDEL', KEYS[1], name)
local kept = {}
for other in string.gmatch(redis.call('HGET', KEYS[2], name) or '', '%S+') do
  if other ~= run then table.insert(kept, other) end
end
if #kept > 0 then redis.call('HSET', KEYS[2], name, table.concat(kept, ' ')) else redis.call('HDEL', KEYS[2], name) end
return 1
`);

const clear = script(`
local name, holdPrefix = ARGV[1], ARGV[2]
redis.call('SREM', KEYS[2], name)
local emptied = {}
for run in string.gmatch(redis.call('HGET', KEYS[1], name) or '', '%S+') do
  redis.call('HDEL', holdPrefix .. run, name)
  if redis.call('HLEN', holdPrefix .. run) == 0 then table.insert(emptied, run) end
end
redis.call('HDEL', KEYS[1], name)
return emptied
`);

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
        const args = [field(removal.target, removal.key), JSON.stringify(removal), run];
        await put(redis, [holdKey(run), byPerson], args);
      }
    },
    async heldBy(target, person) {
      const runs = await redis.hget(byPerson, field(target, person));
      return runs?.split(' ').at(-1) ?? null;
    },
    async clear(target, person) {
      const emptied = await clear(redis, [byPerson, approvals], [field(target, person), key('hold', '')]);
      return (emptied as unknown[]).map(String);
    },
    async approve(run) {
      const removals = await list(run);
      for (const { target, key: person } of removals) await redis.sadd(approvals, field(target, person));
      return removals;
    },
    async drop(run, removals) {
      for (const { target, key: person } of removals) {
        await drop(redis, [holdKey(run), byPerson], [field(target, person), run]);
      }
    },
    async size(run) {
      return await redis.hlen(holdKey(run));
    },
    async isApproved(target, person) {
      return (await redis.sismember(approvals, field(target, person))) === 1;
    },
    async count() {
      return await redis.hlen(byPerson);
    },
  };
}

/**
 * Which account at a target is whose, with the last state that the target confirmed. Written only under the lease of
 * that person at that target; an account belongs to one person at most. Whose account has become another one is noted
 * in the same step, for those who refer to it; and so is who has which userName (`user-names.ts`).
 */
import type { PersonKey } from '../person/anchor.ts';
import { foldUserName } from '../person/user-names.ts';
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { Link, Links } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { ONLY_FOR_LEASE_HOLDER, removeUnchanged, script } from './script.ts';
import { FREE_USER_NAME, userNameKeys } from './user-names.ts';

/** A group of 100,000 members shall not hold Redis up. */
const ASKED_AT_ONCE = 1_000;

const put = script(`${ONLY_FOR_LEASE_HOLDER}${FREE_USER_NAME}
local person, id, json, active, name = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local owner = redis.call('HGET', KEYS[3], id)
if owner and owner ~= person then return 0 end
local old = redis.call('HGET', KEYS[2], person)
if old then
  local oldId = cjson.decode(old).id
  if oldId ~= id then redis.call('HDEL', KEYS[3], oldId) end
end
if not old or cjson.decode(old).id ~= id then redis.call('HSET', KEYS[5], person, redis.call('INCR', KEYS[6])) end
redis.call('HSET', KEYS[2], person, json)
redis.call('HSET', KEYS[3], id, person)
if active == '1' then redis.call('SADD', KEYS[4], person) else redis.call('SREM', KEYS[4], person) end
local called = redis.call('HGET', KEYS[8], person)
if called ~= name then
  freeName(KEYS[7], KEYS[9], person, called)
  redis.call('HSET', KEYS[8], person, name)
  redis.call('HSETNX', KEYS[7], name, person)
  if redis.call('HGET', KEYS[9], person) == name then redis.call('HDEL', KEYS[9], person) end
end
return 1
`);

const drop = script(`${ONLY_FOR_LEASE_HOLDER}${FREE_USER_NAME}
if redis.call('HDEL', KEYS[2], ARGV[2]) == 1 then redis.call('HSET', KEYS[5], ARGV[2], redis.call('INCR', KEYS[6])) end
if redis.call('HGET', KEYS[3], ARGV[3]) == ARGV[2] then redis.call('HDEL', KEYS[3], ARGV[3]) end
redis.call('SREM', KEYS[4], ARGV[2])
freeName(KEYS[7], KEYS[9], ARGV[2], redis.call('HGET', KEYS[8], ARGV[2]))
redis.call('HDEL', KEYS[8], ARGV[2])
return 1
`);

export function createLinks(store: Store): Links {
  const { redis, key } = store;
  const linksKey = (target: string) => key('links', target);
  const ownersKey = (target: string) => key('link-owners', target);
  const activeKey = (target: string) => key('links-active', target);
  const newAccountsKey = (target: string) => key('new-accounts', target);
  const keysOf = (target: string, leaseName: string) => [
    leaseKey(store, leaseName),
    linksKey(target),
    ownersKey(target),
    activeKey(target),
    newAccountsKey(target),
    key('new-accounts-seq', target),
    ...userNameKeys(store, target),
  ];

  return {
    async get(target, person) {
      return read(await redis.hget(linksKey(target), person));
    },
    async getMany(target, people) {
      if (people.length === 0) return [];
      return (await redis.hmget(linksKey(target), ...people)).map(read);
    },
    async ownerOf(target, id) {
      return (await redis.hget(ownersKey(target), id)) as PersonKey | null;
    },
    async ownersOf(target, ids) {
      const owners: (PersonKey | null)[] = [];
      for (let start = 0; start < ids.length; start += ASKED_AT_ONCE) {
        const some = ids.slice(start, start + ASKED_AT_ONCE);
        owners.push(...((await redis.hmget(ownersKey(target), ...some)) as (PersonKey | null)[]));
      }
      return owners;
    },
    async put(link, lease) {
      const active = link.desired.active === false ? '0' : '1';
      const name = foldUserName(link.desired.userName);
      const args = [leaseValue(lease), link.key, link.id, JSON.stringify(link), active, name];
      const stored = await put(redis, keysOf(link.target, lease.name), args);
      if (stored !== 1) throw new Error(`account ${link.id} at ${link.target} is linked to another person`);
    },
    async drop(link, lease) {
      await drop(redis, keysOf(link.target, lease.name), [leaseValue(lease), link.key, link.id]);
    },
    async countActive(target) {
      return await redis.scard(activeKey(target));
    },
    async *scan(target) {
      for await (const batch of scanHash(redis, linksKey(target))) {
        yield batch.map(([, text]) => JSON.parse(text) as Link);
      }
    },
    async newAccounts(target, person) {
      if (person !== undefined) {
        const stamp = await redis.hget(newAccountsKey(target), person);
        return stamp === null ? [] : [{ key: person, stamp }];
      }
      const all = Object.entries(await redis.hgetall(newAccountsKey(target)));
      return all.map(([of, stamp]) => ({ key: of as PersonKey, stamp }));
    },
    async settleNewAccounts(target, done) {
      const args = done.flatMap((news) => [news.key, news.stamp]);
      if (args.length > 0) await removeUnchanged(redis, [newAccountsKey(target)], args);
    },
  };
}

function read(text: string | null): Link | null {
  return text === null ? null : (JSON.parse(text) as Link);
}

/**
 * Which group at a target is which of ours, and what was last asked of it. Written only under the lease of that group
 * at that target; a group at a target belongs to one of ours at most.
 */
import type { GroupKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { GroupIntent, GroupLink, GroupLinks } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { ONLY_FOR_LEASE_HOLDER, script } from './script.ts';

const put = script(`${ONLY_FOR_LEASE_HOLDER}
local group, id, json = ARGV[2], ARGV[3], ARGV[4]
local owner = redis.call('HGET', KEYS[3], id)
if owner and owner ~= group then return 0 end
local old = redis.call('HGET', KEYS[2], group)
if old then
  local oldId = cjson.decode(old).id
  if oldId ~= id then redis.call('HDEL', KEYS[3], oldId) end
end
redis.call('HSET', KEYS[2], group, json)
redis.call('HSET', KEYS[3], id, group)
return 1
`);

const drop = script(`${ONLY_FOR_LEASE_HOLDER}
redis.call('HDEL', KEYS[2], ARGV[2])
if redis.call('HGET', KEYS[3], ARGV[3]) == ARGV[2] then redis.call('HDEL', KEYS[3], ARGV[3]) end
return 1
`);

export function createGroupLinks(store: Store): GroupLinks {
  const { redis, key } = store;
  const linksKey = (target: string) => key('group-links', target);
  const ownersKey = (target: string) => key('group-link-owners', target);
  const intentsKey = (target: string) => key('group-intents', target);
  const keysOf = (target: string, lease: string) => [
    leaseKey(store, lease),
    linksKey(target),
    ownersKey(target),
  ];

  return {
    async get(target, group) {
      const text = await redis.hget(linksKey(target), group);
      return text === null ? null : (JSON.parse(text) as GroupLink);
    },
    async ownerOf(target, id) {
      return (await redis.hget(ownersKey(target), id)) as GroupKey | null;
    },
    async put(link, lease) {
      const args = [leaseValue(lease), link.key, link.id, JSON.stringify(link)];
      const stored = await put(redis, keysOf(link.target, lease.name), args);
      if (stored !== 1) throw new Error(`group ${link.id} at ${link.target} is linked to another group`);
    },
    async drop(link, lease) {
      await drop(redis, keysOf(link.target, lease.name), [leaseValue(lease), link.key, link.id]);
    },
    async count(target) {
      return await redis.hlen(linksKey(target));
    },
    async *scan(target) {
      for await (const batch of scanHash(redis, linksKey(target))) {
        yield batch.map(([, text]) => JSON.parse(text) as GroupLink);
      }
    },
    async intent(target, group) {
      const text = await redis.hget(intentsKey(target), group);
      return text === null ? null : (JSON.parse(text) as GroupIntent);
    },
    async openIntent(target, group, intent) {
      await redis.hset(intentsKey(target), group, JSON.stringify(intent));
    },
    async settleIntent(target, group) {
      await redis.hdel(intentsKey(target), group);
    },
  };
}

/**
 * What we know of people: one hash a source, a field a person, holding the version and the identity as JSON, and
 * beside it the indexes that lead to a person (DN, names) and the list of news not announced yet. One script keeps
 * them together.
 */
import { type PersonKey, parsePersonKey, personKey, stableIdOfKey, toStableId } from '../person/anchor.ts';
import type { Attributes } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { Groups, Identities, StoredIdentity } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { script } from './script.ts';

/** Attributes by whose values an operator may ask for a person. */
const NAMING_ATTRIBUTES = [
  'uid',
  'mail',
  'userprincipalname',
  'samaccountname',
  'employeenumber',
  'employeeid',
];

/** What is kept in the index beside the identity, so that the next write can take it out again. */
type Stored = {
  readonly identity: StoredIdentity;
  readonly dnKey: string;
  readonly handles: readonly string[];
};

const put = script(`
local id, expected, version, json = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local personKey, present, handlePrefix, lease = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
if lease ~= '' and redis.call('GET', KEYS[5]) ~= lease then return redis.error_reply('LEASE_LOST') end
local current = redis.call('HGET', KEYS[1], id)
local currentVersion = current and tonumber(string.match(current, '^(%d+) ')) or 0
if currentVersion ~= expected then return 0 end
if current then
  local old = cjson.decode(string.sub(current, string.find(current, ' ') + 1))
  if old.dnKey ~= '' and redis.call('HGET', KEYS[2], old.dnKey) == id then redis.call('HDEL', KEYS[2], old.dnKey) end
  for _, handle in ipairs(old.handles) do redis.call('SREM', handlePrefix .. handle, personKey) end
end
local new = cjson.decode(json)
redis.call('HSET', KEYS[1], id, version .. ' ' .. json)
if new.dnKey ~= '' and present == '1' then redis.call('HSET', KEYS[2], new.dnKey, id) end
for _, handle in ipairs(new.handles) do redis.call('SADD', handlePrefix .. handle, personKey) end
if present == '1' then redis.call('SADD', KEYS[3], id) else redis.call('SREM', KEYS[3], id) end
redis.call('HSET', KEYS[4], id, version)
return 1
`);

const announced = script(`
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1
`);

/** @param groups joins each person's groups in */
export function createIdentities(store: Store, groups: Groups): Identities {
  const { redis, key } = store;
  const peopleKey = (source: string) => key('people', source);
  const newsKey = (source: string) => key('unannounced', source);

  async function join(stored: StoredIdentity | null): Promise<Identity | null> {
    if (stored === null) return null;
    const dnKey = stored.entry.dnKey;
    return { ...stored, groups: dnKey === undefined ? [] : await groups.of(stored.source, dnKey) };
  }

  async function getMany(keys: readonly PersonKey[]): Promise<readonly (Identity | null)[]> {
    const texts = await Promise.all(
      keys.map((person) => {
        const parsed = parsePersonKey(person);
        return parsed === null ? null : redis.hget(peopleKey(parsed.source), parsed.id);
      }),
    );
    return await Promise.all(texts.map((text) => join(text === null ? null : read(text))));
  }

  return {
    getMany,
    async get(person) {
      return (await getMany([person]))[0] ?? null;
    },
    async put(next, expected, lease) {
      const { source, stableId } = next;
      const stored: Stored = {
        identity: next,
        dnKey: next.entry.dnKey ?? '',
        handles: [...handlesOf(next.entry.attributes)],
      };
      const keys = [
        peopleKey(source),
        key('dn', source),
        key('present', source),
        newsKey(source),
        leaseKey(store, lease?.name ?? ''),
      ];
      const present = next.presence.state === 'present' ? '1' : '0';
      const args = [
        stableId,
        expected,
        next.version,
        JSON.stringify(stored),
        next.key,
        present,
        key('handle', ''),
        lease === undefined ? '' : leaseValue(lease),
      ];
      return (await put(redis, keys, args)) === 1;
    },
    async *scan(source) {
      for await (const batch of scanHash(redis, peopleKey(source))) yield batch.map(([, text]) => read(text));
    },
    async countPresent(source) {
      return await redis.scard(key('present', source));
    },
    async findByHandle(handle) {
      return (await redis.smembers(key('handle', fold(handle)))) as PersonKey[];
    },
    async addHandle(person, handle) {
      await redis.sadd(key('handle', fold(handle)), person);
    },
    async unannounced(source) {
      const all = await redis.hgetall(newsKey(source));
      return Object.entries(all).flatMap(([idText, version]) => {
        const id = toStableId(idText);
        return id === null ? [] : [{ key: personKey(source, id), version: Number(version) }];
      });
    },
    async announced(source, done) {
      const args = done.flatMap((news) => [stableIdOfKey(news.key), String(news.version)]);
      if (args.length > 0) await announced(redis, [newsKey(source)], args);
    },
  };
}

function read(text: string): StoredIdentity {
  const { identity } = JSON.parse(text.slice(text.indexOf(' ') + 1)) as Stored;
  return identity;
}

function handlesOf(attributes: Attributes): Set<string> {
  return new Set(NAMING_ATTRIBUTES.flatMap((name) => attributes[name] ?? []).map(fold));
}

function fold(handle: string): string {
  return handle.trim().toLowerCase();
}

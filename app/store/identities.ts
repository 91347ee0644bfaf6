/**
 * What we know of people: one hash a source, a field a person, holding the version and the identity as JSON, and
 * beside it the indexes that lead to a person (DN, names), a digest of what each present person's entry says, and the
 * list of news not announced yet. One script keeps them together.
 *
 * The digests are what makes reading everybody cheap: whoever says what they said before is known by 16 bytes, and
 * nothing else of them is loaded.
 */
import { hash } from 'node:crypto';
import {
  type PersonKey,
  parsePersonKey,
  personKey,
  type StableId,
  stableIdOfKey,
  toStableId,
} from '../person/anchor.ts';
import { contentOf } from '../person/content.ts';
import type { Attributes, Entry } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import { namesOf } from '../person/member-names.ts';
import { readMention } from '../person/mention.ts';
import type { Store } from './connection.ts';
import { groupKeys } from './group-keys.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { Groups, Identities, StoredIdentity } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { removeUnchanged, script } from './script.ts';

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
  /** Names besides the DN by which groups name them; none while they are absent. */
  readonly names: readonly string[];
  readonly handles: readonly string[];
};

/**
 * A login name that a second person comes to carry, or that is left to one, gives and takes memberships: it is touched
 * (`group-keys.ts`), so that the other person becomes due, too.
 */
const put = script(`
local function isOneOf(names, name)
  for _, one in ipairs(names) do if one == name then return true end end
  return false
end
local id, expected, version, json = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local personKey, present, handlePrefix, lease, digest = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
if lease ~= '' and redis.call('GET', KEYS[5]) ~= lease then return redis.error_reply('LEASE_LOST') end
local current = redis.call('HGET', KEYS[1], id)
local currentVersion = current and tonumber(string.match(current, '^(%d+) ')) or 0
if currentVersion ~= expected then return 0 end
local new, before, named = cjson.decode(json), {}, ARGV[10]
local function move(command, name, left)
  redis.call(command, named .. name, id)
  local isUid = string.sub(name, 1, 4) == 'uid:'
  if isUid and redis.call('SCARD', named .. name) == left then redis.call('SADD', KEYS[7], name) end
end
local stoodThere = new.dnKey ~= '' and redis.call('HGET', KEYS[2], new.dnKey) == id
if current then
  local old = cjson.decode(string.sub(current, string.find(current, ' ') + 1))
  before = old.names
  if old.dnKey ~= '' and redis.call('HGET', KEYS[2], old.dnKey) == id then redis.call('HDEL', KEYS[2], old.dnKey) end
  for _, handle in ipairs(old.handles) do redis.call('SREM', handlePrefix .. handle, personKey) end
end
for _, name in ipairs(before) do if not isOneOf(new.names, name) then move('SREM', name, 1) end end
for _, name in ipairs(new.names) do if not isOneOf(before, name) then move('SADD', name, 2) end end
redis.call('HSET', KEYS[1], id, version .. ' ' .. json)
if new.dnKey ~= '' and present == '1' then
  redis.call('HSET', KEYS[2], new.dnKey, id)
  if current and not stoodThere then redis.call('HSET', KEYS[6], new.dnKey, id .. ' ' .. version) end
end
for _, handle in ipairs(new.handles) do redis.call('SADD', handlePrefix .. handle, personKey) end
if present == '1' then redis.call('HSET', KEYS[3], id, digest) else redis.call('HDEL', KEYS[3], id) end
redis.call('HSET', KEYS[4], id, version)
return 1
`);

/** Stores a digest anew, where it is still of what is stored. */
const recognise = script(`
local current = redis.call('HGET', KEYS[1], ARGV[1])
if not current or string.match(current, '^(%d+) ') ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1
`);

/** @param groups joins each person's groups in */
export function createIdentities(store: Store, groups: Groups): Identities {
  const { redis, key } = store;
  const peopleKey = (source: string) => key('people', source);
  const presentKey = (source: string) => key('present', source);
  const newsKey = (source: string) => key('unannounced', source);
  const inGroups = groupKeys(store);
  const movesKey = (source: string) => key('moves', source);

  /** Each with their groups: those that are stored, and those that their own entry names. */
  async function join(all: readonly (StoredIdentity | null)[]): Promise<readonly (Identity | null)[]> {
    const joined = new Map<StoredIdentity, Identity>();
    const known = all.filter((stored) => stored !== null);
    for (const source of new Set(known.map((stored) => stored.source))) {
      const here = known.filter((stored) => stored.source === source);
      const refs = await groups.of(
        source,
        here.map(({ entry }) => namesOf(entry)),
      );
      for (const [index, stored] of here.entries()) {
        const own = stored.entry.memberOf ?? [];
        joined.set(stored, { ...stored, groups: [...(refs[index] ?? []), ...own] });
      }
    }
    return all.map((stored) => (stored === null ? null : (joined.get(stored) ?? null)));
  }

  async function getMany(keys: readonly PersonKey[]): Promise<readonly (Identity | null)[]> {
    const texts = await Promise.all(
      keys.map((person) => {
        const parsed = parsePersonKey(person);
        return parsed === null ? null : redis.hget(peopleKey(parsed.source), parsed.id);
      }),
    );
    return await join(texts.map((text) => (text === null ? null : read(text))));
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
        names: next.presence.state === 'present' ? (next.entry.memberNames ?? []) : [],
        handles: [...handlesOf(next.entry.attributes)],
      };
      const keys = [
        peopleKey(source),
        key('dn', source),
        presentKey(source),
        newsKey(source),
        leaseKey(store, lease?.name ?? ''),
        movesKey(source),
        inGroups.touchedNames(source),
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
        digestOf(next.entry),
        inGroups.named(source, ''),
      ];
      return (await put(redis, keys, args)) === 1;
    },
    async areKnown(source, entries) {
      if (entries.length === 0) return [];
      const digests = await redis.hmget(presentKey(source), ...entries.map(({ stableId }) => stableId));
      return entries.map((entry, index) => digests[index] === digestOf(entry));
    },
    async recognise({ source, stableId, version, entry }) {
      const keys = [peopleKey(source), presentKey(source)];
      await recognise(redis, keys, [stableId, version, digestOf(entry)]);
    },
    async arePresent(source, ids) {
      if (ids.length === 0) return [];
      return (await redis.hmget(presentKey(source), ...ids)).map((digest) => digest !== null);
    },
    async *scanPresent(source) {
      for await (const batch of scanHash(redis, presentKey(source)))
        yield batch.map(([id]) => id as StableId);
    },
    async countPresent(source) {
      return await redis.hlen(presentKey(source));
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
      if (args.length > 0) await removeUnchanged(redis, [newsKey(source)], args);
    },
    async mentioned(source, mention) {
      const { by, value } = readMention(mention);
      if (by === 'dn') {
        const id = await redis.hget(key('dn', source), value);
        return id === null ? null : personKey(source, id as StableId);
      }
      const isKnown = (await redis.hexists(peopleKey(source), value)) === 1;
      return isKnown ? personKey(source, value as StableId) : null;
    },
    async moves(source) {
      const all = await redis.hgetall(movesKey(source));
      return Object.entries(all).map(([dnKey, stamp]) => ({ dnKey, stamp }));
    },
    async settleMoves(source, done) {
      const args = done.flatMap(({ dnKey, stamp }) => [dnKey, stamp]);
      if (args.length > 0) await removeUnchanged(redis, [movesKey(source)], args);
    },
  };
}

function read(text: string): StoredIdentity {
  const { identity } = JSON.parse(text.slice(text.indexOf(' ') + 1)) as Stored;
  return identity;
}

/** Long enough that two entries of one directory never share one: 128 bits. */
function digestOf(entry: Entry): string {
  return hash('sha256', contentOf(entry), 'base64url').slice(0, 22);
}

function handlesOf(attributes: Attributes): Set<string> {
  return new Set(NAMING_ATTRIBUTES.flatMap((name) => attributes[name] ?? []).map(fold));
}

function fold(handle: string): string {
  return handle.trim().toLowerCase();
}

/**
 * What we know of people: one hash a source, a field a person, holding the version and the identity as JSON, and
 * beside it the indexes that lead to a person (DN, names), a digest of what each present person's entry says, and the
 * list of news not announced yet. One script keeps them together.
 *
 * The digests are what makes reading everybody cheap: whoever says what they said before is known by 16 bytes, and
 * nothing else of them is loaded.
 */
import { hash } from 'node:crypto';
import { type PersonKey, parsePersonKey, personKey, type StableId, stableIdOfKey } from '../person/anchor.ts';
import { contentOf } from '../person/content.ts';
import type { Entry } from '../person/entry.ts';
import { foldHandle, HANDLE_ATTRIBUTES } from '../person/handles.ts';
import type { Identity } from '../person/identity.ts';
import { namesOf } from '../person/member-names.ts';
import { readMention } from '../person/mention.ts';
import type { Store } from './connection.ts';
import { groupKeys } from './group-keys.ts';
import { putIdentity, recogniseIdentity } from './identity-scripts.ts';
import { leaseKey, leaseValue } from './leases.ts';
import { newsKey, newsOf } from './news.ts';
import type { Groups, Identities, StoredIdentity } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { removeUnchanged } from './script.ts';

/** What is kept in the index beside the identity, so that the next write can take it out again. */
type Stored = {
  readonly identity: StoredIdentity;
  readonly dnKey: string;
  /** Names besides the DN by which groups name them; none while they are absent. */
  readonly names: readonly string[];
  readonly handles: readonly string[];
};

/** @param groups joins each person's groups in */
export function createIdentities(store: Store, groups: Groups): Identities {
  const { redis, key } = store;
  const peopleKey = (source: string) => key('people', source);
  const presentKey = (source: string) => key('present', source);
  const inGroups = groupKeys(store);
  const movesKey = (source: string) => key('moves', source);
  const renamedKey = (source: string) => key('renamed', source);

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
    ...newsOf(store),
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
        handles: [...handlesOf(next)],
      };
      const keys = [
        peopleKey(source),
        key('dn', source),
        presentKey(source),
        newsKey(store, source),
        leaseKey(store, lease?.name ?? ''),
        movesKey(source),
        inGroups.touchedNames(source),
        renamedKey(source),
        inGroups.groupNews(source),
        inGroups.groupNewsSeq(source),
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
        inGroups.memberOf(source, ''),
      ];
      return (await putIdentity(redis, keys, args)) === 1;
    },
    async areKnown(source, entries) {
      if (entries.length === 0) return [];
      const digests = await redis.hmget(presentKey(source), ...entries.map(({ stableId }) => stableId));
      return entries.map((entry, index) => digests[index] === digestOf(entry));
    },
    async recognise({ source, stableId, version, entry }) {
      const keys = [peopleKey(source), presentKey(source)];
      await recogniseIdentity(redis, keys, [stableId, version, digestOf(entry)]);
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
      return (await redis.smembers(key('handle', foldHandle(handle)))) as PersonKey[];
    },
    async withId(source, id) {
      return (await redis.smembers(key('handle', idHandle(source, id)))) as PersonKey[];
    },
    async addHandle(person, handle) {
      await redis.sadd(key('handle', foldHandle(handle)), person);
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
    async renamed(source) {
      const all = Object.entries(await redis.hgetall(renamedKey(source)));
      return all.map(([id, stamp]) => {
        const wasPresent = stamp.startsWith('present ');
        return { key: personKey(source, id as StableId), stamp, wasPresent };
      });
    },
    async settleRenamed(source, done) {
      if (done === 'all') {
        await redis.unlink(renamedKey(source));
        return;
      }
      const args = done.flatMap((renamed) => [stableIdOfKey(renamed.key), renamed.stamp]);
      if (args.length > 0) await removeUnchanged(redis, [renamedKey(source)], args);
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

/** What they are called and have been, and their id; nobody asks by DN. */
function handlesOf({ source, stableId, entry, anchors = [] }: StoredIdentity): Set<string> {
  const now = HANDLE_ATTRIBUTES.flatMap((name) => entry.attributes[name] ?? []);
  const before = anchors.filter(({ kind }) => kind !== 'dn').map(({ value }) => value);
  return new Set([idHandle(source, stableId), ...[...now, ...before].map(foldHandle)]);
}

/** Ids lead to people of one source only, and not to whoever is called so by name. */
function idHandle(source: string, id: string): string {
  return `id:${source}:${foldHandle(id)}`;
}

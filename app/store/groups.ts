/**
 * Which groups a source has and who is in them, by DN. A group's change makes exactly the people due whose
 * membership it changed: their DNs are noted as touched before anything else is written, and stay noted until the
 * people have been announced.
 */
import { type PersonKey, personKey, type StableId } from '../person/anchor.ts';
import type { GroupEntry, GroupRef } from '../person/entry.ts';
import type { Store } from './connection.ts';
import type { Groups } from './ports/index.ts';

/** Arguments a command: keeps a group of 100,000 members from becoming one giant command. */
const CHUNK = 1_000;

export function createGroups(store: Store): Groups {
  const { redis, key } = store;
  const groupsKey = (source: string) => key('groups', source);
  const refsKey = (source: string) => key('group-refs', source);
  const memberOfKey = (source: string, dnKey: string) => key('member-of', source, dnKey);
  const touchedKey = (source: string) => key('touched', source);

  async function load(source: string, id: string): Promise<GroupEntry | null> {
    const text = await redis.hget(groupsKey(source), id);
    return text === null ? null : (JSON.parse(text) as GroupEntry);
  }

  async function touch(source: string, dnKeys: readonly string[]): Promise<void> {
    for (const part of chunks(dnKeys)) await redis.sadd(touchedKey(source), ...part);
  }

  async function relink(source: string, id: string, joined: readonly string[], left: readonly string[]) {
    for (const part of chunks(joined)) {
      const pipeline = redis.pipeline();
      for (const dn of part) pipeline.sadd(memberOfKey(source, dn), id);
      await pipeline.exec();
    }
    for (const part of chunks(left)) {
      const pipeline = redis.pipeline();
      for (const dn of part) pipeline.srem(memberOfKey(source, dn), id);
      await pipeline.exec();
    }
  }

  async function forget(source: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const old = await load(source, id);
      if (old === null) continue;
      await touch(source, old.members);
      await relink(source, id, [], old.members);
      await redis.hdel(refsKey(source), id);
      await redis.hdel(groupsKey(source), id);
    }
  }

  return {
    async put(source, group) {
      const old = await load(source, group.stableId);
      const before = new Set(old?.members ?? []);
      const now = new Set(group.members);
      const joined = group.members.filter((dn) => !before.has(dn));
      const left = [...before].filter((dn) => !now.has(dn));
      const renamed = old !== null && (old.name !== group.name || old.dn !== group.dn);
      if (old !== null && joined.length === 0 && left.length === 0 && !renamed) return;
      // A renamed group may matter to a mapping, for everybody in it.
      await touch(source, renamed ? [...new Set([...before, ...now])] : [...joined, ...left]);
      await relink(source, group.stableId, joined, left);
      const ref: GroupRef = { dn: group.dn, name: group.name };
      await redis.hset(refsKey(source), group.stableId, JSON.stringify(ref));
      await redis.hset(groupsKey(source), group.stableId, JSON.stringify(group));
    },
    async keepOnly(source, seen) {
      const ids = await redis.hkeys(groupsKey(source));
      await forget(
        source,
        ids.filter((known) => !seen.has(known as StableId)),
      );
    },
    async remove(source, gone) {
      await forget(source, [...gone]);
    },
    async of(source, dnKey) {
      const ids = await redis.smembers(memberOfKey(source, dnKey));
      if (ids.length === 0) return [];
      const refs = await redis.hmget(refsKey(source), ...ids.sort());
      return refs.flatMap((text) => (text === null ? [] : [JSON.parse(text) as GroupRef]));
    },
    async touched(source) {
      const dnKeys = await redis.smembers(touchedKey(source));
      const people: PersonKey[] = [];
      for (const part of chunks(dnKeys)) {
        const ids = await redis.hmget(key('dn', source), ...part);
        people.push(...ids.flatMap((id) => (id === null ? [] : [personKey(source, id as StableId)])));
      }
      return { dnKeys, people };
    },
    async settle(source, dnKeys) {
      for (const part of chunks(dnKeys)) await redis.srem(touchedKey(source), ...part);
    },
  };
}

function chunks(all: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let start = 0; start < all.length; start += CHUNK) result.push(all.slice(start, start + CHUNK));
  return result;
}

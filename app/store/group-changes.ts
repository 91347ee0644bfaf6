/**
 * Stores groups and their members, by name, and forgets them. Beside each group's members stands, for each name, which
 * groups hold it; the two change in one step.
 *
 * What a change touches is noted before anything else is written, and while a group's members are being written its
 * record has no digest: whatever breaks off, the same list told again is compared with what is stored.
 */
import { createHash } from 'node:crypto';
import type { GroupEntry } from '../person/entry.ts';
import { isPrimaryGroupName } from '../person/member-names.ts';
import type { Store } from './connection.ts';
import {
  CHUNK,
  chunks,
  GROUP_NEWS,
  type GroupRecord,
  groupKeys,
  NAME_NEWS,
  placeInOrder,
  renamingText,
} from './group-keys.ts';
import { script } from './script.ts';

/** Puts names into a group or takes them out, on both sides in one step. */
const link = script(`
local command, memberOf, id = ARGV[1], ARGV[2], ARGV[3]
for i = 4, #ARGV do
  redis.call(command, KEYS[1], ARGV[i])
  redis.call(command, memberOf .. ARGV[i], id)
end
return 1
`);

type Difference = { readonly joined: readonly string[]; readonly left: readonly string[] };

const NONE: Difference = { joined: [], left: [] };

export function groupChanges(store: Store) {
  const { redis } = store;
  const keys = groupKeys(store);

  async function recordOf(source: string, id: string): Promise<GroupRecord | null> {
    const text = await redis.hget(keys.groups(source), id);
    return text === null ? null : (JSON.parse(text) as GroupRecord);
  }

  /** A group whose own members, name or DN change; the DN that it had leads to those above it no longer. */
  async function noteNews(source: string, id: string, leftDn: string | undefined): Promise<void> {
    const stamp = await redis.incr(keys.groupNewsSeq(source));
    const left = leftDn === undefined ? [] : [`${NAME_NEWS}${leftDn}`, stamp];
    await redis.hset(keys.groupNews(source), `${GROUP_NEWS}${id}`, stamp, ...left);
  }

  async function write(source: string, id: string, record: GroupRecord): Promise<void> {
    await redis.hset(keys.groups(source), id, JSON.stringify(record));
  }

  /** The difference is found without the stored list being loaded, unless somebody left. */
  async function difference(source: string, id: string, members: readonly string[]): Promise<Difference> {
    const name = keys.members(source, id);
    const joined: string[] = [];
    for (const part of chunks(members)) {
      const isMember = await redis.smismember(name, ...part);
      joined.push(...part.filter((_, index) => isMember[index] !== 1));
    }
    const kept = members.length - joined.length;
    if ((await redis.scard(name)) === kept) return { joined, left: [] };
    const now = new Set(members);
    const left: string[] = [];
    for await (const some of scanSet(store, name)) left.push(...some.filter((member) => !now.has(member)));
    return { joined, left: [...new Set(left)] };
  }

  async function relink(source: string, id: string, { joined, left }: Difference): Promise<void> {
    const members = [keys.members(source, id)];
    const common = [keys.memberOf(source, ''), id];
    for (const part of chunks(joined)) await link(redis, members, ['SADD', ...common, ...part]);
    for (const part of chunks(left)) await link(redis, members, ['SREM', ...common, ...part]);
  }

  /** A DN belongs to the group that was told of there last; whoever stood there before stands somewhere unknown. */
  async function settleAt(source: string, id: string, old: GroupRecord | null, next: GroupRecord) {
    const at = keys.groupAt(source);
    if (next.dnKey !== undefined) {
      const other = await redis.hget(at, next.dnKey);
      const record = other === null || other === id ? null : await recordOf(source, other);
      if (other !== null && record !== null) {
        await redis.sadd(keys.touchedGroups(source), other);
        const { dnKey: _taken, ...elsewhere } = record;
        await write(source, other, elsewhere);
      }
      await redis.hset(at, next.dnKey, id);
    }
    if (old?.dnKey !== undefined && old.dnKey !== next.dnKey) await leaveDn(source, id, old.dnKey);
    const order = keys.order(source);
    if (old !== null && old.name !== next.name) await redis.zrem(order, placeInOrder(old.name, id));
    await redis.zadd(order, 0, placeInOrder(next.name, id));
  }

  async function leaveDn(source: string, id: string, dnKey: string): Promise<void> {
    const at = keys.groupAt(source);
    if ((await redis.hget(at, dnKey)) === id) await redis.hdel(at, dnKey);
  }

  async function areKnown(source: string, groups: readonly GroupEntry[]): Promise<readonly boolean[]> {
    if (groups.length === 0) return [];
    const texts = await redis.hmget(keys.groups(source), ...groups.map(({ stableId }) => stableId));
    return groups.map((group, index) => {
      const text = texts[index] ?? null;
      if (text === null) return false;
      const known = JSON.parse(text) as GroupRecord;
      const told = recordFor(group);
      return sameName(known, told) && sameMembers(known, told);
    });
  }

  async function put(source: string, group: GroupEntry): Promise<void> {
    const { stableId: id, partial } = group;
    const old = await recordOf(source, id);
    const next = recordFor(group);
    const renamed = old === null || !sameName(old, next);
    const isKnown = old !== null && sameMembers(old, next);
    if (isKnown && !renamed) return;
    const change = isKnown ? NONE : await difference(source, id, [...new Set(group.members)]);
    // Whoever is not named in a part of a list is not gone for that.
    const { joined, left } = partial === true ? { joined: change.joined, left: [] } : change;
    await noteNews(source, id, old?.dnKey === next.dnKey ? undefined : old?.dnKey);
    if (renamed) await redis.sadd(keys.touchedGroups(source), id);
    if (old === null || old.dnKey !== next.dnKey) {
      const text = renamingText({ dn: group.dn, wasKnown: old !== null });
      await redis.hset(keys.renamedGroups(source), id, text);
    }
    // Everybody in a new group is below it: no need to name them one by one.
    if (old !== null) {
      for (const part of chunks([...joined, ...left])) await redis.sadd(keys.touchedNames(source), ...part);
    }
    for (const part of chunks(left)) await redis.sadd(keys.leftNames(source), ...part);
    await write(source, id, { ...next, digest: '' });
    await settleAt(source, id, old, next);
    await relink(source, id, { joined, left });
    await write(source, id, next);
  }

  async function forget(source: string, id: string): Promise<void> {
    const old = await recordOf(source, id);
    if (old === null) return;
    await noteNews(source, id, old.dnKey);
    await write(source, id, { ...old, digest: '' });
    for await (const some of scanSet(store, keys.members(source, id))) {
      await redis.sadd(keys.touchedNames(source), ...some);
      await relink(source, id, { joined: [], left: some });
    }
    if (old.dnKey !== undefined) await leaveDn(source, id, old.dnKey);
    await redis.zrem(keys.order(source), placeInOrder(old.name, id));
    await redis.hdel(keys.renamedGroups(source), id);
    await redis.hdel(keys.groups(source), id);
  }

  return { areKnown, put, forget };
}

function recordFor({ dn, dnKey, name, partial, members }: GroupEntry): GroupRecord {
  return {
    dn,
    name,
    ...(dnKey === undefined ? {} : { dnKey }),
    ...(partial === undefined ? {} : { partial }),
    ...(members.some(isPrimaryGroupName) ? { primary: true } : {}),
    digest: partial === true ? '' : digestOf(members),
  };
}

function sameName(a: GroupRecord, b: GroupRecord): boolean {
  return a.dn === b.dn && a.name === b.name && a.dnKey === b.dnKey;
}

/** A partial list has no digest: the same again is no proof that the stored members are those. */
function sameMembers(known: GroupRecord, told: GroupRecord): boolean {
  return known.digest === told.digest && told.digest !== '';
}

/** In the order given: a server that gives another order costs a comparison, and no more. */
function digestOf(members: readonly string[]): string {
  const hash = createHash('sha256');
  for (const member of members) hash.update(`${member.length}:${member}`);
  return hash.digest('base64url').slice(0, 22);
}

/** Each member of a set, a chunk at a time; some may come twice. */
async function* scanSet({ redis }: Store, name: string): AsyncGenerator<string[], void> {
  let cursor = '0';
  do {
    const [next, some] = await redis.sscan(name, cursor, 'COUNT', CHUNK);
    cursor = next;
    if (some.length > 0) yield some;
  } while (cursor !== '0');
}

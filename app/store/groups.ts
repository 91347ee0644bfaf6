/**
 * The groups of a source: storing them (`group-changes.ts`), who is in which (`groups-above.ts`, `groups-below.ts`), and
 * what an operator is shown.
 *
 * Touched is noted by name or by group; who stands below is found when it is asked for, in the groups as they are then:
 * a path that came or went has an edge that was touched, and what lies below the lowest such edge is still there.
 */
import type { StableId } from '../person/anchor.ts';
import { isPrimaryGroupName, uidIn } from '../person/member-names.ts';
import type { Store } from './connection.ts';
import { groupChanges } from './group-changes.ts';
import {
  chunks,
  GROUP_NEWS,
  type GroupRecord,
  groupKeys,
  idInOrder,
  NAME_NEWS,
  renamingIn,
  renamingText,
} from './group-keys.ts';
import { groupIdsAbove, groupsAbove } from './groups-above.ts';
import { groupsBelow } from './groups-below.ts';
import type { GroupNews, Groups, KnownGroup } from './ports/index.ts';
import { removeUnchanged } from './script.ts';

export function createGroups(store: Store): Groups {
  const { redis } = store;
  const keys = groupKeys(store);
  const below = groupsBelow(store);
  const changes = groupChanges(store);

  async function known(source: string, ids: readonly StableId[]): Promise<readonly KnownGroup[]> {
    if (ids.length === 0) return [];
    const texts = await redis.hmget(keys.groups(source), ...ids);
    const counts = await Promise.all(ids.map((id) => redis.scard(keys.members(source, id))));
    return ids.flatMap((stableId, index): KnownGroup[] => {
      const text = texts[index] ?? null;
      if (text === null) return [];
      const { dn, name, partial = false, primary = false } = JSON.parse(text) as GroupRecord;
      return [{ stableId, dn, name, partial, members: (counts[index] ?? 0) - (primary ? 1 : 0) }];
    });
  }

  async function newsOf(source: string): Promise<GroupNews> {
    const noted = await redis.hgetall(keys.groupNews(source));
    const fields = Object.keys(noted);
    const after = (prefix: string) =>
      fields.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length));
    const changed = after(GROUP_NEWS);
    const names = after(NAME_NEWS);
    for (const part of chunks(changed)) {
      for (const text of await redis.hmget(keys.groups(source), ...part)) {
        const dnKey = text === null ? undefined : (JSON.parse(text) as GroupRecord).dnKey;
        if (dnKey !== undefined) names.push(dnKey);
      }
    }
    const above = await groupIdsAbove(store, source, names);
    return { concerned: [...new Set([...(changed as StableId[]), ...above])], noted };
  }

  return {
    areKnown: (source, groups) => changes.areKnown(source, groups),
    put: (source, group) => changes.put(source, group),
    async ids(source) {
      return new Set((await redis.hkeys(keys.groups(source))) as StableId[]);
    },
    async remove(source, gone) {
      for (const id of gone) await changes.forget(source, id);
    },
    async left(source) {
      const names = await redis.smembers(keys.leftNames(source));
      const ids = new Set<string>();
      for (const part of chunks(names)) {
        for (const id of await redis.hmget(keys.personAt(source), ...part)) if (id !== null) ids.add(id);
      }
      return { names, people: [...ids] as StableId[] };
    },
    async settleLeft(source, names) {
      for (const part of chunks(names)) await redis.srem(keys.leftNames(source), ...part);
    },
    async renamed(source) {
      const all = Object.entries(await redis.hgetall(keys.renamedGroups(source)));
      return all.map(([id, text]) => ({ stableId: id as StableId, ...renamingIn(text) }));
    },
    async settleRenamed(source, done) {
      if (done === 'all') {
        await redis.unlink(keys.renamedGroups(source));
        return;
      }
      const args = done.flatMap((renamed) => [renamed.stableId, renamingText(renamed)]);
      if (args.length > 0) await removeUnchanged(redis, [keys.renamedGroups(source)], args);
    },
    of: (source, people) => groupsAbove(store, source, people),
    async namedIn(source, people) {
      const holding = async (name: string): Promise<readonly string[]> => {
        if (isPrimaryGroupName(name)) return [];
        const isShared = uidIn(name) !== null && (await redis.scard(keys.named(source, name))) > 1;
        return isShared ? [] : await redis.smembers(keys.memberOf(source, name));
      };
      const ids = await Promise.all(
        people.map(async (names) => new Set((await Promise.all(names.map(holding))).flat())),
      );
      const all = await known(source, [...new Set(ids.flatMap((own) => [...own]))] as StableId[]);
      return ids.map((own) => all.filter(({ stableId }) => own.has(stableId)));
    },
    async touched(source) {
      const names = await redis.smembers(keys.touchedNames(source));
      const groups = await redis.smembers(keys.touchedGroups(source));
      return { names, groups, people: await below.peopleBelow(source, names, groups) };
    },
    async settle(source, { names, groups }) {
      for (const part of chunks(names)) await redis.srem(keys.touchedNames(source), ...part);
      for (const part of chunks(groups)) await redis.srem(keys.touchedGroups(source), ...part);
    },
    news: (source) => newsOf(source),
    async settleNews(source, { noted }) {
      for (const part of chunks(Object.entries(noted))) {
        await removeUnchanged(redis, [keys.groupNews(source)], part.flat());
      }
    },
    above: (source, names) => groupIdsAbove(store, source, names),
    async list(source, after, limit) {
      const from = after === null ? '-' : `(${after}`;
      const places = await redis.zrangebylex(keys.order(source), from, '+', 'LIMIT', 0, limit + 1);
      const page = places.slice(0, limit);
      const next = places.length > limit ? (page.at(-1) ?? null) : null;
      return { groups: await known(source, page.map(idInOrder)), next };
    },
    get: async (source, id) => (await known(source, [id]))[0] ?? null,
    members: (source, id) => below.everybodyIn(source, id),
    async strangers(source, id) {
      const ids = id === undefined ? await redis.hkeys(keys.groups(source)) : [id];
      const found = { members: 0, groups: 0 };
      for (const one of ids) {
        const members = await below.strangersIn(source, one);
        found.members += members;
        if (members > 0) found.groups += 1;
      }
      return found;
    },
  };
}

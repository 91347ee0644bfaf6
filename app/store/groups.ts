/**
 * The groups of a source: storing them (`group-changes.ts`), who is in which (`groups-above.ts`, `groups-below.ts`), and
 * what an operator is shown.
 *
 * Touched is noted by name or by group; who stands below is found when it is asked for, in the groups as they are then:
 * a path that came or went has an edge that was touched, and what lies below the lowest such edge is still there.
 */
import type { StableId } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { groupChanges } from './group-changes.ts';
import { chunks, type GroupRecord, groupKeys, idInOrder } from './group-keys.ts';
import { groupsAbove } from './groups-above.ts';
import { groupsBelow } from './groups-below.ts';
import type { Groups, KnownGroup } from './ports/index.ts';

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

  return {
    put: (source, group) => changes.put(source, group),
    async ids(source) {
      return new Set((await redis.hkeys(keys.groups(source))) as StableId[]);
    },
    async remove(source, gone) {
      for (const id of gone) await changes.forget(source, id);
    },
    of: (source, people) => groupsAbove(store, source, people),
    async touched(source) {
      const names = await redis.smembers(keys.touchedNames(source));
      const groups = await redis.smembers(keys.touchedGroups(source));
      return { names, groups, people: await below.peopleBelow(source, names, groups) };
    },
    async settle(source, { names, groups }) {
      for (const part of chunks(names)) await redis.srem(keys.touchedNames(source), ...part);
      for (const part of chunks(groups)) await redis.srem(keys.touchedGroups(source), ...part);
    },
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

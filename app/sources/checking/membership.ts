/**
 * Who is in which group, worked out in memory from one read: groups in groups to any depth, circles among them. The
 * stores conclude the same from what they keep; here it is needed for one look at a source, without a store. Pure.
 */
import type { Entry, GroupEntry, GroupRef } from '../../person/entry.ts';
import { isPrimaryGroupName, namesOf } from '../../person/member-names.ts';
import type { Census } from './census.ts';

export type Membership = {
  /** All groups of a person; `nested` where they are in it only through another. */
  groupsOf(entry: Entry): readonly GroupRef[];
  /** How many groups stand in one another at most: 1 where none is in another, 0 without groups. */
  readonly depth: number;
  /** Groups that are in a circle, or hold one. */
  readonly circular: number;
  /** Members that are neither people nor groups that were read. */
  readonly strangers: number;
  /** How many the largest group names. */
  readonly mostMembers: number;
};

/** @param nested whether who is in a group of a group is in both */
export function membershipIn({ groups, carriers }: Census, nested: boolean): Membership {
  const byName = new Map(
    groups.flatMap((group) => (group.dnKey === undefined ? [] : [[group.dnKey, group]])),
  );
  const holders = new Map<string, GroupEntry[]>();
  for (const group of groups) {
    for (const member of group.members) {
      const known = holders.get(member);
      if (known === undefined) holders.set(member, [group]);
      else known.push(group);
    }
  }
  const above = (group: GroupEntry) => (group.dnKey === undefined ? [] : (holders.get(group.dnKey) ?? []));
  const isStranger = (name: string) => !carriers.has(name) && !byName.has(name) && !isPrimaryGroupName(name);
  return {
    groupsOf: (entry) => {
      if (entry.memberOf !== undefined) return entry.memberOf;
      // A name that several carry stands for nobody.
      const names = namesOf(entry).filter((name) => carriers.get(name) !== null);
      return groupsAbove(
        names.flatMap((name) => holders.get(name) ?? []),
        nested ? above : () => [],
      );
    },
    ...levelsOf(groups, above),
    strangers: [...holders.keys()].filter(isStranger).length,
    mostMembers: groups.reduce((most, group) => Math.max(most, namedBy(group)), 0),
  };
}

/** How many members the group itself names. */
function namedBy({ members }: GroupEntry): number {
  return members.filter((name) => !isPrimaryGroupName(name)).length;
}

type Above = (group: GroupEntry) => readonly GroupEntry[];

function groupsAbove(direct: readonly GroupEntry[], above: Above): readonly GroupRef[] {
  const found = new Map(direct.map((group) => [group.stableId, refTo(group)]));
  const waiting = [...direct];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    for (const holder of above(group)) {
      if (found.has(holder.stableId)) continue;
      found.set(holder.stableId, { ...refTo(holder), nested: true });
      waiting.push(holder);
    }
  }
  return [...found.values()].sort((a, b) => (a.dn < b.dn ? -1 : 1));
}

function refTo({ dn, name }: GroupEntry): GroupRef {
  return { dn, name };
}

/** From groups that hold no group upwards; those in a circle, and above it, are never reached. */
function levelsOf(groups: readonly GroupEntry[], above: Above): Pick<Membership, 'depth' | 'circular'> {
  const below = new Map(groups.map((group) => [group.stableId, 0]));
  for (const group of groups) {
    for (const holder of above(group)) below.set(holder.stableId, (below.get(holder.stableId) ?? 0) + 1);
  }
  let level = groups.filter(({ stableId }) => below.get(stableId) === 0);
  let depth = 0;
  let reached = 0;
  while (level.length > 0) {
    depth += 1;
    reached += level.length;
    const next: GroupEntry[] = [];
    for (const holder of level.flatMap(above)) {
      const left = (below.get(holder.stableId) ?? 0) - 1;
      below.set(holder.stableId, left);
      if (left === 0) next.push(holder);
    }
    level = next;
  }
  return { depth, circular: groups.length - reached };
}

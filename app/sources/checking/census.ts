/**
 * Counts what a read of everybody tells: people, what they show and how they are named, groups and their members. It
 * keeps names and groups, and of people no more than numbers.
 */
import type { StableId } from '../../person/anchor.ts';
import type { Entry, GroupEntry } from '../../person/entry.ts';
import { namesOf, uidIn } from '../../person/member-names.ts';
import type { SourceItem } from '../source.ts';

export type Census = {
  readonly people: number;
  /** Somebody of them: the first one; null where there is nobody. */
  readonly somebody: Entry | null;
  /** How many people have the attribute, by its folded name without options. */
  readonly having: ReadonlyMap<string, number>;
  readonly withoutStamp: number;
  /** How many people name groups of theirs themselves. */
  readonly namingGroups: number;
  /** How many records cannot be used. */
  readonly rejected: number;
  /** Every name that somebody carries; null where it is a login name of several, so that it stands for nobody. */
  readonly carriers: ReadonlyMap<string, StableId | null>;
  /** How many login names are carried by more than one person. */
  readonly doubleUids: number;
  readonly groups: readonly GroupEntry[];
};

export type Counting = {
  take(item: Exclude<SourceItem, { kind: 'end' }>): void;
  census(): Census;
};

/** @param onPerson told how many people there are by now, with each new one */
export function startCounting(onPerson: (people: number) => void): Counting {
  const ids = new Set<StableId>();
  const having = new Map<string, number>();
  const carriers = new Map<string, StableId | null>();
  const groups = new Map<StableId, GroupEntry>();
  let somebody: Entry | null = null;
  let withoutStamp = 0;
  let namingGroups = 0;
  let rejected = 0;

  function takePerson(entry: Entry): void {
    // A source may name somebody twice.
    if (ids.has(entry.stableId)) return;
    ids.add(entry.stableId);
    somebody ??= entry;
    if (entry.revision === '') withoutStamp += 1;
    if ((entry.memberOf ?? []).length > 0) namingGroups += 1;
    const types = new Set(Object.keys(entry.attributes).map((name) => name.split(';')[0] ?? name));
    for (const type of types) having.set(type, (having.get(type) ?? 0) + 1);
    for (const name of namesOf(entry)) {
      const isDouble = carriers.has(name) && uidIn(name) !== null;
      carriers.set(name, isDouble ? null : entry.stableId);
    }
    onPerson(ids.size);
  }

  return {
    take(item) {
      if (item.kind === 'person') takePerson(item.entry);
      else if (item.kind === 'group') groups.set(item.group.stableId, item.group);
      else if (item.kind === 'rejected') rejected += 1;
    },
    census: () => ({
      people: ids.size,
      somebody,
      having,
      withoutStamp,
      namingGroups,
      rejected,
      carriers,
      doubleUids: [...carriers.values()].filter((id) => id === null).length,
      groups: [...groups.values()],
    }),
  };
}

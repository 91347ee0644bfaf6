/** Makes groups of what people's own records say about their groups. */
import { type StableId, toStableId } from '../../person/anchor.ts';
import type { GroupEntry } from '../../person/entry.ts';
import { idName } from '../../person/member-names.ts';

export type GatheredGroups = {
  add(person: StableId, groups: readonly string[]): void;
  /** @param partial whether people may be missing */
  all(partial: boolean): readonly GroupEntry[];
};

/** Groups are one by their names without regard to case. @returns null where the name cannot be one */
export function groupId(name: string): StableId | null {
  return toStableId(name.normalize('NFKC').toLowerCase());
}

export function gatherGroups(): GatheredGroups {
  /** Under the spelling that came first. */
  const groups = new Map<StableId, { name: string; members: Set<string> }>();
  return {
    add(person, names) {
      for (const name of names) {
        const id = groupId(name);
        if (id === null) continue;
        const group = groups.get(id) ?? { name, members: new Set() };
        group.members.add(idName(person));
        groups.set(id, group);
      }
    },
    all: (partial) =>
      [...groups].map(([stableId, { name, members }]) => ({
        stableId,
        dn: name,
        name,
        members: [...members],
        ...(partial ? { partial: true as const } : {}),
      })),
  };
}

/**
 * All groups at a target by its listing, kept for as long as a plan is made. Names are compared as look-ups compare
 * them: displayName ignores case and may come behind the name of a store, externalId does not. What the listing cannot
 * answer is asked for by itself.
 */
import type { Group } from '../../scim/groups/group.ts';
import type { GroupMatch, GroupTarget } from '../../scim/groups/group-target.ts';
import type { Call, ListCall } from '../../scim/target.ts';

export type GroupFinder = Pick<GroupTarget, 'find'>;

/** What a target does otherwise, as far as finding groups goes. */
export type GroupFindingHabits = {
  /** False where look-ups by externalId find nothing. */
  readonly searchesExternalId: boolean;
  /** True where a name comes back behind the name of the store that the group is kept in. */
  readonly namesCarryStore: boolean;
};

export type ListedGroups = {
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly problem: string | null;
  get(id: string): Group | null;
  /** null where the listing cannot tell. */
  find(match: GroupMatch): readonly Group[] | null;
};

/** @throws what a GroupTarget throws */
export async function listGroups(
  groups: Pick<GroupTarget, 'list'>,
  habits: GroupFindingHabits,
  call: ListCall,
): Promise<ListedGroups> {
  const byId = new Map<string, Group>();
  const byName = new Map<string, Group[]>();
  const byExternalId = new Map<string, Group[]>();
  let end = { complete: false, problem: 'the listing has no end' as string | null };
  for await (const item of groups.list(call)) {
    if (item.kind === 'end') {
      end = item;
      continue;
    }
    for (const group of item.groups) {
      byId.set(group.id, group);
      for (const name of namesOf(group, habits)) addTo(byName, name, group);
      if (group.externalId !== null) addTo(byExternalId, group.externalId, group);
    }
  }
  return {
    complete: end.complete,
    problem: end.problem,
    get: (id) => byId.get(id) ?? null,
    find({ by, value }) {
      if (by === 'externalId' && !habits.searchesExternalId) return [];
      const found = by === 'externalId' ? byExternalId.get(value) : byName.get(value.toLowerCase());
      if (found !== undefined) return found;
      // A listing that shows no externalId of any group says nothing about it.
      const tells = by === 'displayName' || byExternalId.size > 0 || byId.size === 0;
      return end.complete && tells ? [] : null;
    },
  };
}

/** Finds groups in a listing first. @param asking for what the listing cannot answer */
export function findInGroups(listed: ListedGroups, asking: GroupFinder): GroupFinder {
  return {
    async find(match: GroupMatch, call: Call) {
      const group = match.by === 'id' ? listed.get(match.value) : null;
      const found = match.by === 'id' ? group && [group] : listed.find(match);
      return found ?? (await asking.find(match, call));
    },
  };
}

function namesOf({ displayName }: Group, { namesCarryStore }: GroupFindingHabits): readonly string[] {
  const name = displayName.toLowerCase();
  const behindStore = name.slice(name.indexOf('/') + 1);
  return namesCarryStore && behindStore !== name ? [name, behindStore] : [name];
}

function addTo(groups: Map<string, Group[]>, name: string, group: Group): void {
  const before = groups.get(name);
  if (before === undefined) groups.set(name, [group]);
  else before.push(group);
}

/**
 * Who has to be added to a group and who removed, and in which requests (draft-scim-api-01, 3.3.2; O-25). Pure.
 *
 * A member is added by the id alone. `type` is the target's to say, and a server that merges a list's elements by
 * `type`, as Ping's SDK does, would put the new member in the place of another one. A member is removed as the target
 * shows it, since the same SDK removes only what is equal in every part (pingidentity/scim, Diff.java).
 */
import { CORE_URN, type JsonObject } from '../resource.ts';
import { type Group, showsMembers } from './group.ts';

/** Ids of users or groups. Who is in both lists shall be a member. */
export type MemberChange = { readonly add: readonly string[]; readonly remove: readonly string[] };

export const NO_CHANGE: MemberChange = { add: [], remove: [] };

/**
 * What of the change is not so already; each id once. Of a group that is shown without members nothing is taken for
 * done: they may be there and not be shown.
 */
export function neededChange({ add, remove }: MemberChange, group: Group): MemberChange {
  const wanted = new Set(add);
  const all = { add: [...wanted], remove: [...new Set(remove)].filter((id) => !wanted.has(id)) };
  if (!showsMembers(group)) return all;
  const members = new Set(group.members.map(({ value }) => value));
  return {
    add: all.add.filter((id) => !members.has(id)),
    remove: all.remove.filter((id) => members.has(id)),
  };
}

export function isNothing({ add, remove }: MemberChange): boolean {
  return add.length === 0 && remove.length === 0;
}

/** As much of a change as goes into one request. Removals come first: who is to lose access waits for nobody. */
export function firstChunk(change: MemberChange, most: number): MemberChange {
  const remove = change.remove.slice(0, most);
  return { remove, add: change.add.slice(0, most - remove.length) };
}

/** What is left of a change once a part of it is done. */
export function without(change: MemberChange, part: MemberChange): MemberChange {
  const [added, removed] = [new Set(part.add), new Set(part.remove)];
  return {
    add: change.add.filter((id) => !added.has(id)),
    remove: change.remove.filter((id) => !removed.has(id)),
  };
}

export function together(one: MemberChange, other: MemberChange): MemberChange {
  return { add: [...one.add, ...other.add], remove: [...one.remove, ...other.remove] };
}

/** @param group as last seen, for how the target shows a member */
export function membersPatch({ add, remove }: MemberChange, group: Group): JsonObject {
  const shown = new Map(group.members.map((member) => [member.value, member]));
  return {
    schemas: [CORE_URN],
    members: [
      ...remove.map((value) => ({ ...(shown.get(value) ?? { value }), operation: 'delete' })),
      ...add.map((value) => ({ value })),
    ],
  };
}

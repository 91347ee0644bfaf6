/** The groups of a target over SCIM 1.1, put together from their parts. */
import type { ScimTargetParts } from '../users/look-up.ts';
import { changeMembers } from './change-members.ts';
import { createGroup } from './create-group.ts';
import { findGroups, listGroups } from './find-groups.ts';
import type { GroupParts, GroupTarget } from './group-target.ts';
import { removeGroup, renameGroup } from './write-group.ts';

/** @returns null where the target has no groups, as its profile says */
export function groupsOver(target: ScimTargetParts): GroupTarget | null {
  const habits = target.profile.groups;
  if (habits === null) return null;
  const parts: GroupParts = { ...target, habits, verbs: { patch: habits.update === 'patch' } };
  return {
    find: (match, call) => findGroups(match, parts, call),
    list: (call) => listGroups(parts, call),
    create: (group, call) => createGroup(group, parts, call),
    rename: (id, displayName, call, version) => renameGroup(id, displayName, parts, call, version),
    changeMembers: (id, change, call, known) => changeMembers(id, change, parts, call, known),
    remove: (id, call, version) => removeGroup(id, parts, call, version),
  };
}

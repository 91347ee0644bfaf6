/**
 * Which group at the target is ours: the linked one, else the one that the mapping's match finds. One that a create of
 * ours may have made without our seeing the answer is looked for under the names that were sent then (O-18).
 */
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import type { GroupAtTarget, GroupDesired, GroupKnown } from '../../plan/group-plan.ts';
import type { Group } from '../../scim/groups/group.ts';
import type { GroupMatch, GroupTarget } from '../../scim/groups/group-target.ts';
import type { GroupIntent, GroupLink } from '../../store/ports/index.ts';
import { waitUntilSettled } from '../provisioning/unsettled.ts';
import type { GroupDeps, GroupWork } from './group-work.ts';

/** What is known, and the group as it was read, for whoever writes to it. */
export type FoundGroup = { readonly known: GroupKnown; readonly read?: Group };

/** Whose group is looked for. */
export type GroupLook = Pick<GroupWork, 'key' | 'target' | 'call'>;

/** What looking takes. */
export type FindGroupDeps = Pick<GroupDeps, 'links' | 'groupLinks'> & {
  readonly target: { readonly name: string; readonly groups: Pick<GroupTarget, 'find'> };
};

/** @returns null where the target has no group of that id any more */
export async function readLinkedGroup(
  link: GroupLink,
  work: GroupLook,
  deps: FindGroupDeps,
): Promise<FoundGroup | null> {
  const [read] = await deps.target.groups.find({ by: 'id', value: link.id }, work.call);
  if (read === undefined) return null;
  const { displayName: asked, shownAs } = link;
  return { known: { kind: 'linked', group: await atTarget(read, deps), asked, shownAs }, read };
}

/** @throws StillSettling where an earlier create may still take effect */
export async function findUnlinkedGroup(
  desired: Extract<GroupDesired, { kind: 'group' }>,
  mapping: GroupMapping,
  work: GroupWork,
  deps: GroupDeps,
): Promise<FoundGroup> {
  const intent = await deps.groupLinks.intent(work.target, work.key);
  const found = await findMatchingGroup(desired, mapping, work, deps);
  return found.known.kind === 'nothing' && intent !== null ? await findUnsettled(intent, work, deps) : found;
}

/** What the mapping's match finds. */
export async function findMatchingGroup(
  desired: Extract<GroupDesired, { kind: 'group' }>,
  mapping: GroupMapping,
  work: GroupLook,
  deps: FindGroupDeps,
): Promise<FoundGroup> {
  for (const by of mapping.matchOn) {
    const found = await findBy(by, desired[by], work, deps);
    if (found !== null) return found;
  }
  return { known: { kind: 'nothing' } };
}

/** @throws StillSettling where it is not there, and may still come */
export async function findUnsettled(
  intent: GroupIntent,
  work: GroupWork,
  deps: GroupDeps,
): Promise<FoundGroup> {
  for (const by of ['externalId', 'displayName'] as const) {
    const found = await findBy(by, intent[by], work, deps);
    if (found !== null) return found;
  }
  waitUntilSettled(intent, deps);
  return { known: { kind: 'nothing' } };
}

async function findBy(
  by: 'externalId' | 'displayName',
  value: string | undefined,
  work: GroupLook,
  deps: FindGroupDeps,
): Promise<FoundGroup | null> {
  if (value === undefined) return null;
  const match: GroupMatch = { by, value };
  const [read, ...more] = await deps.target.groups.find(match, work.call);
  if (read === undefined) return null;
  if (more.length > 0)
    return { known: { kind: 'ambiguous', reason: `several groups at the target have this ${by}` } };
  const owner = await deps.groupLinks.ownerOf(work.target, read.id);
  if (owner !== null && owner !== work.key) {
    const reason = `the group at the target with this ${by} is linked to another group already`;
    return { known: { kind: 'ambiguous', reason } };
  }
  return { known: { kind: 'found', group: await atTarget(read, deps), by }, read };
}

export async function atTarget(
  { id, displayName, members, version }: Group,
  { target, links }: Pick<GroupDeps, 'links'> & { readonly target: { readonly name: string } },
): Promise<GroupAtTarget> {
  const ids = members.map(({ value }) => value);
  const owners = await links.ownersOf(target.name, ids);
  return {
    id,
    displayName,
    members: ids.map((member, index) => ({ id: member, ours: (owners[index] ?? null) !== null })),
    ...(version === undefined ? {} : { version }),
  };
}

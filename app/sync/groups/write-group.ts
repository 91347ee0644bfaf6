/**
 * Carries a group's plan out at the target and remembers what came of it. The link stands before anything is written
 * and is uncertain until all of it went through; whatever breaks off, the next attempt reads the group and goes on with
 * the difference that is left. Who is to lose access goes first.
 */
import { Refused } from '../../errors.ts';
import type { GroupChange, GroupPlan } from '../../plan/group-plan.ts';
import type { Group } from '../../scim/groups/group.ts';
import type { GroupLink } from '../../store/ports/index.ts';
import { provesNothingWasWritten } from '../provisioning/carry-out.ts';
import { recordGroup } from './group-record.ts';
import type { GroupDeps, GroupWork } from './group-work.ts';
import { writeMembers } from './write-members.ts';

export type WrittenGroup =
  /** `leftOut`: why not everybody is in or out; null where all are. */
  | { readonly kind: 'done'; readonly groupId: string | null; readonly leftOut: Refused | null }
  /** The target has no such group any more. */
  | { readonly kind: 'missing' }
  /** It is another one than was planned for. */
  | { readonly kind: 'changed' };

/** What the group shall be, once all is written. */
export type Aim = { readonly displayName: string; readonly digest: string; readonly members: number };

/** @param read the group as it was read, where one was */
export async function writeGroup(
  decided: GroupPlan,
  link: GroupLink | null,
  read: Group | undefined,
  aim: Aim,
  work: GroupWork,
  deps: GroupDeps,
): Promise<WrittenGroup> {
  switch (decided.action) {
    case 'none':
    case 'hold':
      return { kind: 'done', groupId: link?.id ?? null, leftOut: null };
    case 'create':
      return await create(decided, aim, work, deps);
    case 'adopt':
    case 'update':
      return await change(decided, link, read, aim, work, deps);
    case 'delete':
      return await remove(decided, link, work, deps);
  }
}

/** A group that was read is as it shall be: no write, and the link is certain from now on. */
export async function confirmGroup(
  link: GroupLink,
  read: Group,
  aim: Aim,
  work: GroupWork,
  deps: GroupDeps,
): Promise<void> {
  await remember({ ...link, ...aim, shownAs: read.displayName }, work, deps);
}

async function create(
  decided: Extract<GroupPlan, { action: 'create' }>,
  aim: Aim,
  work: GroupWork,
  deps: GroupDeps,
): Promise<WrittenGroup> {
  const { target, groupLinks, now } = deps;
  const { displayName, externalId, members } = decided;
  const names = externalId === undefined ? { displayName } : { displayName, externalId };
  await groupLinks.openIntent(work.target, work.key, { openedAt: now().toISOString(), ...names });
  const made = await target.groups.create({ ...names, members }, work.call).catch(async (error: unknown) => {
    if (provesNothingWasWritten(error)) await groupLinks.settleIntent(work.target, work.key);
    throw error;
  });
  if (made.kind === 'conflict') {
    await groupLinks.settleIntent(work.target, work.key);
    throw new Refused(made.status, made.words);
  }
  const link = newLink(made.group, 'created', displayName, work, deps);
  await groupLinks.put(link, work.lease);
  await groupLinks.settleIntent(work.target, work.key);
  const sent = members.length - made.left.length;
  const done = { displayName, add: members.slice(0, sent), remove: [] };
  await recordGroup(decided, link.id, done, work, deps);
  const rest = { add: made.left, remove: [] };
  const changed = await writeMembers(rest, { id: link.id, decided, read: made.group }, work, deps);
  if (changed.kind === 'missing') return changed;
  const { leftOut } = changed;
  await remember({ ...link, ...reached(aim, leftOut) }, work, deps);
  return { kind: 'done', groupId: link.id, leftOut };
}

async function change(
  decided: GroupChange,
  link: GroupLink | null,
  read: Group | undefined,
  aim: Aim,
  work: GroupWork,
  deps: GroupDeps,
): Promise<WrittenGroup> {
  if (read === undefined) return { kind: 'changed' };
  const asked = { ...(link ?? newLink(read, adoptedBy(decided), read.displayName, work, deps)), digest: '' };
  await deps.groupLinks.put(asked, work.lease);
  await deps.groupLinks.settleIntent(work.target, work.key);
  const { id, rename } = decided;
  const changed = await writeMembers(decided, { id, decided, read }, work, deps);
  if (changed.kind === 'missing') return changed;
  const { wrote, leftOut } = changed;
  let shownAs = read.displayName;
  if (rename !== undefined) {
    // A version of before the members changed is of no use any more.
    const version = wrote ? undefined : read.version;
    const renamed = await deps.target.groups.rename(id, rename, work.call, version);
    if (renamed.kind !== 'written') return renamed;
    shownAs = renamed.group.displayName;
    await recordGroup(decided, id, { displayName: rename, add: [], remove: [] }, work, deps);
  }
  await remember({ ...asked, ...reached(aim, leftOut), shownAs }, work, deps);
  return { kind: 'done', groupId: id, leftOut };
}

/** Where somebody is left out it is not as it shall be: such a group is looked at again. */
function reached(aim: Aim, leftOut: Refused | null): Aim {
  return leftOut === null ? aim : { ...aim, digest: '' };
}

async function remove(
  decided: Extract<GroupPlan, { action: 'delete' }>,
  link: GroupLink | null,
  work: GroupWork,
  deps: GroupDeps,
): Promise<WrittenGroup> {
  const { kind } = await deps.target.groups.remove(decided.id, work.call, decided.version);
  if (kind === 'changed') return { kind };
  await recordGroup(decided, decided.id, { add: [], remove: [] }, work, deps);
  if (link !== null) await deps.groupLinks.drop(link, work.lease);
  return { kind: 'done', groupId: decided.id, leftOut: null };
}

function adoptedBy({ reason }: GroupChange): GroupLink['madeBy'] {
  return reason === 'found by externalId' ? 'externalId' : 'displayName';
}

function newLink(
  { id, displayName: shownAs }: Group,
  madeBy: GroupLink['madeBy'],
  displayName: string,
  { target, key }: GroupWork,
  { now }: GroupDeps,
): GroupLink {
  const at = now().toISOString();
  return {
    target,
    key,
    id,
    madeBy,
    madeAt: at,
    displayName,
    shownAs,
    digest: '',
    members: 0,
    confirmedAt: at,
  };
}

async function remember(link: GroupLink, work: GroupWork, { groupLinks, now }: GroupDeps): Promise<void> {
  await groupLinks.put({ ...link, confirmedAt: now().toISOString() }, work.lease);
}

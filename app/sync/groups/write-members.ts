/**
 * Takes members out of a group at the target and adds others. Whoever the target refuses is left out, and named by who
 * they are; the others are in, and what else there is to do with the group goes on. What went through stands in the
 * log, whatever becomes of the rest.
 */
import { Refused } from '../../errors.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import type { Group } from '../../scim/groups/group.ts';
import type { RefusedMember } from '../../scim/groups/group-target.ts';
import type { MemberChange } from '../../scim/groups/member-changes.ts';
import { recordGroup } from './group-record.ts';
import type { GroupDeps, GroupWork } from './group-work.ts';

export type MembersWritten =
  /** `wrote`: a request went through. `leftOut`: why not everybody is in or out; null where all are. */
  | { readonly kind: 'done'; readonly wrote: boolean; readonly leftOut: Refused | null }
  /** The target has no such group any more. */
  | { readonly kind: 'missing' };

type Whose = { readonly id: string; readonly decided: GroupPlan; readonly read: Group };

/** So many of those who are left out are named. */
const MOST_NAMED = 5;

export async function writeMembers(
  { add, remove }: MemberChange,
  { id, decided, read }: Whose,
  work: GroupWork,
  deps: GroupDeps,
): Promise<MembersWritten> {
  if (add.length + remove.length === 0) return { kind: 'done', wrote: false, leftOut: null };
  const changed = await deps.target.groups
    .changeMembers(id, { add, remove }, work.call, read)
    .catch((error: unknown) => {
      if (error instanceof Refused) return error;
      throw error;
    });
  if (changed instanceof Refused) return { kind: 'done', wrote: false, leftOut: changed };
  if (changed.kind === 'missing') return { kind: 'missing' };
  await recordGroup(decided, id, changed.done, work, deps);
  if (changed.kind === 'done') return { kind: 'done', wrote: true, leftOut: null };
  if (!(changed.why instanceof Refused)) throw changed.why;
  const leftOut = new Refused(changed.why.status, await inWords(changed.refused, changed.why, work, deps));
  return { kind: 'done', wrote: true, leftOut };
}

async function inWords(
  refused: readonly RefusedMember[],
  { words }: Refused,
  { target }: GroupWork,
  { links }: GroupDeps,
): Promise<string> {
  if (refused.length === 0) return words;
  const named = refused.slice(0, MOST_NAMED);
  const owners = await links.ownersOf(
    target,
    named.map(({ id }) => id),
  );
  const each = named.map((member, index) => `${owners[index] ?? `account ${member.id}`}: ${member.words}`);
  const more = refused.length - named.length;
  return `not taken as a member, all others are: ${each.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}

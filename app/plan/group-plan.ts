/**
 * The decision for one group at one target: pure and total, as `plan.ts` is for people. It never decides how many
 * removals are too many (`sync/groups/group-guard.ts`).
 *
 *   desired \ known     nothing   found, not linked   linked             ambiguous
 *   ─────────────────   ───────   ─────────────────   ────────────────   ─────────
 *   group               create    adopt               update or none     hold
 *   gone, leave         none      none                none               none
 *   gone, delete        none      none                delete             none
 *   protected name      none      none                none               none
 *
 * A member that nobody of ours has for an account is foreign, and stays unless the mapping says otherwise. Of a group
 * whose list may be incomplete nobody is removed, and no foreigner as long as people of it are to be looked at. A group that we never linked is left alone when ours goes: it is not
 * ours.
 */
import type { GroupPolicy } from '../mapping/group/group-mapping.ts';

export type GroupDesired =
  | {
      readonly kind: 'group';
      readonly displayName: string;
      readonly externalId?: string;
      /** Ids of accounts at the target; each once. */
      readonly members: readonly string[];
      /** True where the source may have left members out. */
      readonly partial: boolean;
      /** True where people of it are to be looked at still: a member that seems to be foreign may be one of them. */
      readonly awaitsPeople?: boolean;
    }
  | { readonly kind: 'gone'; readonly reason: string };

/** A group as the target has it. `ours`: the member is the account of somebody of ours. */
export type GroupAtTarget = {
  readonly id: string;
  readonly displayName: string;
  readonly members: readonly { readonly id: string; readonly ours: boolean }[];
  readonly version?: string;
};

export type GroupKnown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'found'; readonly group: GroupAtTarget; readonly by: 'externalId' | 'displayName' }
  /** `asked`, `shownAs`: the name that we last asked for, and what the target made of it. */
  | {
      readonly kind: 'linked';
      readonly group: GroupAtTarget;
      readonly asked: string;
      readonly shownAs: string;
    }
  | { readonly kind: 'ambiguous'; readonly reason: string };

export type GroupChange = {
  readonly action: 'adopt' | 'update';
  readonly reason: string;
  readonly id: string;
  /** The new name; absent where it is right. */
  readonly rename?: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** How many members it has now, foreign ones as well. */
  readonly had: number;
  /** True where nobody of ours is left in it. */
  readonly empties: boolean;
  readonly version?: string;
};

export type GroupPlan =
  | { readonly action: 'none'; readonly reason: string }
  | { readonly action: 'hold'; readonly reason: string }
  | {
      readonly action: 'create';
      readonly reason: string;
      readonly displayName: string;
      readonly externalId?: string;
      readonly members: readonly string[];
    }
  | GroupChange
  | { readonly action: 'delete'; readonly reason: string; readonly id: string; readonly version?: string };

/** Decides what to do about one group. See the table above. */
export function planGroup(desired: GroupDesired, known: GroupKnown, policy: GroupPolicy): GroupPlan {
  if (isProtected(desired, known, policy))
    return { action: 'none', reason: 'a group of that name is protected' };
  return desired.kind === 'gone'
    ? planGone(desired.reason, known, policy)
    : planWanted(desired, known, policy);
}

function planGone(reason: string, known: GroupKnown, { gone }: GroupPolicy): GroupPlan {
  if (known.kind !== 'linked') return { action: 'none', reason: `${reason}, and no group is linked` };
  if (gone === 'leave') return { action: 'none', reason: `${reason}, and left as it is` };
  const { id, version } = known.group;
  return { action: 'delete', reason, id, ...(version === undefined ? {} : { version }) };
}

function planWanted(
  wanted: Extract<GroupDesired, { kind: 'group' }>,
  known: GroupKnown,
  policy: GroupPolicy,
): GroupPlan {
  switch (known.kind) {
    case 'ambiguous':
      return { action: 'hold', reason: known.reason };
    case 'nothing': {
      const { displayName, externalId, members } = wanted;
      const names = externalId === undefined ? { displayName } : { displayName, externalId };
      return { action: 'create', reason: 'new', ...names, members };
    }
    case 'found':
    case 'linked':
      return planChange(wanted, known, policy);
  }
}

function planChange(
  wanted: Extract<GroupDesired, { kind: 'group' }>,
  known: Extract<GroupKnown, { kind: 'found' | 'linked' }>,
  policy: GroupPolicy,
): GroupPlan {
  const { id, members, version } = known.group;
  const shall = new Set(wanted.members);
  const has = new Set(members.map((member) => member.id));
  const add = wanted.members.filter((member) => !has.has(member));
  const foreignersGo = policy.foreignMembers === 'remove' && wanted.awaitsPeople !== true;
  const goes = (member: { id: string; ours: boolean }) =>
    !shall.has(member.id) && (member.ours || foreignersGo);
  const remove = wanted.partial ? [] : members.filter(goes).map((member) => member.id);
  const had = members.length;
  const isRight = hasName(wanted.displayName, known);
  if (known.kind === 'linked' && isRight && add.length + remove.length === 0)
    return { action: 'none', reason: 'nothing differs' };
  return {
    action: known.kind === 'found' ? 'adopt' : 'update',
    reason: known.kind === 'found' ? `found by ${known.by}` : 'changed',
    id,
    ...(isRight ? {} : { rename: wanted.displayName }),
    add,
    remove,
    had,
    empties: remove.length > 0 && wanted.members.length === 0,
    ...(version === undefined ? {} : { version }),
  };
}

/** What a target has made of a name of ours is that name, such as one behind the name of its store. */
function hasName(wanted: string, known: Extract<GroupKnown, { kind: 'found' | 'linked' }>): boolean {
  const { displayName } = known.group;
  if (displayName === wanted) return true;
  if (known.kind === 'found') return known.by === 'displayName';
  return known.asked === wanted && known.shownAs === displayName;
}

function isProtected(desired: GroupDesired, known: GroupKnown, policy: GroupPolicy): boolean {
  const names = [
    ...('group' in known ? [known.group.displayName] : []),
    ...(desired.kind === 'group' ? [desired.displayName] : []),
  ];
  return names.some((name) => {
    const folded = name.toLowerCase();
    // The target may show it behind the name of the store that it is kept in.
    return policy.protected.has(folded) || policy.protected.has(folded.slice(folded.indexOf('/') + 1));
  });
}

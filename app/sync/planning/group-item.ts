/** One group of a plan: what is shown of a decision, and the seal over all of it. Pure. */
import type { GroupKey, PersonKey } from '../../person/anchor.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import { type GuardPolicy, removalLimit } from '../../plan/guard.ts';
import type { GroupItem, Member, Seal } from '../../plan/plan-file.ts';
import type { ForeseenGroup } from './foresee-group.ts';

export type ShownGroup = {
  readonly key: GroupKey;
  readonly target: string;
  /** At the source or as it was last asked for, where nothing is wanted of it. */
  readonly knownAs: string;
  /** Whose account each id is. */
  readonly memberOf: (account: string) => Member;
  /** Who gets an account by the same plan. */
  readonly joining: ReadonlySet<PersonKey>;
  readonly requests: number;
};

export function groupItemOf(
  { plan, name, nameThere, unmapped, waiting }: ForeseenGroup,
  { key, target, knownAs, memberOf, joining, requests }: ShownGroup,
  guard: GuardPolicy,
  seal: Seal,
): GroupItem {
  const { add, remove } = membersIn(plan);
  return {
    group: key,
    target,
    action: unmapped === null ? plan.action : 'failed',
    reason: plan.reason,
    name: name ?? nameThere ?? knownAs,
    renamedFrom: 'rename' in plan ? nameThere : null,
    id: 'id' in plan ? plan.id : null,
    add: add.map(memberOf),
    remove: remove.map(memberOf),
    beyondGuard: isBeyondGuard(plan, guard),
    waiting,
    joining: waiting.filter((person) => joining.has(person)),
    problems: unmapped === null ? [] : [unmapped],
    requests,
    digest: seal(groupEssence(key, target, plan)),
  };
}

/** Who would come and who would go. */
export function membersIn(plan: GroupPlan): {
  readonly add: readonly string[];
  readonly remove: readonly string[];
} {
  if (plan.action === 'create') return { add: plan.members, remove: [] };
  return 'remove' in plan ? plan : { add: [], remove: [] };
}

/** Together with those who went within the guard's window even fewer may go by themselves. */
function isBeyondGuard(plan: GroupPlan, guard: GuardPolicy): boolean {
  if (!('remove' in plan)) return false;
  return plan.empties || plan.remove.length > removalLimit(plan.had, guard);
}

/** What a decision comes to, as one text to be sealed: two with the same text write the same to the same group. */
export function groupEssence(key: GroupKey, target: string, plan: GroupPlan): string {
  const { add, remove } = membersIn(plan);
  return JSON.stringify([
    key,
    target,
    plan.action,
    'id' in plan ? plan.id : null,
    'rename' in plan ? plan.rename : null,
    plan.action === 'create'
      ? [plan.displayName, plan.externalId ?? null]
      : plan.action === 'hold'
        ? plan.reason
        : null,
    add.toSorted(),
    remove.toSorted(),
  ]);
}

/**
 * A group that an operator has seen in a plan: it is carried out exactly so, or not at all. Whoever had no account when
 * the plan was made was shown as waiting, and is left to the workers, also where they have one by now.
 */
import type { GroupKey, PersonKey } from '../../person/anchor.ts';
import type { GroupDesired, GroupPlan } from '../../plan/group-plan.ts';
import type { Links } from '../../store/ports/index.ts';
import type { Applying } from '../provisioning/reviewed.ts';

export type ReviewedGroup = Applying & {
  /** Whether this decision is the one that was seen. */
  readonly isExpected: (decided: GroupPlan) => boolean;
  /** People in it who had no account then. */
  readonly waiting: readonly PersonKey[];
  /** Some of them were to get one by the same plan. */
  readonly awaitsPeople: boolean;
};

/** One group to be served. `lastAttempt`: what would be retried is given up. */
export type GroupJob = {
  readonly key: GroupKey;
  readonly lastAttempt: boolean;
  readonly reviewed?: ReviewedGroup;
};

/** `isWhole`: nobody was left to the workers. */
export type AllowedGroup = { readonly plan: GroupPlan; readonly isWhole: boolean };

/** What is wanted while somebody in it is about to get an account: who seems to be foreign may be theirs. */
export function withAwaited(desired: GroupDesired, awaits: boolean): GroupDesired {
  return desired.kind === 'group' && awaits ? { ...desired, awaitsPeople: true } : desired;
}

/** The decision without those who are left to the workers. */
export async function asReviewedGroup(
  decided: GroupPlan,
  reviewed: ReviewedGroup | undefined,
  target: string,
  links: Pick<Links, 'getMany'>,
): Promise<AllowedGroup> {
  if (reviewed === undefined || reviewed.waiting.length === 0) return { plan: decided, isWhole: true };
  const since = new Set((await links.getMany(target, reviewed.waiting)).flatMap((link) => link?.id ?? []));
  const without = (ids: readonly string[]) => ids.filter((id) => !since.has(id));
  switch (decided.action) {
    case 'create': {
      const members = without(decided.members);
      return { plan: { ...decided, members }, isWhole: members.length === decided.members.length };
    }
    case 'adopt':
    case 'update': {
      const { action, rename, remove } = decided;
      const add = without(decided.add);
      const isRest = action === 'update' && rename === undefined && add.length + remove.length === 0;
      const plan: GroupPlan = isRest
        ? { action: 'none', reason: 'nothing else differs' }
        : { ...decided, add };
      return { plan, isWhole: add.length === decided.add.length };
    }
    case 'none':
    case 'hold':
    case 'delete':
      return { plan: decided, isWhole: true };
  }
}

/** Whether something else would be written than was seen. What is done already is done. */
export function hasMovedGroup(decided: GroupPlan, reviewed: ReviewedGroup | undefined): boolean {
  return reviewed !== undefined && decided.action !== 'none' && !reviewed.isExpected(decided);
}

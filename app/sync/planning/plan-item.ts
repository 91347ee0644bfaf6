/** One item of a plan: what is shown of a decision, and the seal over all of it. Pure. */
import type { Mapping } from '../../mapping/mapping.ts';
import type { PersonKey } from '../../person/anchor.ts';
import { isRemoval } from '../../plan/decision.ts';
import type { PlanItem, Seal } from '../../plan/plan-file.ts';
import type { ScimUser } from '../../scim/resource.ts';
import { essenceOf } from './digest.ts';
import type { Foreseen } from './foresee.ts';
import { shownPlan } from './shown.ts';

/**
 * @param user the account as it shall be, or a leaver's as it was last asked for; null where neither is known
 * @param requests how many it takes
 */
export function itemOf(
  person: PersonKey,
  foreseen: Foreseen,
  user: ScimUser | null,
  mapping: Mapping,
  requests: number,
  seal: Seal,
): PlanItem {
  const { plan, problems, leftOut, unmapped } = foreseen;
  return {
    person,
    target: mapping.target,
    action: unmapped ? 'failed' : plan.action,
    reason: plan.reason,
    userName: user?.userName ?? null,
    ...shownPlan(plan, mapping.policy.attributes),
    removal: isRemoval(plan),
    problems,
    withheld: leftOut,
    requests,
    digest: seal(essenceOf(person, mapping.target, plan, leftOut)),
  };
}

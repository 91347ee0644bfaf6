/**
 * Stands before members are taken out of a group, and before a group is deleted: lets it pass, or holds it for an
 * operator with the removals of people (`provisioning/removal-guard.ts`).
 *
 *   what would go                                              | what follows
 *   ───────────────────────────────────────────────────────────────────────────────────────────────────
 *   members up to the guard's limit for this group's size,     | they go
 *     together with those who went within the window           |
 *   more                                                       | held; who is to come in, and the name, go through
 *   everybody of ours who is in it                             | held
 *   groups up to the guard's limit for all linked groups       | they are deleted
 *   more                                                       | held
 *   what an operator has approved                              | it goes, once
 *   what nobody decided about in time                          | held again
 */
import type { PersonKey, WorkKey } from '../../person/anchor.ts';
import type { GroupPlan } from '../../plan/group-plan.ts';
import { type GuardPolicy, removalLimit } from '../../plan/guard.ts';
import {
  holdInGuardRun,
  rejectionReason,
  standingReason,
  undecidedInWords,
} from '../provisioning/removal-guard.ts';
import { letGo } from '../reading/superseded.ts';
import type { GroupDeps, GroupWork } from './group-work.ts';

/** @returns null where the plan may be carried out, else why its removals wait */
export async function groupHold(
  decided: GroupPlan,
  work: GroupWork,
  deps: GroupDeps,
): Promise<string | null> {
  if (!takesAway(decided)) {
    await letGo(work.target, work.key, deps);
    return null;
  }
  // Somebody has seen it in a plan.
  if (work.reviewed !== undefined) return await rejectionReason(work, deps.holds);
  const [standing = { kind: 'free' } as const] = await deps.holds.standings(work.target, [work.key]);
  if (standing.kind === 'expired') {
    return await holdInGuardRun(undecidedInWords(work.target), work.key, deps);
  }
  const decision = standingReason(standing);
  if (decision === 'approved') return null;
  if (decision !== 'free') return decision;
  const tooMany =
    decided.action === 'delete' ? await tooManyGroups(work, deps) : await tooManyMembers(decided, work, deps);
  return tooMany === null ? null : await holdInGuardRun(tooMany, work.key, deps);
}

type Taking = Extract<GroupPlan, { action: 'adopt' | 'update' | 'delete' }>;

function takesAway(decided: GroupPlan): decided is Taking {
  return decided.action === 'delete' || ('remove' in decided && decided.remove.length > 0);
}

/** What may be done while the removals wait. */
export function withoutRemovals(decided: GroupPlan): GroupPlan {
  if (decided.action === 'delete') return { action: 'none', reason: decided.reason };
  return 'remove' in decided ? { ...decided, remove: [] } : decided;
}

async function tooManyGroups(work: GroupWork, deps: GroupDeps): Promise<string | null> {
  const { groupLinks, policy } = deps;
  const limit = removalLimit(await groupLinks.count(work.target), policy.guard);
  const admitted = await admit(`group-deletions:${work.target}`, [work.key], limit, policy.guard, deps);
  if (admitted) return null;
  return `more than ${limit} groups deleted at ${work.target} within the guard's window`;
}

async function tooManyMembers(
  { had, remove, empties }: Extract<GroupPlan, { action: 'adopt' | 'update' }>,
  work: GroupWork,
  deps: GroupDeps,
): Promise<string | null> {
  const { links, policy } = deps;
  if (empties) return `nobody would be left in a group of ${had} at ${work.target}`;
  const limit = removalLimit(had, policy.guard);
  const reason = `more than ${limit} of the ${had} members of a group at ${work.target} would go within the guard's window`;
  if (remove.length > limit) return reason;
  const owners = await links.ownersOf(work.target, remove);
  const people = owners.filter((owner): owner is PersonKey => owner !== null);
  const tally = `group-members:${work.target} ${work.key}`;
  return (await admit(tally, people, limit, policy.guard, deps)) ? null : reason;
}

async function admit(
  tally: string,
  keys: readonly WorkKey[],
  limit: number,
  { windowMs }: GuardPolicy,
  { tallies, now }: GroupDeps,
): Promise<boolean> {
  const wish = { part: null, keys, limit };
  return keys.length === 0 || (await tallies.admitAll(tally, [wish], windowMs, now())).admitted;
}

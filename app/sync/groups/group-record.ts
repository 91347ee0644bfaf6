/** How work on a group is closed: what was written stands in the log, the result is recorded, the mark taken away. */
import type { GroupPlan } from '../../plan/group-plan.ts';
import type { MemberChange } from '../../scim/groups/member-changes.ts';
import type { LogLine, ServedGroup } from '../../store/ports/index.ts';
import type { Outcome } from '../provisioning/outcome.ts';
import { appliedBy } from '../provisioning/reviewed.ts';
import { letGo } from '../reading/superseded.ts';
import type { GroupDeps, GroupWork } from './group-work.ts';

/** Longest text of a refusal that is kept. */
const MAX_WORDS = 500;

/** Ids of members that a line of the log names; how many there were its reason says. */
const MOST_IDS = 100;

export type GroupOutcome = Outcome<GroupPlan>;

/** @param done what was written just now */
export async function recordGroup(
  { action, reason }: GroupPlan,
  groupId: string,
  done: MemberChange & { readonly displayName?: string },
  work: GroupWork,
  { provisioningLog, now }: GroupDeps,
): Promise<void> {
  const { displayName, add, remove } = done;
  const named = displayName === undefined ? [] : [{ path: 'displayName', before: null, after: displayName }];
  const members =
    add.length + remove.length === 0
      ? []
      : [{ path: 'members', before: remove.slice(0, MOST_IDS), after: add.slice(0, MOST_IDS) }];
  const counted = members.length === 0 ? reason : `${reason}: ${add.length} in, ${remove.length} out`;
  const line: LogLine = {
    at: now().toISOString(),
    target: work.target,
    key: work.key,
    action,
    reason: counted,
    accountId: groupId,
    ...appliedBy(work.reviewed),
    changes: [...named, ...members],
  };
  await provisioningLog.append(line);
}

/** The plan was carried out, or there was nothing to do: whatever held or approved its removals has served. */
export async function finishGroup(
  carried: GroupPlan,
  groupId: string | null,
  work: GroupWork,
  deps: GroupDeps,
): Promise<GroupOutcome> {
  const at = deps.now();
  await letGo(work.target, work.key, deps);
  await deps.deadLetters.remove(work.target, work.key);
  const state = carried.action === 'none' ? 'unchanged' : 'done';
  const moreDue = await serve({ state, plan: carried, ...idOf(groupId) }, work, at, deps);
  const markedAt = new Date(work.mark.markedAt);
  deps.signals.groupApplied({ target: work.target, group: work.key, action: carried.action, markedAt, at });
  return { kind: 'done', plan: carried, moreDue };
}

/** Members that wait for an operator; what is not a removal was carried out. */
export async function holdGroup(
  decided: GroupPlan,
  groupId: string | null,
  reason: string,
  work: GroupWork,
  deps: GroupDeps,
): Promise<GroupOutcome> {
  await serve({ state: 'held', plan: decided, words: reason, ...idOf(groupId) }, work, deps.now(), deps);
  return { kind: 'held', plan: decided, reason };
}

/**
 * Puts a group on the dead-letter list, where it stays until something new is known of it or an operator sends it
 * again: the target refused, or nobody can decide. Nothing is repeated by itself.
 */
export async function refuseGroup(
  plan: GroupPlan,
  why: { readonly status: number | null; readonly words: string },
  work: GroupWork,
  deps: GroupDeps,
): Promise<GroupOutcome> {
  const { target, key } = work;
  const at = deps.now();
  const words = why.words.slice(0, MAX_WORDS);
  const action = plan.action === 'none' ? null : plan.action;
  await deps.deadLetters.put({ target, key, at: at.toISOString(), status: why.status, words, action });
  await serve({ state: 'refused', plan, words }, work, at, deps);
  deps.signals.alert({ kind: 'group-refused', target, group: key, reason: words });
  return { kind: 'refused', reason: words };
}

async function serve(
  result: Omit<ServedGroup, 'seq' | 'at' | 'waiting'>,
  { key, target, mark, lease, waiting }: GroupWork,
  at: Date,
  { dueGroups }: GroupDeps,
): Promise<boolean> {
  const served: ServedGroup = { seq: mark.seq, at: at.toISOString(), ...result };
  return await dueGroups.serve(target, key, waiting.count === 0 ? served : { ...served, waiting }, lease);
}

function idOf(groupId: string | null): Pick<ServedGroup, 'groupId'> {
  return groupId === null ? {} : { groupId };
}

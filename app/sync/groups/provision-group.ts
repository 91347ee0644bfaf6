/**
 * One group that is due at one target: reads the newest knowledge, maps it, plans against what the target has, and
 * writes only the difference. Rests, pauses and retries as for a person (`provisioning/provision.ts`).
 */
import { TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import { type GroupKey, partsOfGroupKey } from '../../person/anchor.ts';
import { type GroupPlan, planGroup } from '../../plan/group-plan.ts';
import { removalLimit } from '../../plan/guard.ts';
import type { GroupLink } from '../../store/ports/index.ts';
import { attempt } from '../provisioning/attempt.ts';
import { failedAttempt } from '../provisioning/failure.ts';
import { type FoundGroup, findUnlinkedGroup, findUnsettled, readLinkedGroup } from './find-group.ts';
import { groupHold, withoutRemovals } from './group-guard.ts';
import { finishGroup, type GroupOutcome, holdGroup, refuseGroup } from './group-record.ts';
import { type GroupDeps, type GroupWork, NOBODY_WAITS } from './group-work.ts';
import {
  asReviewedGroup,
  type GroupJob,
  hasMovedGroup,
  type ReviewedGroup,
  withAwaited,
} from './reviewed-group.ts';
import { type WantedGroup, wantedGroup } from './wanted-group.ts';
import { confirmGroup, writeGroup } from './write-group.ts';

type KnownWanted = Extract<WantedGroup, { kind: 'known' }>;

/** How often a group that changes between read and write is read, planned for and written anew. */
const ROUNDS = 2;

/** @param job `lastAttempt`: what would be retried is given up and shown to an operator */
export async function provisionGroup(
  job: { readonly key: GroupKey; readonly lastAttempt: boolean },
  deps: GroupDeps,
  signal: AbortSignal,
): Promise<GroupOutcome> {
  if ((await deps.dueGroups.get(deps.target.name, job.key)) === null) return { kind: 'idle' };
  return await whereItMayBeWritten(job, deps, signal);
}

/** Serves a group as an operator has seen it in a plan, as `provisionReviewed` does a person. */
export async function provisionReviewedGroup(
  key: GroupKey,
  reviewed: ReviewedGroup,
  deps: GroupDeps,
  signal: AbortSignal,
): Promise<GroupOutcome> {
  return await whereItMayBeWritten({ key, lastAttempt: false, reviewed }, deps, signal);
}

async function whereItMayBeWritten(
  job: GroupJob,
  deps: GroupDeps,
  signal: AbortSignal,
): Promise<GroupOutcome> {
  const { dueGroups: due, policy } = deps;
  return await attempt(job, { ...deps, due }, signal, (turn) => {
    const work: GroupWork = { ...turn, waiting: NOBODY_WAITS, reviewed: job.reviewed };
    const giveUp = (status: number | null, words: string) =>
      refuseGroup({ action: 'none', reason: 'refused' }, { status, words }, work, deps);
    const { breakerThreshold } = policy;
    return {
      serve: () => serve(work, deps),
      failed: (error) =>
        failedAttempt(
          error,
          { key: job.key, isLast: job.lastAttempt, giveUp },
          { ...deps, breakerThreshold },
        ),
    };
  });
}

async function serve(begun: GroupWork, deps: GroupDeps): Promise<GroupOutcome> {
  const { source } = partsOfGroupKey(begun.key);
  const mapping = deps.groupMappings.find((one) => one.source === source && one.target === begun.target);
  if (mapping === undefined) {
    return await finishGroup({ action: 'none', reason: 'no mapping leads here' }, null, begun, deps);
  }
  const want = await wantedGroup(begun.key, mapping, deps);
  if (want.kind === 'failed') {
    const plan: GroupPlan = { action: 'none', reason: 'cannot be mapped' };
    if (begun.reviewed !== undefined) return { kind: 'moved', plan };
    return await refuseGroup(plan, { status: null, words: want.words }, begun, deps);
  }
  const work: GroupWork = { ...begun, waiting: want.waiting };
  for (let rounds = 1; rounds <= ROUNDS; rounds += 1) {
    const outcome = await reconcile(want, mapping, work, deps);
    if (outcome !== 'changed') return outcome;
  }
  throw new TargetUnavailable(`the group changed each of ${ROUNDS} times between read and write`);
}

/** A group that has vanished is looked for once more, as if it had never been linked. */
async function reconcile(
  want: KnownWanted,
  mapping: GroupMapping,
  work: GroupWork,
  deps: GroupDeps,
): Promise<GroupOutcome | 'changed'> {
  const link = await deps.groupLinks.get(work.target, work.key);
  if (link !== null && isSettled(link, want, mapping, work)) {
    return await finishGroup({ action: 'none', reason: reasonFor(want) }, link.id, work, deps);
  }
  if (link !== null) {
    const found = await readLinkedGroup(link, work, deps);
    const outcome = found === null ? 'missing' : await decide(found, link, want, mapping, work, deps);
    if (outcome !== 'missing') return outcome;
    // What was reviewed is carried out whatever becomes of others; the link gives way to the next one.
    if (work.reviewed === undefined) await forgetVanished(link, work, deps);
  }
  const found = await findUnlinked(want, mapping, work, deps);
  const outcome = await decide(found, null, want, mapping, work, deps);
  if (outcome !== 'missing') return outcome;
  throw new TargetUnusable('misconfigured', 'the target does not know a group that it has just listed');
}

/** What the target has confirmed is not asked for again, unless somebody wants a fresh look. */
function isSettled(link: GroupLink, want: KnownWanted, { policy }: GroupMapping, { mark }: GroupWork) {
  if (want.desired.kind === 'gone') return policy.gone === 'leave';
  return link.digest === want.digest && !mark.fresh;
}

function reasonFor({ desired }: KnownWanted): string {
  return desired.kind === 'gone' ? `${desired.reason}, and left as it is` : 'nothing differs';
}

async function findUnlinked(
  { desired }: KnownWanted,
  mapping: GroupMapping,
  work: GroupWork,
  deps: GroupDeps,
): Promise<FoundGroup> {
  if (desired.kind === 'group') return await findUnlinkedGroup(desired, mapping, work, deps);
  const intent = await deps.groupLinks.intent(work.target, work.key);
  if (intent === null) return { known: { kind: 'nothing' } };
  const found = await findUnsettled(intent, work, deps);
  if (found.known.kind === 'nothing') await deps.groupLinks.settleIntent(work.target, work.key);
  if (found.known.kind !== 'found') return found;
  // A create of ours made it, so it is ours, linked or not.
  const { group } = found.known;
  const names = { asked: group.displayName, shownAs: group.displayName };
  return { ...found, known: { kind: 'linked', group, ...names } };
}

async function decide(
  { known, read }: FoundGroup,
  link: GroupLink | null,
  want: KnownWanted,
  mapping: GroupMapping,
  work: GroupWork,
  deps: GroupDeps,
): Promise<GroupOutcome | 'missing' | 'changed'> {
  const desired = withAwaited(want.desired, work.reviewed?.awaitsPeople === true);
  const now = planGroup(desired, known, mapping.policy);
  const { plan: decided, isWhole } = await asReviewedGroup(now, work.reviewed, work.target, deps.links);
  if (hasMovedGroup(decided, work.reviewed)) return { kind: 'moved', plan: decided };
  if (decided.action === 'hold') {
    return await refuseGroup(decided, { status: null, words: decided.reason }, work, deps);
  }
  const waits = await groupHold(decided, work, deps);
  if (waits !== null && work.reviewed !== undefined) {
    return await holdGroup(decided, link?.id ?? null, waits, work, deps);
  }
  const allowed: GroupPlan = waits === null ? decided : withoutRemovals(decided);
  const aim = aimOf(want, isWhole && waits === null && desired === want.desired);
  if (allowed.action === 'none' && link !== null && read !== undefined && want.desired.kind === 'group') {
    await confirmGroup(link, read, aim, work, deps);
  }
  const result = await writeGroup(allowed, link, read, aim, work, deps);
  if (result.kind !== 'done') return result.kind;
  if (result.leftOut !== null) return await refuseGroup(decided, result.leftOut, work, deps);
  if (waits !== null) return await holdGroup(decided, result.groupId, waits, work, deps);
  return await finishGroup(decided, result.groupId, work, deps);
}

/** Where something is held, or left for later, it is not as it shall be: such a group is looked at again. */
function aimOf({ desired, digest }: KnownWanted, isAll: boolean) {
  const isGroup = desired.kind === 'group';
  return {
    displayName: isGroup ? desired.displayName : '',
    digest: isAll ? digest : '',
    members: isGroup ? desired.members.length : 0,
  };
}

/** Name of the count of groups that were gone from a target. */
export function vanishedGroupsTally(target: string): string {
  return `vanished-groups:${target}`;
}

/** @throws TargetUnusable where more groups are gone than the guard lets go by themselves; the link stays */
async function forgetVanished(link: GroupLink, work: GroupWork, deps: GroupDeps): Promise<void> {
  const { tallies, groupLinks, policy, now } = deps;
  const limit = removalLimit(await groupLinks.count(work.target), policy.guard);
  const tally = vanishedGroupsTally(work.target);
  const { admitted, count } = await tallies.admit(tally, work.key, limit, policy.guard.windowMs, now());
  if (!admitted) {
    throw new TargetUnusable('misconfigured', `more than ${count} linked groups are gone from the target`);
  }
  await groupLinks.drop(link, work.lease);
}

/**
 * Compares all groups at a target with what we want there, by listing them with their members, and makes due which
 * differ. It writes nothing itself; what is due is looked at again, freshly, before anything is written.
 *
 *   a group                               | what follows
 *   ──────────────────────────────────────────────────────────────────────────────────────────────
 *   linked, as wanted                     | nothing
 *   linked, different                     | due, with a fresh look
 *   not linked                            | counted; it is not ours
 *   linked, not in a complete listing     | due, with a fresh look; more than the guard's share: none, and the run says
 *                                         |   so. What the target has confirmed since the run began is not missing
 *   of the source, and never looked at    | due: the mapping is new
 */
import { Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { groupKey, partsOfGroupKey } from '../../person/anchor.ts';
import { planGroup } from '../../plan/group-plan.ts';
import { removalLimit } from '../../plan/guard.ts';
import type { Group } from '../../scim/groups/group.ts';
import type { GroupTarget } from '../../scim/groups/group-target.ts';
import type { ListCall } from '../../scim/target.ts';
import type { GroupLink, Run } from '../../store/ports/index.ts';
import type { AnnounceDeps } from '../announce.ts';
import { laneFor } from '../lanes.ts';
import { type LeasedRunDeps, leasedRun } from '../leased-run.ts';
import { atTarget } from './find-group.ts';
import { markGroupDue } from './mark-groups.ts';
import { wantedGroup } from './wanted-group.ts';

export type ReconcileGroupsDeps = AnnounceDeps &
  LeasedRunDeps & {
    /** Throws where it is aborted. */
    readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  };

type GroupsAt = { readonly name: string; readonly groups: GroupTarget };

type Progress = {
  readonly counts: {
    groupsListed: number;
    groupsAsWanted: number;
    groupsDifferent: number;
    groupsForeign: number;
    groupsMissing: number;
    groupsNew: number;
  };
  /** Ids of all listed groups. */
  readonly seen: Set<string>;
};

/** How many groups of a source are asked for at once. */
const PAGE = 500;

/**
 * @param id of the run
 * @returns the run as it ended; null where another process compares the groups of this target already
 */
export async function reconcileGroups(
  target: GroupsAt,
  id: string,
  deps: ReconcileGroupsDeps,
  signal: AbortSignal,
): Promise<Run | null> {
  const begin = async (): Promise<Run> => ({
    id,
    kind: 'reconcile',
    state: 'running',
    startedAt: deps.now().toISOString(),
    target: target.name,
    counts: {},
  });
  return await leasedRun(`reconcile-groups:${target.name}`, deps, signal, begin, (run, _lease, until) =>
    compareAll(target, run, deps, until),
  );
}

async function compareAll(
  target: GroupsAt,
  run: Run,
  deps: ReconcileGroupsDeps,
  signal: AbortSignal,
): Promise<Run> {
  const none = { groupsListed: 0, groupsAsWanted: 0, groupsDifferent: 0, groupsForeign: 0 };
  const so: Progress = { counts: { ...none, groupsMissing: 0, groupsNew: 0 }, seen: new Set() };
  await markNeverLookedAt(target.name, so, deps);
  const problem = await listAll(target, so, deps, signal);
  const reason = problem ?? (await afterCompleteListing(target.name, run, so, deps));
  const { counts } = so;
  return reason === null ? { ...run, state: 'ok', counts } : { ...run, state: 'failed', counts, reason };
}

/** @returns null where the listing is complete, else why it is not */
async function listAll(
  target: GroupsAt,
  so: Progress,
  deps: ReconcileGroupsDeps,
  signal: AbortSignal,
): Promise<string | null> {
  const call: ListCall = {
    signal,
    lane: 'bulk',
    beforeRequest: async () => {},
    waitUntil: (until) => deps.sleep(Math.max(1, until.getTime() - deps.now().getTime()), signal),
  };
  try {
    for await (const item of target.groups.list(call)) {
      if (item.kind === 'end') return item.complete ? null : `incomplete listing of groups: ${item.problem}`;
      for (const group of item.groups) await compare(group, target.name, so, deps);
    }
    return 'the listing of groups has no end';
  } catch (error) {
    const expected =
      error instanceof TargetUnavailable || error instanceof TargetUnusable || error instanceof Refused;
    if (!expected && !signal.aborted) throw error;
    return expected ? error.message : 'stopped';
  }
}

async function compare(
  group: Group,
  target: string,
  { counts, seen }: Progress,
  deps: ReconcileGroupsDeps,
): Promise<void> {
  counts.groupsListed += 1;
  seen.add(group.id);
  const owner = await deps.groupLinks.ownerOf(target, group.id);
  const link = owner === null ? null : await deps.groupLinks.get(target, owner);
  if (link === null) {
    counts.groupsForeign += 1;
  } else if (await isAsWanted(group, link, deps)) {
    counts.groupsAsWanted += 1;
  } else {
    counts.groupsDifferent += 1;
    await markGroupDue(link.key, { lane: 'bulk', fresh: true }, deps, target);
  }
}

async function isAsWanted(group: Group, link: GroupLink, deps: ReconcileGroupsDeps): Promise<boolean> {
  const mapping = mappingsAt(link.target, deps).find(
    ({ source }) => source === partsOfGroupKey(link.key).source,
  );
  if (mapping === undefined) return true;
  const want = await wantedGroup(link.key, mapping, deps);
  if (want.kind === 'failed') return true;
  const { displayName: asked, shownAs } = link;
  const there = await atTarget(group, { links: deps.links, target: { name: link.target } });
  const known = { kind: 'linked', group: there, asked, shownAs } as const;
  return planGroup(want.desired, known, mapping.policy).action === 'none';
}

/** Many at once say more about the target than about its groups. @returns why none is due, null where all are */
async function afterCompleteListing(
  target: string,
  { startedAt }: Run,
  { seen, counts }: Progress,
  deps: ReconcileGroupsDeps,
): Promise<string | null> {
  // A scan may name a link twice.
  const missing = new Map<string, GroupLink>();
  for await (const links of deps.groupLinks.scan(target)) {
    for (const link of links)
      if (!seen.has(link.id) && link.confirmedAt < startedAt) missing.set(link.key, link);
  }
  counts.groupsMissing = missing.size;
  const linked = await deps.groupLinks.count(target);
  const limit = removalLimit(linked, deps.guard);
  if (missing.size > limit) {
    return `${missing.size} of ${linked} linked groups are not at the target, more than the ${limit} that are looked after by themselves`;
  }
  const lane = laneFor('changes', missing.size);
  for (const { key } of missing.values()) await markGroupDue(key, { lane, fresh: true }, deps, target);
  return null;
}

/** Groups that were known before a mapping led them here are no news, so that nothing else makes them due. */
async function markNeverLookedAt(
  target: string,
  { counts }: Progress,
  deps: ReconcileGroupsDeps,
): Promise<void> {
  for (const { source } of mappingsAt(target, deps)) {
    for (let after: string | null = null, isLast = false; !isLast; ) {
      const page = await deps.groups.list(source, after, PAGE);
      for (const { stableId } of page.groups) {
        const key = groupKey(source, stableId);
        if ((await deps.dueGroups.lastServed(target, key)) !== null) continue;
        if ((await deps.dueGroups.get(target, key)) !== null) continue;
        counts.groupsNew += 1;
        await markGroupDue(key, { lane: 'bulk' }, deps, target);
      }
      after = page.next;
      isLast = after === null;
    }
  }
}

function mappingsAt(target: string, { groupMappings }: Pick<AnnounceDeps, 'groupMappings'>) {
  return groupMappings.filter((mapping) => mapping.target === target);
}

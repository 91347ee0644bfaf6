/**
 * Makes groups due at every target that a mapping leads them to: groups that changed and those above them, groups of
 * somebody who has an account now, a group that an operator asks for. The news of groups is taken off its list only
 * when all of them are due, so that a crash loses none.
 */
import type { Lane } from '../../lane.ts';
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import { type GroupKey, groupKey, partsOfGroupKey, type StableId } from '../../person/anchor.ts';
import type { Identity } from '../../person/identity.ts';
import { namesOf } from '../../person/member-names.ts';
import type { Bell, DueGroups, DueMarks, Groups } from '../../store/ports/index.ts';
import { laneFor, MANY } from '../lanes.ts';

export type MarkGroupsDeps = {
  readonly groupMappings: readonly GroupMapping[];
  readonly groups: Groups;
  readonly dueGroups: DueGroups;
  readonly due: DueMarks;
  readonly bell: Bell;
  readonly now: () => Date;
};

/** Groups made due at the same time. */
const BATCH = 200;

/** @param where the only target, where one is meant */
export async function markGroupDue(
  key: GroupKey,
  wish: { readonly lane: Lane; readonly fresh?: boolean },
  deps: Pick<MarkGroupsDeps, 'groupMappings' | 'dueGroups' | 'bell' | 'now'>,
  where?: string,
): Promise<void> {
  const { source } = partsOfGroupKey(key);
  for (const { target } of mappingsOf(source, deps)) {
    if (where !== undefined && where !== target) continue;
    await deps.dueGroups.mark(target, key, wish, deps.now());
    await deps.bell.ring(target, key, wish.lane);
  }
}

/** Announces what changed about the groups of a source. @returns how many were made due */
export async function announceGroups(source: string, deps: MarkGroupsDeps): Promise<number> {
  if (mappingsOf(source, deps).length === 0) return 0;
  const news = await deps.groups.news(source);
  await markMany(source, news.concerned, laneFor('changes', news.concerned.length), deps);
  await deps.groups.settleNews(source, news);
  return news.concerned.length;
}

/** The same for every source that groups are mapped from: what events and processes that died have left over. */
export async function announceAllGroups(deps: MarkGroupsDeps): Promise<number> {
  let made = 0;
  for (const source of new Set(deps.groupMappings.map((mapping) => mapping.source)))
    made += await announceGroups(source, deps);
  return made;
}

/**
 * Somebody has an account at the target now, or another one: the groups that wait for it are due. While many people are
 * due a group waits behind them, so that it is not looked at once for each of its members.
 */
export async function announceToGroups(
  target: string,
  { source, entry }: Pick<Identity, 'source' | 'entry'>,
  deps: MarkGroupsDeps,
): Promise<void> {
  if (!mappingsOf(source, deps).some((mapping) => mapping.target === target)) return;
  const above = await deps.groups.above(source, namesOf(entry));
  if (above.length === 0) return;
  const lane = (await deps.due.count(target)) > MANY ? 'bulk' : laneFor('changes', above.length);
  await markMany(source, above, lane, deps, target);
}

async function markMany(
  source: string,
  ids: readonly StableId[],
  lane: Lane,
  deps: MarkGroupsDeps,
  where?: string,
): Promise<void> {
  for (let start = 0; start < ids.length; start += BATCH) {
    const some = ids.slice(start, start + BATCH);
    await Promise.all(some.map((id) => markGroupDue(groupKey(source, id), { lane }, deps, where)));
  }
}

function mappingsOf(source: string, { groupMappings }: Pick<MarkGroupsDeps, 'groupMappings'>) {
  return groupMappings.filter((mapping) => mapping.source === source);
}

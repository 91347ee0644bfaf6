/**
 * Takes in everything that one read of a source yields, a batch at a time, and says what it was. While one batch is
 * compared with what is known, the source already reads on.
 *
 * Whoever a source calls unchanged although nothing is known of them is asked for: else they would never be known.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Entry, GroupEntry } from '../../person/entry.ts';
import type { ReadWish, Source, SourceItem } from '../../sources/source.ts';
import type { Groups, Identities, Lease, Leases } from '../../store/ports/index.ts';
import { absorbEntries } from './absorb.ts';
import { askFor } from './ask.ts';

export type Learnt = {
  readonly people: Sightings;
  readonly groups: Sightings;
  /** False where some groups were only called unchanged: they may name somebody by another name than we know. */
  readonly everyGroupTold: boolean;
  readonly counts: { readonly read: number; readonly news: number; readonly rejected: number };
  /** What the read was worth, by the source and by what we found out ourselves. */
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

/** Whom a read named as being there, changed or not, and whom as not being there. */
export type Sightings = { readonly seen: ReadonlySet<StableId>; readonly absent: ReadonlySet<StableId> };

export type LearnDeps = {
  readonly identities: Identities;
  readonly groups: Groups;
  readonly leases: Leases;
  readonly leaseMs: number;
  readonly now: () => Date;
  /** The reader's. */
  readonly lease: Lease;
};

/** People and groups compared with what is known in one go. */
const BATCH = 200;
/** The same for the members of groups: some have very many. */
const MEMBERS = 10_000;

/** What has been met so far. */
type Tally = {
  readonly people: { readonly seen: Set<StableId>; readonly absent: Set<StableId> };
  readonly groups: { readonly seen: Set<StableId>; readonly absent: Set<StableId> };
  readonly counts: { read: number; news: number; rejected: number };
  /** To be compared next. */
  entries: Entry[];
  unchanged: StableId[];
  told: GroupEntry[];
  members: number;
  /** Called unchanged, and not known. */
  readonly unknown: StableId[];
  everyGroupTold: boolean;
};

/**
 * @throws SourceUnavailable where the read broke off; what came before is stored
 * @throws LeaseLost where another reads this source now; nothing is stored any more
 */
export async function learn(
  source: Source,
  wish: ReadWish,
  deps: LearnDeps,
  signal: AbortSignal,
): Promise<Learnt> {
  const tally: Tally = {
    people: { seen: new Set(), absent: new Set() },
    groups: { seen: new Set(), absent: new Set() },
    counts: { read: 0, news: 0, rejected: 0 },
    entries: [],
    unchanged: [],
    told: [],
    members: 0,
    unknown: [],
    everyGroupTold: true,
  };
  let end: Learnt['end'] | null = null;
  let underWay = Promise.resolve();
  try {
    for await (const item of source.read(wish, signal)) {
      if (item.kind === 'end') end = item;
      else note(item, tally);
      if (!isBatch(tally)) continue;
      await underWay;
      underWay = takeIn(source.name, tally, deps);
      // Its failure is told by whoever waits for it.
      underWay.catch(() => {});
    }
  } finally {
    await underWay;
    await takeIn(source.name, tally, deps);
  }
  if (end === null) throw new SourceUnavailable(`${source.name} stopped without saying that it had finished`);
  const problems = await findUnknown(source, tally, deps, signal);
  const { people, groups, counts, everyGroupTold } = tally;
  const complete = end.complete && problems.length === 0;
  return {
    people,
    groups,
    everyGroupTold,
    counts,
    end: { ...end, complete, problems: [...end.problems, ...problems] },
  };
}

function isBatch({ entries, unchanged, told, members }: Tally): boolean {
  return entries.length + unchanged.length + told.length >= BATCH || members >= MEMBERS;
}

function note(item: Exclude<SourceItem, { kind: 'end' }>, tally: Tally): void {
  switch (item.kind) {
    case 'group':
      isThere(tally.groups, item.group.stableId);
      tally.told.push(item.group);
      tally.members += item.group.members.length;
      return;
    case 'person':
      isThere(tally.people, item.entry.stableId);
      tally.counts.read += 1;
      tally.entries.push(item.entry);
      return;
    case 'unchanged':
      isThere(item.what === 'person' ? tally.people : tally.groups, item.stableId);
      if (item.what === 'person') tally.unchanged.push(item.stableId);
      else tally.everyGroupTold = false;
      return;
    case 'absent': {
      const { seen, absent } = item.what === 'person' ? tally.people : tally.groups;
      seen.delete(item.stableId);
      absent.add(item.stableId);
      return;
    }
    case 'rejected':
      tally.counts.rejected += 1;
      return;
  }
}

function isThere({ seen, absent }: Tally['people'], id: StableId): void {
  seen.add(id);
  absent.delete(id);
}

async function takeIn(source: string, tally: Tally, deps: LearnDeps): Promise<void> {
  const { entries, unchanged, told } = tally;
  tally.entries = [];
  tally.unchanged = [];
  tally.told = [];
  tally.members = 0;
  tally.counts.news += await absorbEntries(source, entries, deps);
  const present = await deps.identities.arePresent(source, unchanged);
  tally.unknown.push(...unchanged.filter((_, index) => present[index] !== true));
  await takeInGroups(source, told, deps);
}

async function takeInGroups(source: string, told: readonly GroupEntry[], deps: LearnDeps): Promise<void> {
  // Of one that was told of twice, what came last is newer.
  const newest = [...new Map(told.map((group) => [group.stableId, group])).values()];
  const known = await deps.groups.areKnown(source, newest);
  for (const group of newest.filter((_, index) => known[index] !== true)) {
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await deps.groups.put(source, group);
  }
}

/** @returns why somebody may be missing, empty where nobody is */
async function findUnknown(
  source: Source,
  tally: Tally,
  deps: LearnDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let untold = 0;
  for await (const [id, found] of askFor(source, tally.unknown, signal)) {
    if (found.kind === 'in-scope') tally.entries.push(found.entry);
    else if (found.kind === 'cannot-tell') untold += 1;
    else tally.people.seen.delete(id);
    if (tally.entries.length >= BATCH) await takeIn(source.name, tally, deps);
  }
  await takeIn(source.name, tally, deps);
  return untold === 0
    ? []
    : [`${untold} people are called unchanged, but nothing is known of them and they cannot be asked for`];
}

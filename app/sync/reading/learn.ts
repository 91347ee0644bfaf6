/**
 * Takes in everything that one read of a source yields, a batch at a time, and says what it was. While one batch is
 * compared with what is known, the source already reads on.
 *
 * Whoever a source calls unchanged although nothing is known of them is asked for: else they would never be known.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Entry, GroupEntry } from '../../person/entry.ts';
import type { Named, ReadWish, Source, SourceItem } from '../../sources/source.ts';
import type { Groups, Identities, Lease, Leases } from '../../store/ports/index.ts';
import { type AbsorbedMany, absorbEntries } from './absorb.ts';
import { askFor } from './ask.ts';

export type Learnt = {
  readonly people: Sightings;
  readonly groups: Sightings;
  /** People and groups whom other groups may name by what is new to us. */
  readonly renamed: { readonly people: readonly StableId[]; readonly groups: readonly Named[] };
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

/** People compared with what is known in one go. */
const BATCH = 200;

/** What has been met so far. */
type Tally = {
  readonly people: { readonly seen: Set<StableId>; readonly absent: Set<StableId> };
  readonly groups: { readonly seen: Set<StableId>; readonly absent: Set<StableId> };
  readonly renamed: { readonly people: StableId[]; readonly groups: Named[] };
  readonly counts: { read: number; news: number; rejected: number };
  /** To be compared next. */
  entries: Entry[];
  unchanged: StableId[];
  /** Called unchanged, and not known. */
  readonly unknown: StableId[];
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
    renamed: { people: [], groups: [] },
    counts: { read: 0, news: 0, rejected: 0 },
    entries: [],
    unchanged: [],
    unknown: [],
  };
  let end: Learnt['end'] | null = null;
  let underWay = Promise.resolve();
  try {
    for await (const item of source.read(wish, signal)) {
      if (item.kind === 'end') end = item;
      else if (item.kind === 'group') await putGroup(source.name, item.group, tally, deps);
      else note(item, tally);
      if (tally.entries.length + tally.unchanged.length < BATCH) continue;
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
  const { people, groups, renamed, counts } = tally;
  const complete = end.complete && problems.length === 0;
  return {
    people,
    groups,
    renamed,
    counts,
    end: { ...end, complete, problems: [...end.problems, ...problems] },
  };
}

function note(item: Exclude<SourceItem, { kind: 'end' | 'group' }>, tally: Tally): void {
  switch (item.kind) {
    case 'person':
      isThere(tally.people, item.entry.stableId);
      tally.counts.read += 1;
      tally.entries.push(item.entry);
      return;
    case 'unchanged':
      isThere(item.what === 'person' ? tally.people : tally.groups, item.stableId);
      if (item.what === 'person') tally.unchanged.push(item.stableId);
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

async function putGroup(source: string, group: GroupEntry, tally: Tally, deps: LearnDeps): Promise<void> {
  isThere(tally.groups, group.stableId);
  await deps.leases.renew(deps.lease, deps.leaseMs);
  const isNew = await deps.groups.put(source, group);
  if (isNew) tally.renamed.groups.push({ dn: group.dn });
}

async function takeIn(source: string, tally: Tally, deps: LearnDeps): Promise<void> {
  const { entries, unchanged } = tally;
  tally.entries = [];
  tally.unchanged = [];
  add(await absorbEntries(source, entries, deps), tally);
  const present = await deps.identities.arePresent(source, unchanged);
  tally.unknown.push(...unchanged.filter((_, index) => present[index] !== true));
}

function add({ news, renamed }: AbsorbedMany, tally: Tally): void {
  tally.counts.news += news;
  tally.renamed.people.push(...renamed);
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

/** Takes in everything that one read of a source yields, a batch at a time, and says what it was. */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Entry } from '../../person/entry.ts';
import type { ReadWish, Source, SourceItem } from '../../sources/source.ts';
import type { Groups, Identities, Lease, Leases } from '../../store/ports/index.ts';
import { absorbEntry } from './absorb.ts';

export type Learnt = {
  /** Whom the read named as being there. */
  readonly seen: ReadonlySet<StableId>;
  /** Whom it named as not being there, and people who are there although nothing is known of them. */
  readonly inDoubt: ReadonlySet<StableId>;
  readonly counts: { readonly read: number; readonly news: number; readonly rejected: number };
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

type Deps = {
  readonly identities: Identities;
  readonly groups: Groups;
  readonly leases: Leases;
  readonly leaseMs: number;
  readonly now: () => Date;
  /** The reader's. */
  readonly lease: Lease;
};

/** People learnt about at the same time. */
const BATCH = 100;

/** What has been met so far. */
type Tally = {
  readonly people: Set<StableId>;
  readonly groups: Set<StableId>;
  readonly absentPeople: Set<StableId>;
  readonly absentGroups: Set<StableId>;
  /** People whom groups may name by what is new to us. */
  readonly renamed: Entry[];
  readonly counts: { read: number; news: number; rejected: number };
  waiting: Entry[];
};

/**
 * @throws SourceUnavailable where the read broke off; what came before is stored
 * @throws LeaseLost where another reads this source now; nothing is stored any more
 */
export async function learn(
  source: Source,
  wish: ReadWish,
  deps: Deps,
  signal: AbortSignal,
): Promise<Learnt> {
  const tally: Tally = {
    people: new Set(),
    groups: new Set(),
    absentPeople: new Set(),
    absentGroups: new Set(),
    renamed: [],
    counts: { read: 0, news: 0, rejected: 0 },
    waiting: [],
  };
  let end: Learnt['end'] | null = null;
  try {
    for await (const item of source.read(wish, signal)) {
      if (item.kind === 'end') end = item;
      else await note(item, source.name, tally, deps);
      if (tally.waiting.length >= BATCH) await takeIn(source.name, tally, deps);
    }
  } finally {
    await takeIn(source.name, tally, deps);
  }
  if (end === null) throw new SourceUnavailable(`${source.name} stopped without saying that it had finished`);
  await settleGroups(source, end, tally, deps, signal);
  return { seen: tally.people, inDoubt: tally.absentPeople, counts: tally.counts, end };
}

async function note(
  item: Exclude<SourceItem, { kind: 'end' }>,
  source: string,
  tally: Tally,
  deps: Deps,
): Promise<void> {
  switch (item.kind) {
    case 'person':
      tally.people.add(item.entry.stableId);
      tally.absentPeople.delete(item.entry.stableId);
      tally.counts.read += 1;
      tally.waiting.push(item.entry);
      return;
    case 'group':
      tally.groups.add(item.group.stableId);
      tally.absentGroups.delete(item.group.stableId);
      await deps.leases.renew(deps.lease, deps.leaseMs);
      await deps.groups.put(source, item.group);
      return;
    case 'unchanged':
      (item.what === 'person' ? tally.people : tally.groups).add(item.stableId);
      return;
    case 'absent':
      (item.what === 'person' ? tally.people : tally.groups).delete(item.stableId);
      (item.what === 'person' ? tally.absentPeople : tally.absentGroups).add(item.stableId);
      return;
    case 'rejected':
      tally.counts.rejected += 1;
      return;
  }
}

async function takeIn(source: string, tally: Tally, deps: Deps): Promise<void> {
  const batch = tally.waiting;
  tally.waiting = [];
  const absorbed = await Promise.all(batch.map((entry) => absorbEntry(source, entry, deps)));
  for (const [index, { version, renamed }] of absorbed.entries()) {
    if (version !== null) tally.counts.news += 1;
    const entry = batch[index];
    if (renamed && entry !== undefined) tally.renamed.push(entry);
  }
}

/** Groups that are gone, and groups that name people by what is new to us. */
async function settleGroups(
  source: Source,
  end: Learnt['end'],
  tally: Tally,
  deps: Deps,
  signal: AbortSignal,
): Promise<void> {
  if (end.names === 'everyone') {
    if (!end.complete) return;
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await deps.groups.keepOnly(source.name, tally.groups);
    return;
  }
  if (tally.absentGroups.size > 0) {
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await deps.groups.remove(source.name, tally.absentGroups);
  }
  if (tally.renamed.length === 0) return;
  for await (const group of source.groupsNaming(tally.renamed, signal)) {
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await deps.groups.put(source.name, group);
  }
}

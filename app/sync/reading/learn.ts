/** Takes in everything that one read of a source yields, a batch at a time, and says what it was. */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Entry } from '../../person/entry.ts';
import type { Source, SourceItem, Watermark } from '../../sources/source.ts';
import type { Groups, Identities, Lease, Leases } from '../../store/ports/index.ts';
import { absorbEntry } from './absorb.ts';

export type Learnt = {
  /** Whom the read named. */
  readonly seen: ReadonlySet<StableId>;
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

/**
 * @param since null for a sweep
 * @throws SourceUnavailable where the read broke off; what came before is stored
 * @throws LeaseLost where another reads this source now; nothing is stored any more
 */
export async function learn(
  source: Source,
  since: Watermark | null,
  deps: Deps,
  signal: AbortSignal,
): Promise<Learnt> {
  const seen = new Set<StableId>();
  const seenGroups = new Set<StableId>();
  const counts = { read: 0, news: 0, rejected: 0 };
  let waiting: Entry[] = [];
  const takeIn = async () => {
    const batch = waiting;
    waiting = [];
    const stored = await Promise.all(batch.map((entry) => absorbEntry(source.name, entry, deps)));
    counts.news += stored.filter((version) => version !== null).length;
  };
  let end: Learnt['end'] | null = null;
  try {
    for await (const item of source.read(since, signal)) {
      switch (item.kind) {
        case 'person':
          seen.add(item.entry.stableId);
          counts.read += 1;
          waiting.push(item.entry);
          break;
        case 'group':
          seenGroups.add(item.group.stableId);
          await deps.leases.renew(deps.lease, deps.leaseMs);
          await deps.groups.put(source.name, item.group);
          break;
        case 'rejected':
          counts.rejected += 1;
          break;
        case 'end':
          end = item;
          break;
      }
      if (waiting.length >= BATCH) await takeIn();
    }
  } finally {
    await takeIn();
  }
  if (end === null) throw new SourceUnavailable(`${source.name} stopped without saying that it had finished`);
  if (since === null && end.complete) {
    await deps.leases.renew(deps.lease, deps.leaseMs);
    await deps.groups.keepOnly(source.name, seenGroups);
  }
  return { seen, counts, end };
}

/**
 * Takes what a source says into what we know. Only news is stored: reading the same thing again changes nothing, so
 * overlapping reads, doubles and replays are harmless (O-03).
 */
import { type PersonKey, personKey, type StableId } from '../../person/anchor.ts';
import { withAnchorsOf } from '../../person/anchors.ts';
import { saysTheSame } from '../../person/content.ts';
import type { Entry } from '../../person/entry.ts';
import type { AbsenceReason, Identity } from '../../person/identity.ts';
import type { Identities, Lease, StoredIdentity } from '../../store/ports/index.ts';

type Deps = {
  readonly identities: Identities;
  readonly now: () => Date;
  /** The reader's, where a read brings the news: a reader that was taken for dead must not store what it read then. */
  readonly lease?: Lease;
};

/** A person who is read, whatever was known of them before. @returns the version stored, null where it was no news */
export async function absorbEntry(source: string, entry: Entry, deps: Deps): Promise<number | null> {
  const met: { same: Identity | null } = { same: null };
  const version = await store(personKey(source, entry.stableId), deps, (known) => {
    const wasPresent = known?.presence.state === 'present';
    met.same = wasPresent && saysTheSame(known.entry, entry) ? known : null;
    if (met.same !== null) return null;
    return { ...base(source, entry.stableId), presence: { state: 'present' }, entry };
  });
  if (met.same !== null) await deps.identities.recognise(met.same);
  return version;
}

/**
 * Many people at once. Whoever says what they said before costs no more than being recognised.
 * @returns how many of them are news
 */
export async function absorbEntries(source: string, entries: readonly Entry[], deps: Deps): Promise<number> {
  // Of one who was told of twice, what came last is newer.
  const newest = [...new Map(entries.map((entry) => [entry.stableId, entry])).values()];
  const known = await deps.identities.areKnown(source, newest);
  const changed = newest.filter((_, index) => known[index] !== true);
  const absorbed = await Promise.all(changed.map((entry) => absorbEntry(source, entry, deps)));
  return absorbed.filter((version) => version !== null).length;
}

/** A person who is gone. Their last entry is kept, so that a return is recognised. @returns whether that was news */
export async function absorbAbsence(key: PersonKey, why: AbsenceReason, deps: Deps): Promise<number | null> {
  return await store(key, deps, (known) => {
    if (known === null || known.presence.state === 'absent') return null;
    const since = deps.now().toISOString();
    return {
      ...base(known.source, known.stableId),
      presence: { state: 'absent', why, since },
      entry: known.entry,
    };
  });
}

type News = Pick<StoredIdentity, 'key' | 'source' | 'stableId' | 'presence' | 'entry' | 'orders'>;

/**
 * Decides on the newest knowledge and stores the decision, again if somebody else stored in between.
 * @param decide what to store, or null where it is no news
 * @returns the version stored, null where it was no news
 */
export async function store(
  key: PersonKey,
  deps: Deps,
  decide: (known: Identity | null) => News | null,
): Promise<number | null> {
  for (;;) {
    const known = await deps.identities.get(key);
    const news = decide(known);
    if (news === null) return null;
    const before = known?.version ?? 0;
    const now = deps.now();
    const anchors = withAnchorsOf(news.entry, known?.anchors ?? [], now);
    const next: StoredIdentity = { ...news, anchors, version: before + 1, observedAt: now.toISOString() };
    if (await deps.identities.put(next, before, deps.lease)) return next.version;
  }
}

function base(source: string, stableId: StableId): Pick<News, 'key' | 'source' | 'stableId'> {
  return { key: personKey(source, stableId), source, stableId };
}

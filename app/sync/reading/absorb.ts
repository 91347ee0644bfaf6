/**
 * Takes what a source says into what we know. Only news is stored: reading the same thing again changes nothing, so
 * overlapping reads, doubles and replays are harmless (O-03).
 */
import { type PersonKey, personKey, type StableId } from '../../person/anchor.ts';
import { type Entry, sameAttributes } from '../../person/entry.ts';
import type { AbsenceReason, Identity } from '../../person/identity.ts';
import type { Identities, Lease, StoredIdentity } from '../../store/ports/index.ts';

type Deps = {
  readonly identities: Identities;
  readonly now: () => Date;
  /** The reader's, where a read brings the news: a reader that was taken for dead must not store what it read then. */
  readonly lease?: Lease;
};

/** `version`: the new one, null where it was no news. `renamed`: groups may name this person by what is new to us. */
export type Absorbed = { readonly version: number | null; readonly renamed: boolean };

/** A person who is read, whatever was known of them before. */
export async function absorbEntry(source: string, entry: Entry, deps: Deps): Promise<Absorbed> {
  let renamed = false;
  const version = await store(personKey(source, entry.stableId), deps, (known) => {
    const wasPresent = known?.presence.state === 'present';
    renamed = !wasPresent || !sameNames(known.entry, entry);
    if (wasPresent && saysTheSame(known.entry, entry)) return null;
    return { ...base(source, entry.stableId), presence: { state: 'present' }, entry };
  });
  return { version, renamed };
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
    const next: StoredIdentity = { ...news, version: before + 1, observedAt: deps.now().toISOString() };
    if (await deps.identities.put(next, before, deps.lease)) return next.version;
  }
}

function base(source: string, stableId: StableId): Pick<News, 'key' | 'source' | 'stableId'> {
  return { key: personKey(source, stableId), source, stableId };
}

function saysTheSame(a: Entry, b: Entry): boolean {
  return a.dn === b.dn && sameNames(a, b) && sameAttributes(a.attributes, b.attributes);
}

function sameNames(a: Entry, b: Entry): boolean {
  return a.dnKey === b.dnKey && (a.memberNames ?? []).join('\n') === (b.memberNames ?? []).join('\n');
}

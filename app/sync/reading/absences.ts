/**
 * Who is gone: the people we know as present whom a complete read did not name, or whom a read of changes named as not
 * being there. That proves little, so each is asked for by stable id before they are believed gone (O-06); and where
 * too many are missing at once nobody is asked and nobody is concluded to be gone until an operator says so (O-05).
 */
import { type PersonKey, personKey, type StableId } from '../../person/anchor.ts';
import { type GuardPolicy, judgeAbsences } from '../../plan/guard.ts';
import type { Source } from '../../sources/source.ts';
import type { Holds, Identities, Lease, NewlyHeld } from '../../store/ports/index.ts';
import { absorbAbsence, absorbEntry } from './absorb.ts';
import { askFor } from './ask.ts';
import type { Sightings } from './learn.ts';

export type AbsenceDeps = {
  readonly identities: Identities;
  readonly holds: Holds;
  readonly guard: GuardPolicy;
  /** The targets that the source's people are mapped to. */
  readonly targets: readonly string[];
  readonly now: () => Date;
  /** The reader's. */
  readonly lease: Lease;
};

export type Absences = {
  readonly counts: Readonly<Record<string, number>>;
  /** Why the absences wait for an operator, null where they do not. */
  readonly reason: string | null;
  /** How many cannot be told of: they stay as they are known, and have to be asked for again. */
  readonly untold: number;
};

export const NO_ABSENCES: Absences = { counts: {}, reason: null, untold: 0 };

/** People who were to be there, and are not; `known` is how many were. */
type Missing = { readonly ids: readonly StableId[]; readonly known: number; readonly seen: number };

/**
 * Concludes from a complete read.
 * @param names whether the read named everyone, or only changes
 * @param waiting whose absence an earlier run holds already: they are not held twice
 */
export async function concludeAbsences(
  source: Source,
  run: string,
  people: Sightings,
  names: 'everyone' | 'changes',
  waiting: ReadonlySet<PersonKey>,
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Absences> {
  const { ids, reason } = await judgeMissing(source.name, people, names, waiting, deps);
  if (reason === null) return await confirmEach(source, ids, deps, signal);
  const removals = ids.flatMap((id): NewlyHeld[] =>
    deps.targets.map((target) => ({ key: personKey(source.name, id), target, absence: 'missing' })),
  );
  await deps.holds.put(run, removals);
  return { ...NO_ABSENCES, counts: { missing: ids.length }, reason };
}

/** Who is missing, and why nobody shall be taken to be gone by that; null where each may be asked for. */
export async function judgeMissing(
  source: string,
  people: Sightings,
  names: 'everyone' | 'changes',
  waiting: ReadonlySet<PersonKey>,
  deps: AbsenceDeps,
): Promise<{ readonly ids: readonly StableId[]; readonly reason: string | null }> {
  const missing =
    names === 'everyone'
      ? await notNamed(source, people.seen, waiting, deps.identities)
      : await namedAbsent(source, people.absent, waiting, deps.identities);
  const { known, seen } = missing;
  const ids = await butRejected(source, missing.ids, deps);
  return { ids, reason: judgeAbsences({ seen, known, missing: ids.length }, 'people', deps.guard) };
}

/** An operator has said of these that they stay at every target, although they are missing. */
async function butRejected(
  source: string,
  ids: readonly StableId[],
  { holds, targets }: AbsenceDeps,
): Promise<readonly StableId[]> {
  if (targets.length === 0) return ids;
  const keys = ids.map((id) => personKey(source, id));
  const standings = await Promise.all(targets.map((target) => holds.standings(target, keys)));
  return ids.filter((_, index) => standings.some((at) => at[index]?.kind !== 'rejected'));
}

async function notNamed(
  source: string,
  seen: ReadonlySet<StableId>,
  waiting: ReadonlySet<PersonKey>,
  identities: Identities,
): Promise<Missing> {
  const missing = new Set<StableId>();
  for await (const batch of identities.scanPresent(source)) {
    for (const id of batch) if (!seen.has(id) && !waiting.has(personKey(source, id))) missing.add(id);
  }
  return { ids: [...missing], known: await identities.countPresent(source), seen: seen.size };
}

async function namedAbsent(
  source: string,
  absent: ReadonlySet<StableId>,
  waiting: ReadonlySet<PersonKey>,
  identities: Identities,
): Promise<Missing> {
  const named = [...absent].filter((id) => !waiting.has(personKey(source, id)));
  const present = await identities.arePresent(source, named);
  const ids = named.filter((_, index) => present[index] === true);
  const known = await identities.countPresent(source);
  return { ids, known, seen: known - ids.length };
}

/** Asks for each, and believes what is answered. */
export async function confirmEach(
  source: Source,
  missing: readonly StableId[],
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Absences> {
  const counts = { deleted: 0, outOfScope: 0, cannotTell: 0 };
  for await (const [id, found] of askFor(source, missing, signal)) {
    switch (found.kind) {
      case 'cannot-tell':
        counts.cannotTell += 1;
        break;
      case 'in-scope':
        await absorbEntry(source.name, found.entry, deps);
        break;
      case 'out-of-scope':
        counts.outOfScope += 1;
        await absorbAbsence(personKey(source.name, id), 'out-of-scope', deps);
        break;
      case 'gone':
        counts.deleted += 1;
        await absorbAbsence(personKey(source.name, id), 'deleted', deps);
        break;
    }
  }
  return { counts, reason: null, untold: counts.cannotTell };
}

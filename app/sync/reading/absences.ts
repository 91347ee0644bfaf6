/**
 * Who is gone: the people we know as present whom a complete read did not name. Not being named proves little, so
 * each is asked for by stable id before they are believed gone (O-06); and where too many are missing at once nobody
 * is asked and nobody is concluded to be gone until an operator says so (O-05).
 */

import { SourceUnavailable } from '../../errors.ts';
import { type PersonKey, personKey, type StableId } from '../../person/anchor.ts';
import { type GuardPolicy, judgeAbsences } from '../../plan/guard.ts';
import type { Source } from '../../sources/source.ts';
import type { HeldRemoval, Holds, Identities, Lease } from '../../store/ports/index.ts';
import { absorbAbsence, absorbEntry } from './absorb.ts';

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

export type Absences = { readonly counts: Readonly<Record<string, number>>; readonly reason: string | null };

/**
 * @param seen whom the complete read named
 * @returns `reason`: why the absences wait for an operator, null where they do not
 */
export async function concludeAbsences(
  source: Source,
  run: string,
  seen: ReadonlySet<StableId>,
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Absences> {
  const { known, missing } = await compare(source.name, seen, deps.identities);
  return await judge(source, run, seen.size, known, missing, deps, signal);
}

/**
 * The same, where a read of what changed named those who are not there any more.
 * @param told whom it named
 */
export async function concludeTold(
  source: Source,
  run: string,
  told: ReadonlySet<StableId>,
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Absences> {
  if (told.size === 0) return { counts: {}, reason: null };
  const keys = [...told].map((id) => personKey(source.name, id));
  const identities = await deps.identities.getMany(keys);
  const missing = identities.flatMap((identity): Missing[] =>
    identity?.presence.state === 'present' ? [identity] : [],
  );
  const known = await deps.identities.countPresent(source.name);
  return await judge(source, run, known - missing.length, known, missing, deps, signal);
}

async function judge(
  source: Source,
  run: string,
  seen: number,
  known: number,
  missing: readonly Missing[],
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Absences> {
  const reason = judgeAbsences(seen, known, missing.length, deps.guard);
  if (reason === null) return { counts: await confirmEach(source, missing, deps, signal), reason };
  const removals = missing.flatMap(({ key }): HeldRemoval[] =>
    deps.targets.map((target) => ({ key, target, absence: 'missing' })),
  );
  await deps.holds.put(run, removals);
  return { counts: { missing: missing.length }, reason };
}

type Missing = { readonly key: PersonKey; readonly stableId: StableId };

async function compare(
  source: string,
  seen: ReadonlySet<StableId>,
  identities: Identities,
): Promise<{ known: number; missing: Missing[] }> {
  let known = 0;
  const missing: Missing[] = [];
  for await (const batch of identities.scan(source)) {
    for (const { key, stableId, presence } of batch) {
      if (presence.state === 'absent') continue;
      known += 1;
      if (!seen.has(stableId)) missing.push({ key, stableId });
    }
  }
  return { known, missing };
}

async function confirmEach(
  source: Source,
  missing: readonly Missing[],
  deps: AbsenceDeps,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const counts = { deleted: 0, outOfScope: 0, cannotTell: 0 };
  for (const { key, stableId } of missing) {
    const found = await source.find(stableId, signal).catch((error: unknown) => {
      if (error instanceof SourceUnavailable) return null;
      throw error;
    });
    switch (found?.kind) {
      case undefined:
        counts.cannotTell += 1;
        break;
      case 'in-scope':
        await absorbEntry(source.name, found.entry, deps);
        break;
      case 'out-of-scope':
        counts.outOfScope += 1;
        await absorbAbsence(key, 'out-of-scope', deps);
        break;
      case 'gone':
        counts.deleted += 1;
        await absorbAbsence(key, 'deleted', deps);
        break;
    }
  }
  return counts;
}

/**
 * Holds that have nothing left to hold. A later read knows better than the held ones before it: a complete sweep
 * judges anew what they would have removed, and whoever is seen is not gone. And a person who needs no removal any more is
 * let go by whatever held them.
 */
import {
  type PersonKey,
  type StableId,
  sourceOfKey,
  stableIdOfKey,
  type WorkKey,
} from '../../person/anchor.ts';
import type { AbsenceReason } from '../../person/identity.ts';
import type { HeldRemoval, Holds, Run, Runs } from '../../store/ports/index.ts';

type Deps = { readonly runs: Runs; readonly holds: Holds };

/**
 * Lets go what a read knows better than the held ones before it. A complete read of everyone judges all absences anew,
 * but for those of a run that an operator has decided in part: judged without the others, few enough would be left to go
 * by themselves. Any other read only shows that those whom it has seen are there. Removals that are held for another
 * reason keep waiting.
 * @param knowsAll whether the read was complete and told of everyone
 * @returns whose absence still waits
 */
export async function supersedeHeld(
  source: string,
  seen: ReadonlySet<StableId>,
  knowsAll: boolean,
  deps: Deps,
): Promise<ReadonlySet<PersonKey>> {
  const waiting = new Set<PersonKey>();
  for (const run of await deps.runs.list({ state: 'held', source, limit: 1_000 })) {
    const absences = (await deps.holds.list(run.id)).filter(isAbsence);
    const judgesAll = knowsAll && !isDecidedOn(run);
    const isJudged = ({ key }: HeldAbsence) => judgesAll || seen.has(stableIdOfKey(key));
    const known = absences.filter(isJudged);
    for (const removal of absences) if (!isJudged(removal)) waiting.add(removal.key);
    await deps.holds.drop(run.id, known);
    // What a release that broke off had approved already is judged anew, too.
    for (const { target, key } of known) {
      if ((await deps.holds.heldBy(target, key)) === null) await deps.holds.clear(target, key);
    }
    const isOver = known.length > 0 || knowsAll || isRepeatedPoll(run);
    if (isOver && (await deps.holds.size(run.id)) === 0) await endHeld(run, 'superseded', deps);
  }
  return waiting;
}

/** Whose absence waits in a run that an operator has decided in part: no read concludes that they are gone. */
export async function partlyDecided(source: string, { runs, holds }: Deps): Promise<ReadonlySet<PersonKey>> {
  const held = await runs.list({ state: 'held', source, limit: 1_000 });
  const begun = held.filter(isDecidedOn);
  const removals = await Promise.all(begun.map(({ id }) => holds.list(id)));
  return new Set(
    removals
      .flat()
      .filter(isAbsence)
      .map(({ key }) => key),
  );
}

/** Whether an operator has said something about it, be it about some of its people. */
export function isDecidedOn({ actor, partlyDecided }: Run): boolean {
  return actor !== undefined || partlyDecided === true;
}

export type HeldAbsence = HeldRemoval & {
  readonly key: PersonKey;
  readonly absence: AbsenceReason;
};

/** Only a person's absence waits itself. */
export function isAbsence(removal: HeldRemoval): removal is HeldAbsence {
  return removal.absence !== undefined;
}

/** The next poll begins where this one did, and says itself what is not right. */
function isRepeatedPoll({ kind, releasable }: Run): boolean {
  return kind === 'poll' && releasable !== true;
}

/** Takes a person, or a group, out of what holds them; a run is over where they were the last. */
export async function letGo(target: string, key: WorkKey, deps: Deps): Promise<void> {
  for (const emptied of await deps.holds.clear(target, key)) {
    const run = await deps.runs.get(emptied);
    // Where an operator is just releasing it, workers may be faster than the release itself.
    if (run?.state === 'held') await endHeld(run, run.actor === undefined ? 'superseded' : 'released', deps);
  }
}

/**
 * Whoever is seen is not gone, so that it is forgotten that their absence was rejected: when they leave one day, that
 * is judged anew.
 */
export async function forgetRejected(
  source: string,
  seen: ReadonlySet<StableId>,
  holds: Holds,
): Promise<void> {
  for (const { removal } of await holds.rejected()) {
    if (!isAbsence(removal)) continue;
    const { key, target } = removal;
    if (sourceOfKey(key) === source && seen.has(stableIdOfKey(key))) await holds.clear(target, key);
  }
}

/** Ends a held run, unless somebody came to it meanwhile: nobody may wait in a run that cannot be released. */
export async function endHeld(
  run: Run,
  state: 'released' | 'rejected' | 'expired' | 'superseded',
  { runs }: Deps,
): Promise<Run> {
  const ended: Run = { ...run, state };
  return (await runs.end(ended)) ? ended : run;
}

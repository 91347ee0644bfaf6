/**
 * Holds that have nothing left to hold. A later read knows better than the held ones before it: a complete sweep
 * judges anew what they would have removed, and whoever is seen is not gone. And a person who needs no removal any more is
 * let go by whatever held them.
 */
import { type PersonKey, type StableId, stableIdOfKey } from '../../person/anchor.ts';
import type { HeldRemoval, Holds, Run, Runs } from '../../store/ports/index.ts';

type Deps = { readonly runs: Runs; readonly holds: Holds };

/**
 * Lets go what a read knows better than the held ones before it. A complete read of everyone judges all absences anew;
 * any other only shows that those whom it has seen are there. Removals that are held for another reason keep waiting.
 * @param seen whom the read has seen, or `everyone` where it was complete and told of everyone
 * @returns whose absence still waits
 */
export async function supersedeHeld(
  source: string,
  seen: 'everyone' | ReadonlySet<StableId>,
  deps: Deps,
): Promise<ReadonlySet<PersonKey>> {
  const waiting = new Set<PersonKey>();
  for (const run of await deps.runs.list({ state: 'held', source, limit: 1_000 })) {
    const absences = (await deps.holds.list(run.id)).filter(({ absence }) => absence !== undefined);
    const isSeen = ({ key }: HeldRemoval) => seen === 'everyone' || seen.has(stableIdOfKey(key));
    const known = absences.filter(isSeen);
    for (const removal of absences) if (!isSeen(removal)) waiting.add(removal.key);
    await deps.holds.drop(run.id, known);
    // What a release that broke off had approved already is judged anew, too.
    for (const { target, key } of known) {
      if ((await deps.holds.heldBy(target, key)) === null) await deps.holds.clear(target, key);
    }
    const isOver = known.length > 0 || seen === 'everyone' || isRepeatedPoll(run);
    if (isOver && (await deps.holds.size(run.id)) === 0) await endHeld(run, 'superseded', deps);
  }
  return waiting;
}

/** The next poll begins where this one did, and says itself what is not right. */
function isRepeatedPoll({ kind, releasable }: Run): boolean {
  return kind === 'poll' && releasable !== true;
}

/** Takes a person out of what holds them; a run is over where they were the last. */
export async function letGo(target: string, key: PersonKey, deps: Deps): Promise<void> {
  for (const emptied of await deps.holds.clear(target, key)) {
    const run = await deps.runs.get(emptied);
    // Where an operator is just releasing it, workers may be faster than the release itself.
    if (run?.state === 'held') await endHeld(run, run.actor === undefined ? 'superseded' : 'released', deps);
  }
}

/**
 * Ends a held run, unless somebody came to it meanwhile: nobody may wait in a run that cannot be released. Whoever
 * holds a person puts the person first and the run's state second, here it is the other way round, so one of the two
 * sees the other.
 */
export async function endHeld(run: Run, state: 'released' | 'superseded', deps: Deps): Promise<Run> {
  const ended: Run = { ...run, state };
  await deps.runs.put(ended);
  if ((await deps.holds.size(run.id)) === 0) return ended;
  const { actor: _released, ...waiting } = run;
  await deps.runs.put(waiting);
  return waiting;
}

/**
 * Holds that have nothing left to hold. A complete sweep knows better than the held ones before it: what they would
 * have removed is judged anew, so the absences they hold are let go. And a person who needs no removal any more is
 * let go by whatever held them.
 */
import type { PersonKey } from '../../person/anchor.ts';
import type { Holds, Run, Runs } from '../../store/ports/index.ts';

type Deps = { readonly runs: Runs; readonly holds: Holds };

/** Called after a complete sweep. Removals that are held for another reason than absence keep waiting. */
export async function supersedeHeldSweeps(source: string, deps: Deps): Promise<void> {
  for (const run of await deps.runs.list({ state: 'held', source, limit: 1_000 })) {
    const absences = (await deps.holds.list(run.id)).filter(({ absence }) => absence !== undefined);
    await deps.holds.drop(run.id, absences);
    // What a release that broke off had approved already is judged anew, too.
    for (const { target, key } of absences) {
      if ((await deps.holds.heldBy(target, key)) === null) await deps.holds.clear(target, key);
    }
    if ((await deps.holds.size(run.id)) === 0) await endHeld(run, 'superseded', deps);
  }
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

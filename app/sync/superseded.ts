/**
 * Holds that have nothing left to hold. A complete sweep knows better than the held ones before it: what they would
 * have removed is judged anew, so the absences they hold are let go. And a person who needs no removal any more is
 * let go by whatever held them.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Holds, Runs } from '../store/ports/index.ts';

type Deps = { readonly runs: Runs; readonly holds: Holds };

/** Called after a complete sweep. Removals that are held for another reason than absence keep waiting. */
export async function supersedeHeldSweeps(source: string, deps: Deps): Promise<void> {
  for (const run of await deps.runs.list({ state: 'held', source, limit: 1_000 })) {
    for (const { target, key, absence } of await deps.holds.list(run.id)) {
      if (absence !== undefined) await deps.holds.clear(target, key);
    }
    const left = await deps.holds.list(run.id);
    if (left.length === 0) await deps.runs.put({ ...run, state: 'superseded' });
  }
}

/** Takes a person out of what holds them; the run is over where they were the last. */
export async function letGo(target: string, key: PersonKey, deps: Deps): Promise<void> {
  const emptied = await deps.holds.clear(target, key);
  const run = emptied === null ? null : await deps.runs.get(emptied);
  if (run?.state === 'held') await deps.runs.put({ ...run, state: 'superseded' });
}

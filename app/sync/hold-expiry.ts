/**
 * Ends holds about which nobody has decided in time (`policy.guard.holdFor`). Nobody loses access by that: what still is
 * so when the next sweep or comparison looks is held anew. A read that was incomplete waits for no word, and stays as it
 * is until it goes well. Absences in a run that somebody has decided in part stay, too: judged without the others, few
 * enough would be left to go by themselves.
 */
import type { GuardPolicy } from '../plan/guard.ts';
import type { HeldRemoval, Holds, Run, Runs } from '../store/ports/index.ts';
import { endHeld, isAbsence, isDecidedOn } from './reading/superseded.ts';
import type { Signals } from './signals.ts';

type Deps = {
  readonly runs: Runs;
  readonly holds: Holds;
  readonly signals: Signals;
  readonly guard: GuardPolicy;
  readonly now: () => Date;
};

/** So many held runs are looked through. */
const MOST_RUNS = 1_000;

/** @returns how many removals wait no longer */
export async function expireHolds(deps: Deps): Promise<number> {
  const before = new Date(deps.now().getTime() - deps.guard.holdForMs).toISOString();
  let expired = 0;
  for (const run of await deps.runs.list({ state: 'held', limit: MOST_RUNS })) {
    // Nothing is held longer than the run that holds it.
    if (run.startedAt <= before) expired += await expireIn(run, before, deps);
  }
  // What was rejected may be released after all, for as long as it stands.
  for (const run of new Set((await deps.holds.rejected()).map((hold) => hold.run))) await deps.runs.keep(run);
  return expired;
}

async function expireIn(run: Run, before: string, deps: Deps): Promise<number> {
  const stays = (removal: HeldRemoval) => isDecidedOn(run) && isAbsence(removal);
  const held = await deps.holds.list(run.id);
  const old = held.filter((removal) => removal.since <= before && !stays(removal));
  await deps.holds.expire(run.id, old);
  const waitedForAWord = old.length > 0 || run.releasable === true;
  if (!waitedForAWord) return 0;
  const ended = await endHeld({ ...run, endedAt: run.endedAt ?? deps.now().toISOString() }, 'expired', deps);
  if (old.length > 0 || ended.state === 'expired') {
    const what = old.length === 0 ? 'what this run waits for' : `${old.length} held removals`;
    const reason = `nobody has decided about ${what} in time`;
    deps.signals.alert({ kind: 'hold-expired', run: run.id, reason });
  }
  return old.length;
}

/** What the runs of a source before this one were, and what they left behind. */
import type { Holds, Run, RunState, Runs } from '../../store/ports/index.ts';
import type { Signals } from '../signals.ts';

/** So many runs of a source are looked through. */
const LOOK_BACK = 50;

type Deps = {
  readonly runs: Runs;
  readonly holds: Holds;
  readonly signals: Signals;
  readonly now: () => Date;
};

/**
 * A reader that died, or met a surprise, may have held people, who were announced and would wait in a run that nobody
 * can release. We have its lease, so it is over.
 */
export async function holdForTheDead(source: string, deps: Deps): Promise<void> {
  const earlier = await deps.runs.list({ source, limit: LOOK_BACK });
  for (const run of earlier.filter(({ state }) => state === 'running' || state === 'failed')) {
    const held = await deps.holds.size(run.id);
    if (held === 0) continue;
    const reason = `the read ended in the middle; ${held} removals of what it had read wait`;
    const endedAt = deps.now().toISOString();
    await deps.runs.put({ ...run, state: 'held', endedAt, reason, counts: { held }, releasable: true });
    deps.signals.alert({ kind: 'run-held', run: run.id, source, reason });
  }
}

/** How runs like this one ended before: an operator is told when something begins, not at every repetition. */
export async function endedBefore(
  run: Run,
  runs: Runs,
): Promise<{ sameKind: RunState | null; any: RunState | null; tracking: string | null }> {
  const earlier = (
    await runs.list({ ...(run.source === undefined ? {} : { source: run.source }), limit: LOOK_BACK })
  ).filter(({ id, state }) => id !== run.id && state !== 'running');
  const sameKind = earlier.find(({ kind }) => kind === run.kind)?.state ?? null;
  const tracking = earlier.find((each) => each.tracking !== undefined)?.tracking ?? null;
  return { sameKind, any: earlier[0]?.state ?? null, tracking };
}

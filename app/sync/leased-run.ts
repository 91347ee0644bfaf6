/**
 * A run that only one process makes at a time: under a lease that is kept while it lasts, with its record written
 * when it begins and when it ends, whatever ends it.
 */
import type { Lease, Leases, Run, Runs } from '../store/ports/index.ts';
import { keepLease } from './lease-keeper.ts';
import type { Signals } from './signals.ts';

export type LeasedRunDeps = {
  readonly leases: Leases;
  /** A process that has not been heard of for so long has died; another may begin. */
  readonly leaseMs: number;
  readonly runs: Runs;
  readonly signals: Signals;
  readonly now: () => Date;
};

/**
 * @param begin makes the run's first record
 * @param work carries it through; the signal is aborted when the lease is lost or the process has to stop
 * @returns the run as it ended; null where another process has the lease
 * @throws what `work` throws and does not foresee; the run's record says that it failed
 */
export async function leasedRun(
  leaseName: string,
  deps: LeasedRunDeps,
  stopping: AbortSignal,
  begin: () => Promise<Run>,
  work: (run: Run, lease: Lease, signal: AbortSignal) => Promise<Run>,
): Promise<Run | null> {
  const lease = await deps.leases.acquire(leaseName, deps.leaseMs);
  if (lease === null) return null;
  const keeper = keepLease(lease, deps.leaseMs, deps.leases, stopping);
  try {
    const run = await begin();
    await deps.runs.put(run);
    const ended = await work(run, lease, keeper.signal).catch(async (error: unknown) => {
      const reason = `internal error (${error instanceof Error ? error.name : typeof error}), see the log`;
      await finish({ ...run, state: 'failed', reason }, deps);
      throw error;
    });
    return await finish(ended, deps);
  } finally {
    keeper.stop();
    await deps.leases.release(lease);
  }
}

async function finish(ended: Run, deps: LeasedRunDeps): Promise<Run> {
  const { id, kind, state, counts, source, tracking } = ended;
  const finished: Run = { ...ended, endedAt: deps.now().toISOString() };
  await deps.runs.put(finished);
  deps.signals.runEnded({
    run: id,
    kind,
    state,
    counts,
    ...(source === undefined ? {} : { source }),
    ...(tracking === undefined ? {} : { tracking }),
  });
  return finished;
}

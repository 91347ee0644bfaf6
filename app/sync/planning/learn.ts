/**
 * Reads a source so that a plan rests on what it says now: what is learnt is stored as any read stores it, and nothing
 * else follows from it here. Nobody is made due, nothing is held, the watermark stays. The news waits for the next
 * ordinary read to be announced, and is judged by the guard then.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { Source } from '../../sources/source.ts';
import type { Lease } from '../../store/ports/index.ts';
import { targetsReached } from '../joined-news.ts';
import { keepLease } from '../lease-keeper.ts';
import { confirmEach, judgeMissing } from '../reading/absences.ts';
import { type Learnt, learn } from '../reading/learn.ts';
import { type ReadDeps, readLease } from '../reading/read-source.ts';
import { partlyDecided } from '../reading/superseded.ts';

/** Waits for a read that is under way so long, a second at a time. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 1_000;

export type LearnForPlanDeps = ReadDeps & {
  /** Throws where it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/**
 * @returns what of the read does not count, in words; null where all of it does
 * @throws SourceUnavailable
 */
export async function learnForPlan(
  source: Source,
  deps: LearnForPlanDeps,
  signal: AbortSignal,
): Promise<string | null> {
  const lease = await leaseFor(source.name, deps, signal);
  const keeper = keepLease(lease, deps.leaseMs, deps.leases, signal);
  try {
    const since = await deps.watermarks.get(source.name);
    const read = await learn(source, { since, everyone: true }, { ...deps, lease }, keeper.signal);
    return await concludeFrom(source, read, lease, deps, keeper.signal);
  } finally {
    keeper.stop();
    await deps.leases.release(lease);
  }
}

/** Who is gone is concluded as cautiously as by any read; what that would hold is left as it was known. */
async function concludeFrom(
  source: Source,
  { end, people }: Learnt,
  lease: Lease,
  deps: LearnForPlanDeps,
  signal: AbortSignal,
): Promise<string | null> {
  if (!end.complete) return `the read was not complete: ${end.problems.join('; ')}`;
  if (end.names !== 'everyone') return null;
  const targets = targetsReached(source.name, deps);
  const parts = { ...deps, lease, targets };
  const waiting = await partlyDecided(source.name, deps);
  const { ids, reason } = await judgeMissing(source.name, people, 'everyone', waiting, parts);
  if (reason !== null) return `nobody is taken to be gone: ${reason}`;
  const { untold } = await confirmEach(source, ids, parts, signal);
  return untold === 0 ? null : `${untold} people were not named, and cannot be asked for`;
}

async function leaseFor(source: string, deps: LearnForPlanDeps, signal: AbortSignal): Promise<Lease> {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const lease = await deps.leases.acquire(readLease(source), deps.leaseMs);
    if (lease !== null) return lease;
    await deps.sleep(PAUSE_MS, signal);
  }
  throw new SourceUnavailable(`${source} is being read by another process all the time; try again later`);
}

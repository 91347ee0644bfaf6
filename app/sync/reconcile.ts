/**
 * Compares everybody at a target with what we want there, by listing its accounts, and makes due whoever differs:
 * about one request for each page, and not one for each person (design.md, invariant 7). It writes nothing itself;
 * who is due is looked at again, freshly, before anything is written.
 *
 *   an account                         | what follows
 *   ─────────────────────────────────────────────────────────────────────────────────────
 *   linked, as wanted                  | nothing
 *   linked, different                  | the person is due, with a fresh look
 *   not linked, a known person's       | the person is due: they are looked up and linked
 *   not linked, nobody's               | counted; it is not ours
 *   linked, and not listed             | the person is due, with a fresh look; too many: nobody
 *   linked, and the listing incomplete | nothing
 */
import { Refused, TargetUnavailable, TargetUnusable } from '../errors.ts';
import type { PersonKey } from '../person/anchor.ts';
import { removalLimit } from '../plan/guard.ts';
import type { Account } from '../scim/resource.ts';
import type { ListCall, Target } from '../scim/target.ts';
import type { Leases, Run, Runs } from '../store/ports/index.ts';
import type { AnnounceDeps } from './announce.ts';
import { compareAccount } from './compare-account.ts';
import { keepLease } from './lease-keeper.ts';
import type { Signals } from './signals.ts';

export type ReconcileDeps = AnnounceDeps & {
  readonly runs: Runs;
  readonly leases: Leases;
  readonly signals: Signals;
  readonly leaseMs: number;
  /** Throws where it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

type Counts = {
  listed: number;
  asWanted: number;
  different: number;
  unlinked: number;
  foreign: number;
  missing: number;
};

/** A run's record before anybody has taken it up. */
export function reconcileRun(id: string, target: string, now: Date): Run {
  return { id, kind: 'reconcile', state: 'running', startedAt: now.toISOString(), target, counts: {} };
}

/**
 * @param id of the run
 * @returns the run as it ended; null where another process is reconciling this target already
 */
export async function reconcile(
  target: Target,
  id: string,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Run | null> {
  const lease = await deps.leases.acquire(`reconcile:${target.name}`, deps.leaseMs);
  if (lease === null) return null;
  const keeper = keepLease(lease, deps.leaseMs, deps.leases, signal);
  try {
    const asked = await deps.runs.get(id);
    const run: Run = { ...asked, ...reconcileRun(id, target.name, deps.now()) };
    await deps.runs.put(run);
    const ended = await compareAll(target, run, deps, keeper.signal);
    const finished: Run = { ...ended, endedAt: deps.now().toISOString() };
    await deps.runs.put(finished);
    deps.signals.runEnded({ run: run.id, kind: run.kind, state: finished.state, counts: finished.counts });
    return finished;
  } finally {
    keeper.stop();
    await deps.leases.release(lease);
  }
}

async function compareAll(target: Target, run: Run, deps: ReconcileDeps, signal: AbortSignal): Promise<Run> {
  const counts: Counts = { listed: 0, asWanted: 0, different: 0, unlinked: 0, foreign: 0, missing: 0 };
  const seen = new Set<string>();
  try {
    for await (const item of target.list(listCall(signal, deps))) {
      if (item.kind === 'page') {
        await comparePage(item.accounts, target.name, counts, seen, deps);
      } else if (item.complete) {
        return await afterCompleteListing(target.name, run, seen, counts, deps);
      } else {
        return { ...run, state: 'failed', counts, reason: `incomplete listing: ${item.problem}` };
      }
    }
    return { ...run, state: 'failed', counts, reason: 'the listing has no end' };
  } catch (error) {
    const expected =
      error instanceof TargetUnavailable || error instanceof TargetUnusable || error instanceof Refused;
    if (!expected && !signal.aborted) throw error;
    const reason = expected ? error.message : 'stopped';
    return { ...run, state: 'failed', counts, reason };
  }
}

/** Reading needs no right to write. Where the budget is spent it waits for the next window. */
function listCall(signal: AbortSignal, deps: ReconcileDeps): ListCall {
  return {
    signal,
    lane: 'bulk',
    beforeRequest: async () => {},
    waitUntil: (until) => deps.sleep(Math.max(1, until.getTime() - deps.now().getTime()), signal),
  };
}

async function comparePage(
  accounts: readonly Account[],
  target: string,
  counts: Counts,
  seen: Set<string>,
  deps: ReconcileDeps,
): Promise<void> {
  counts.listed += accounts.length;
  for (const { id } of accounts) seen.add(id);
  const comparisons = await Promise.all(accounts.map((account) => compareAccount(account, target, deps)));
  for (const comparison of comparisons) {
    counts[comparison.kind] += 1;
    if ('person' in comparison)
      await makeDue(comparison.person, target, comparison.kind === 'different', deps);
  }
}

/** Linked accounts that a complete listing did not name. Many at once say more about the target than about people. */
async function afterCompleteListing(
  target: string,
  run: Run,
  seen: ReadonlySet<string>,
  counts: Counts,
  deps: ReconcileDeps,
): Promise<Run> {
  const linked = new Map<PersonKey, string>();
  for await (const links of deps.links.scan(target)) for (const { key, id } of links) linked.set(key, id);
  const missing = [...linked].filter(([, id]) => !seen.has(id)).map(([key]) => key);
  counts.missing = missing.length;
  const limit = removalLimit(linked.size, deps.guard);
  if (missing.length > limit) {
    const reason = `${missing.length} of ${linked.size} linked accounts are not at the target, more than the ${limit} that are looked after by themselves`;
    deps.signals.alert({ kind: 'accounts-missing', run: run.id, target, reason });
    return { ...run, state: 'failed', counts, reason };
  }
  for (const key of missing) await makeDue(key, target, true, deps);
  return { ...run, state: 'ok', counts };
}

async function makeDue(key: PersonKey, target: string, fresh: boolean, deps: ReconcileDeps): Promise<void> {
  await deps.due.mark(target, key, { lane: 'bulk', fresh }, deps.now());
  await deps.bell.ring(target, key, 'bulk');
}

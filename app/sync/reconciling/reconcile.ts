/**
 * Compares everybody at a target with what we want there, by listing its accounts, and makes due whoever differs:
 * about one request for each page, and not one for each person (design.md, invariant 7). It writes nothing itself;
 * who is due is looked at again, freshly, before anything is written.
 *
 *   an account                         | what follows
 *   ─────────────────────────────────────────────────────────────────────────────────────
 *   linked, as wanted, or different    | nothing
 *     only in what the policies keep   |
 *   linked, different                  | the person is due, with a fresh look
 *   linked, lacking what the listing   | the person is due, with a fresh look; too many: nobody, and the run says what
 *     shows of nobody                  |   was not compared
 *   not linked, a known person's       | the person is due: they are looked up afresh and linked
 *   not linked, nobody's               | counted and listed; it is not ours
 *   linked, and not listed             | the person is due, with a fresh look; too many: nobody. Whom the target has
 *                                      |   confirmed since the run began is not missing: they came behind their page
 *   linked, and the listing incomplete | nothing
 *
 * What a complete listing shows to be otherwise than wanted, and why, is kept until the next one (`ledger.ts`).
 */
import { Refused, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Lane } from '../../lane.ts';
import type { PersonKey } from '../../person/anchor.ts';
import { removalLimit } from '../../plan/guard.ts';
import type { Account } from '../../scim/resource.ts';
import type { ListCall, Target } from '../../scim/target.ts';
import type { Drift, DriftLedger, Run, UserNames } from '../../store/ports/index.ts';
import type { AnnounceDeps } from '../announce.ts';
import { type LeasedRunDeps, leasedRun } from '../leased-run.ts';
import { type Comparison, compareAccount } from './compare-account.ts';
import { emptyLedger, foundIn, type Ledger, noteDrifts, noteUnknown } from './ledger.ts';
import { noteShown, shownOf } from './shown-attributes.ts';

export type ReconcileDeps = AnnounceDeps &
  LeasedRunDeps & {
    readonly drift: DriftLedger;
    readonly userNames: UserNames;
    /** Throws where it is aborted. */
    readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  };

type Counts = {
  listed: number;
  asWanted: number;
  different: number;
  notShown: number;
  unlinked: number;
  foreign: number;
  missing: number;
  /** Of `different`, those who were changed at the target. */
  handEdited: number;
  /** Those who keep what was changed at the target, where the policy wants it listed. */
  kept: number;
};

/** What the pages so far have brought. */
type Progress = {
  readonly counts: Counts;
  /** Ids of all listed accounts. */
  readonly seen: Set<string>;
  /** Paths of all attributes that the listing showed of anybody. */
  readonly shown: Set<string>;
  /** Who lacks attributes, and which: judged once it is known what the listing shows. */
  readonly lacking: Map<PersonKey, { readonly absent: readonly string[]; readonly drifts: readonly Drift[] }>;
  /** What is kept, judged then as well: what is not shown was not emptied by hand. */
  readonly kept: Drift[];
  readonly ledger: Ledger;
};

/** Name of the lease of whoever compares everybody at a target. */
export function reconcileLease(target: string): string {
  return `reconcile:${target}`;
}

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
  const begin = async (): Promise<Run> => ({
    ...(await deps.runs.get(id)),
    ...reconcileRun(id, target.name, deps.now()),
  });
  return await leasedRun(reconcileLease(target.name), deps, signal, begin, (run, _lease, until) =>
    compareAll(target, run, deps, until),
  );
}

async function compareAll(target: Target, run: Run, deps: ReconcileDeps, signal: AbortSignal): Promise<Run> {
  const so = begun();
  const { counts } = so;
  const problem = await listAll(target, run, so, deps, signal);
  if (signal.aborted) return { ...run, state: 'failed', counts, reason: problem ?? 'stopped' };
  const leftOut = await judgeLacking(target.name, so, deps);
  if (problem !== null) return { ...run, state: 'failed', counts, reason: problem };
  noteDrifts(so.ledger, shownOf(so.kept, so.shown));
  const ended = await afterCompleteListing(target.name, run, so, deps);
  await deps.drift.replace(target.name, foundIn(so.ledger, run.id, deps.now()));
  return leftOut === null ? ended : { ...ended, reason: ended.reason ?? leftOut };
}

function begun(): Progress {
  const nobody = { listed: 0, asWanted: 0, different: 0, notShown: 0, unlinked: 0, foreign: 0, missing: 0 };
  const counts = { ...nobody, handEdited: 0, kept: 0 };
  const found = { lacking: new Map(), kept: [], ledger: emptyLedger() };
  return { counts, seen: new Set(), shown: new Set(), ...found };
}

/** @returns null where the listing is complete, else why it is not */
async function listAll(
  target: Target,
  run: Run,
  so: Progress,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    for await (const item of target.list(listCall(signal, deps))) {
      if (item.kind === 'page') await comparePage(item.accounts, target.name, so, deps);
      else return item.complete ? null : incomplete(item.problem, target.name, run, deps);
    }
    return 'the listing has no end';
  } catch (error) {
    const expected =
      error instanceof TargetUnavailable || error instanceof TargetUnusable || error instanceof Refused;
    if (!expected && !signal.aborted) throw error;
    return expected ? error.message : 'stopped';
  }
}

/** Nothing follows from it about who is missing (O-15), but somebody should know why. */
function incomplete(problem: string, target: string, run: Run, { signals }: ReconcileDeps): string {
  const reason = `incomplete listing: ${problem}`;
  signals.alert({ kind: 'listing-incomplete', run: run.id, target, reason });
  return reason;
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
  so: Progress,
  deps: ReconcileDeps,
): Promise<void> {
  const { counts, seen, shown } = so;
  counts.listed += accounts.length;
  for (const { id, user } of accounts) {
    seen.add(id);
    noteShown(user, shown);
  }
  const comparisons = await Promise.all(accounts.map((account) => compareAccount(account, target, deps)));
  for (const comparison of comparisons) {
    counts[comparison.kind] += 1;
    note(comparison, so);
    if ('person' in comparison) {
      const lane = comparison.kind === 'different' && comparison.losesAccess ? 'leaver' : 'bulk';
      await makeDue(comparison.person, lane, target, deps);
    }
  }
}

function note(comparison: Comparison, { lacking, kept, ledger }: Progress): void {
  if (comparison.kind === 'foreign') {
    noteUnknown(ledger, comparison.account);
    return;
  }
  const sure = comparison.drifts.filter(({ why }) => why !== 'kept');
  kept.push(...comparison.drifts.filter(({ why }) => why === 'kept'));
  if (comparison.kind === 'notShown')
    lacking.set(comparison.owner, { absent: comparison.absent, drifts: sure });
  else noteDrifts(ledger, sure);
}

/**
 * Who lacks something that the listing shows of others is different. Where it shows it of nobody, a few are looked at
 * by id; to ask for everybody would spend the budget on accounts that are right (invariant 7).
 * @returns what was not compared, in words; null where everything was
 */
async function judgeLacking(target: string, so: Progress, deps: ReconcileDeps): Promise<string | null> {
  const { counts, shown, lacking, ledger } = so;
  const isShown = (absent: readonly string[]) => absent.some((path) => shown.has(path.toLowerCase()));
  const hidden = [...lacking.values()].map(({ absent }) => absent).filter((absent) => !isShown(absent));
  const few = hidden.length <= removalLimit(counts.listed, deps.guard);
  for (const [key, { absent, drifts }] of lacking) {
    if (!few && !isShown(absent)) continue;
    counts.notShown -= 1;
    counts.different += 1;
    noteDrifts(ledger, drifts);
    await makeDue(key, 'bulk', target, deps);
  }
  if (few) return null;
  return `the listing does not show ${[...new Set(hidden.flat())].sort().join(', ')}; not compared`;
}

/** Linked accounts that a complete listing did not name. Many at once say more about the target than about people. */
async function afterCompleteListing(
  target: string,
  run: Run,
  { seen, counts, ledger }: Progress,
  deps: ReconcileDeps,
): Promise<Run> {
  // A scan may name a link twice.
  const linked = new Set<PersonKey>();
  const unseen = new Map<PersonKey, string>();
  for await (const links of deps.links.scan(target)) {
    for (const { key, id, confirmedAt } of links) {
      linked.add(key);
      if (!seen.has(id) && confirmedAt < run.startedAt) unseen.set(key, id);
    }
  }
  const missing = [...unseen.keys()];
  for (const [person, account] of unseen)
    noteDrifts(ledger, [{ why: 'missing', person, account, differences: [] }]);
  counts.missing = missing.length;
  counts.handEdited = ledger.counts['hand-edit'];
  counts.kept = ledger.counts.kept;
  const limit = removalLimit(linked.size, deps.guard);
  if (missing.length > limit) {
    const reason = `${missing.length} of ${linked.size} linked accounts are not at the target, more than the ${limit} that are looked after by themselves`;
    deps.signals.alert({ kind: 'accounts-missing', run: run.id, target, reason });
    return { ...run, state: 'failed', counts, reason };
  }
  for (const key of missing) await makeDue(key, 'bulk', target, deps);
  return { ...run, state: 'ok', counts };
}

/** Always with a fresh look: what was just listed is newer than any account or look-up that is remembered. */
async function makeDue(key: PersonKey, lane: Lane, target: string, deps: ReconcileDeps): Promise<void> {
  await deps.due.mark(target, key, { lane, fresh: true }, deps.now());
  await deps.bell.ring(target, key, lane);
}

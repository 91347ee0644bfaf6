/**
 * Gathers what a comparison of everybody finds, to be kept when it is over. It holds so many entries at most and counts
 * the rest: at a target that is wrong altogether the list would tell no more than its beginning.
 */
import type { Drift, DriftFound, DriftReason, UnknownAccount } from '../../store/ports/index.ts';

/** Entries of each of the two lists. docs/api.md says so, too. */
export const MOST_LISTED = 10_000;

export type Ledger = {
  readonly drifts: Drift[];
  readonly unknownAccounts: UnknownAccount[];
  readonly counts: Record<DriftReason, number>;
  unknown: number;
};

export function emptyLedger(): Ledger {
  const counts = { 'hand-edit': 0, source: 0, kept: 0, missing: 0, unlinked: 0 };
  return { drifts: [], unknownAccounts: [], counts, unknown: 0 };
}

export function noteDrifts(ledger: Ledger, drifts: readonly Drift[]): void {
  for (const drift of drifts) {
    ledger.counts[drift.why] += 1;
    if (ledger.drifts.length < MOST_LISTED) ledger.drifts.push(drift);
  }
}

export function noteUnknown(ledger: Ledger, account: UnknownAccount): void {
  ledger.unknown += 1;
  if (ledger.unknownAccounts.length < MOST_LISTED) ledger.unknownAccounts.push(account);
}

/** What is kept of it. @param run that has found it */
export function foundIn(ledger: Ledger, run: string, at: Date): DriftFound {
  const { drifts, unknownAccounts, counts, unknown } = ledger;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const notListed = { drifts: all - drifts.length, unknownAccounts: unknown - unknownAccounts.length };
  const summary = { run, at: at.toISOString(), drifts: counts, unknownAccounts: unknown, notListed };
  return { summary, drifts, unknownAccounts };
}

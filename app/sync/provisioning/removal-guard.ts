/**
 * Stands before each removal: lets it pass, or holds it for an operator. Removals that a read would cause together
 * are judged with their run before they get here (`announce.ts`, `absences.ts`); this guard catches those that come one
 * by one, from events or a changed mapping. Both count in one window (`removal-window.ts`).
 */

import { sourceOfKey, type WorkKey } from '../../person/anchor.ts';
import { isRemoval, type Plan } from '../../plan/decision.ts';
import type { GuardRun, Holds, Runs, Standing } from '../../store/ports/index.ts';
import { letGo } from '../reading/superseded.ts';
import { admitRemovals, type TooMany } from '../removal-window.ts';
import type { Signals } from '../signals.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** @returns null where the plan may be carried out, else why it waits */
export async function holdReason(decided: Plan, work: Work, deps: ProvisionDeps): Promise<string | null> {
  const { holds, target } = deps;
  if (!isRemoval(decided)) {
    await letGo(target.name, work.key, deps);
    return null;
  }
  const [standing = { kind: 'free' } as const] = await holds.standings(target.name, [work.key]);
  if (standing.kind === 'expired') {
    return await holdInGuardRun(undecidedInWords(target.name), work.key, deps);
  }
  const reason = standingReason(standing);
  if (reason === 'approved') return null;
  return reason === 'free' ? await admit(work, deps) : reason;
}

/** @returns why a removal waits that somebody has seen in a plan: another operator has said no to it; else null */
export async function rejectionReason(
  { target, key }: { readonly target: string; readonly key: WorkKey },
  holds: Holds,
): Promise<string | null> {
  const [standing] = await holds.standings(target, [key]);
  return standing?.kind === 'rejected' ? standingReason(standing) : null;
}

/** Of what has expired: it may not slip through a limit that has room by now. */
export function undecidedInWords(target: string): string {
  return `removals at ${target} about which nobody decided`;
}

/** @returns `free` where the limits decide, `approved`, or why the removal waits */
export function standingReason(standing: Standing): string {
  switch (standing.kind) {
    case 'free':
    case 'expired':
      return 'free';
    case 'approved':
      return 'approved';
    case 'held':
      return `held with run ${standing.run} until an operator releases it`;
    case 'rejected': {
      const { actor, at, run } = standing.rejection;
      return `rejected by ${actor} at ${at}: it stays as it is, unless it is released from run ${run} after all`;
    }
  }
}

async function admit(work: Work, deps: ProvisionDeps): Promise<string | null> {
  const { target, identities, policy } = deps;
  const { guard } = policy;
  const entry = guard.group === undefined ? undefined : (await identities.get(work.key))?.entry;
  const leaving = { key: work.key, source: sourceOfKey(work.key), ...(entry === undefined ? {} : { entry }) };
  const [tooMany] = await admitRemovals(target.name, [leaving], { ...deps, guard });
  return tooMany === undefined
    ? null
    : await holdInGuardRun(tooManyInWords(tooMany, target.name), work.key, deps);
}

function tooManyInWords({ before, group }: TooMany, target: string): string {
  if (group === null) return `more than ${before} removals at ${target} within the guard's window`;
  return `more than ${before} of the ${group.members} members of group ${group.name} removed at ${target} within the guard's window`;
}

export type GuardRunDeps = {
  readonly target: { readonly name: string };
  readonly holds: Holds;
  readonly runs: Runs;
  readonly signals: Signals;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** All removals over a limit wait in one run a target, so that an operator decides about them together. */
export async function holdInGuardRun(reason: string, key: WorkKey, deps: GuardRunDeps): Promise<string> {
  const { target, signals, now, newId } = deps;
  const begun: GuardRun = {
    id: newId(),
    kind: 'guard',
    state: 'held',
    startedAt: now().toISOString(),
    target: target.name,
    reason,
    counts: {},
    releasable: true,
  };
  const run = await putInGuardRun(begun, key, deps);
  await countHeld(run, deps);
  if (run === begun.id) signals.alert({ kind: 'removals-held', run, target: target.name, reason });
  return `held with run ${run}: ${reason}`;
}

/** A run that ends between being found and holding the person is opened again, or the one after it is taken. */
async function putInGuardRun(begun: GuardRun, key: WorkKey, deps: GuardRunDeps): Promise<string> {
  const { runs, holds } = deps;
  const { target } = begun;
  const removal = { key, target };
  for (let run = await runs.openGuard(begun); ; ) {
    await holds.put(run.id, [removal]);
    const open = await runs.openGuard({ ...run, kind: 'guard', state: 'held', target });
    if (open.id === run.id) return run.id;
    await holds.drop(run.id, [removal]);
    run = open;
  }
}

async function countHeld(id: string, { runs, holds }: GuardRunDeps): Promise<void> {
  for (;;) {
    const run = await runs.get(id);
    if (run?.state !== 'held') return;
    const counts = { ...run.counts, held: await holds.size(id) };
    if (await runs.replace(run, { ...run, counts })) return;
  }
}

/**
 * Stands before each removal: lets it pass, or holds it for an operator. Removals that a read would cause together
 * are held with their run before they get here (`announce.ts`, `absences.ts`); this guard catches those that come one
 * by one, from events or a changed mapping, by counting them over a moving window.
 */

import { isRemoval, type Plan } from '../../plan/decision.ts';
import { removalLimit } from '../../plan/guard.ts';
import { letGo } from '../reading/superseded.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** @returns null where the plan may be carried out, else why it waits */
export async function holdReason(decided: Plan, work: Work, deps: ProvisionDeps): Promise<string | null> {
  const { holds, target, tallies, links, policy, now } = deps;
  if (!isRemoval(decided)) {
    await letGo(target.name, work.key, deps);
    return null;
  }
  if (await holds.isApproved(target.name, work.key)) return null;
  const run = await holds.heldBy(target.name, work.key);
  if (run !== null) return `held with run ${run} until an operator releases it`;
  const limit = removalLimit(await links.countActive(target.name), policy.guard);
  const tally = removalsTally(target.name);
  const { admitted, count } = await tallies.admit(tally, work.key, limit, policy.guard.windowMs, now());
  return admitted ? null : await holdInGuardRun(count, work, deps);
}

/** Name of the count of removals at a target. */
export function removalsTally(target: string): string {
  return `removals:${target}`;
}

/** All removals over the limit wait in one run a target, so that an operator decides about them together. */
async function holdInGuardRun(admitted: number, work: Work, deps: ProvisionDeps): Promise<string> {
  const { runs, target, signals, holds, now, newId } = deps;
  const open = (await runs.list({ state: 'held', kind: 'guard', limit: 1_000 })).find(
    (run) => run.target === target.name,
  );
  const reason = `more than ${admitted} removals at ${target.name} within the guard's window`;
  const run = open ?? {
    id: newId(),
    kind: 'guard' as const,
    state: 'held' as const,
    startedAt: now().toISOString(),
    target: target.name,
    reason,
    counts: {},
    releasable: true,
  };
  // A run that is new stands before it holds anybody; one that was just released in between is held again.
  if (open === undefined) await runs.put(run);
  await holds.put(run.id, [{ key: work.key, target: target.name }]);
  await runs.put({ ...run, counts: { held: await holds.size(run.id) } });
  if (open === undefined) signals.alert({ kind: 'removals-held', run: run.id, target: target.name, reason });
  return `held with run ${run.id}: ${reason}`;
}

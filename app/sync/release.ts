/** An operator's word that held removals are right: they pass the guard once. */
import type { Run, Runs } from '../store/ports/index.ts';
import { absorbAbsence } from './absorb.ts';
import { type AnnounceDeps, markDue } from './announce.ts';

export type Released =
  | { readonly kind: 'released'; readonly run: Run }
  | { readonly kind: 'not-found' }
  /** `why` tells the operator what to do instead. */
  | { readonly kind: 'not-held'; readonly why: string };

/** @param actor who released it, for the record */
export async function releaseRun(
  id: string,
  actor: string,
  deps: AnnounceDeps & { readonly runs: Runs },
): Promise<Released> {
  const run = await deps.runs.get(id);
  if (run === null) return { kind: 'not-found' };
  if (run.state !== 'held') return { kind: 'not-held', why: `this run is ${run.state}, nothing of it waits` };
  if (run.releasable !== true) {
    return {
      kind: 'not-held',
      why: 'the read was incomplete, so nobody knows who is gone: mend the cause and let it run again',
    };
  }
  // The hold ends last: whatever breaks off before, the release can be repeated.
  const removals = await deps.holds.approve(id);
  for (const { key, absence } of removals) {
    if (absence !== undefined) await absorbAbsence(key, absence, deps);
  }
  for (const key of new Set(removals.map((removal) => removal.key))) {
    await markDue(key, key.slice(0, key.indexOf(':')), { lane: 'interactive' }, deps);
  }
  const released: Run = { ...run, state: 'released', actor };
  await deps.holds.drop(id);
  await deps.runs.put(released);
  return { kind: 'released', run: released };
}

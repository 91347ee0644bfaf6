/** An operator's word that held removals are right: they pass the guard once. */
import type { PersonKey } from '../../person/anchor.ts';
import type { Run, Runs } from '../../store/ports/index.ts';
import { type AnnounceDeps, markDue } from '../announce.ts';
import { absorbAbsence } from './absorb.ts';
import { endHeld } from './superseded.ts';

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
  await deps.runs.put({ ...run, actor });
  const removals = await deps.holds.approve(id);
  for (const { target, key, absence } of removals) {
    if (absence === undefined) continue;
    // A sweep that comes in between takes the approval back: it knows better.
    const approved = await deps.holds.isApproved(target, key);
    if (approved && !(await seenSince(key, run, deps))) await absorbAbsence(key, absence, deps);
  }
  for (const key of new Set(removals.map((removal) => removal.key))) {
    await markDue(key, { lane: 'leaver' }, deps);
  }
  // Only what was approved: who came to the run meanwhile waits for a release of their own.
  await deps.holds.drop(id, removals);
  return { kind: 'released', run: await endHeld({ ...run, actor }, 'released', deps) };
}

/** Whoever a later read told of is not gone, whatever the held one did not name; the next sweep decides anew. */
async function seenSince(key: PersonKey, run: Run, deps: AnnounceDeps): Promise<boolean> {
  const identity = await deps.identities.get(key);
  return identity !== null && run.endedAt !== undefined && identity.observedAt > run.endedAt;
}

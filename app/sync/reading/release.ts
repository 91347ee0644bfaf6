/**
 * An operator's word about removals that a run holds: right, so that they pass the guard once, or wrong, so that the
 * accounts stay as they are; about all of them or some. Who decided, when and why stands in each person's provisioning
 * log.
 */
import { isGroupKey, type PersonKey, type WorkKey } from '../../person/anchor.ts';
import type { HeldRemoval, LogLine, ProvisioningLog, Run, Runs } from '../../store/ports/index.ts';
import { type AnnounceDeps, markDue } from '../announce.ts';
import { markGroupDue } from '../groups/mark-groups.ts';
import { absorbAbsence } from './absorb.ts';
import { endHeld, isAbsence } from './superseded.ts';

export type Decision = {
  /** Who decides, for the record. */
  readonly actor: string;
  readonly reason: string;
  /** About these alone; absent: about everything that waits in the run. */
  readonly people?: ReadonlySet<WorkKey>;
};

export type DecisionDeps = AnnounceDeps & {
  readonly runs: Runs;
  readonly provisioningLog: ProvisioningLog;
};

export type NotDecided =
  | { readonly kind: 'not-found' }
  /** `why` tells the operator what to do instead. */
  | { readonly kind: 'not-held'; readonly why: string };

export type Released = { readonly kind: 'released'; readonly run: Run } | NotDecided;
export type Rejected = { readonly kind: 'rejected'; readonly run: Run } | NotDecided;

/** Lets removals go. Named people may have been rejected before, in a run that is over. */
export async function releaseRun(id: string, decision: Decision, deps: DecisionDeps): Promise<Released> {
  const { people } = decision;
  const found = await undecided(id, 'release', decision, deps);
  if (!('id' in found)) return found;
  // The hold ends last: whatever breaks off before, the release can be repeated.
  const run = decidedOn(found, decision);
  if (!(await deps.runs.replace(found, run))) return await releaseRun(id, decision, deps);
  const removals = await deps.holds.approve(id, people);
  for (const { target, key, absence } of removals.filter(isAbsence)) {
    // A sweep that comes in between takes the approval back: it knows better.
    const approved = await deps.holds.isApproved(target, key);
    if (approved && !(await seenSince(key, run, deps))) await absorbAbsence(key, absence, deps);
  }
  await log('approve', removals, id, decision, deps);
  await markAll(removals, deps);
  // Only what was approved: who came to the run meanwhile waits for a release of their own.
  await deps.holds.drop(id, removals);
  if (asksForMore(run, decision)) return { kind: 'released', run };
  return { kind: 'released', run: await endHeld(run, 'released', deps) };
}

async function markAll(removals: readonly HeldRemoval[], deps: DecisionDeps): Promise<void> {
  for (const key of new Set(removals.map((removal) => removal.key))) {
    if (isGroupKey(key)) await markGroupDue(key, { lane: 'leaver' }, deps);
    else await markDue(key, { lane: 'leaver' }, deps);
  }
}

/** Keeps the accounts as they are, until their people shall have access again or are released after all. */
export async function rejectRun(id: string, decision: Decision, deps: DecisionDeps): Promise<Rejected> {
  const { actor, reason, people } = decision;
  const found = await undecided(id, 'reject', decision, deps);
  if (!('id' in found)) return found;
  // Before anybody is taken out, so that no sweep judges those who are left as if they were all.
  const run = decidedOn(found, decision);
  if (!(await deps.runs.replace(found, run))) return await rejectRun(id, decision, deps);
  const meant = (await deps.holds.list(id)).filter(({ key }) => people === undefined || people.has(key));
  const rejection = { run: id, actor, at: deps.now().toISOString(), reason };
  const { rejected, emptied } = await deps.holds.reject(meant, rejection);
  await log('reject', rejected, id, decision, deps);
  for (const other of emptied) {
    const held = other === id ? null : await deps.runs.get(other);
    if (held?.state === 'held') await endHeld(held, 'superseded', deps);
  }
  if ((await deps.holds.size(id)) > 0 || asksForMore(run, decision)) return { kind: 'rejected', run };
  const decided: Run = { ...((await deps.runs.get(id)) ?? run), actor, note: reason };
  return { kind: 'rejected', run: await endHeld(decided, 'rejected', deps) };
}

/** The run, where what the decision is about waits in it, or was rejected and may be released after all. */
async function undecided(
  id: string,
  verdict: 'release' | 'reject',
  { people }: Decision,
  deps: DecisionDeps,
): Promise<Run | NotDecided> {
  const run = await deps.runs.get(id);
  if (run === null) return { kind: 'not-found' };
  if (run.state === 'running')
    return { kind: 'not-held', why: 'this run is still under way: wait for its end' };
  if (people !== undefined) {
    const rejected =
      verdict === 'reject' ? [] : (await deps.holds.rejected()).filter((hold) => hold.run === id);
    const open = [...(await deps.holds.list(id)), ...rejected.map(({ removal }) => removal)];
    const keys = new Set(open.map(({ key }) => key));
    const others = [...people].filter((key) => !keys.has(key));
    if (others.length === 0) return run;
    return { kind: 'not-held', why: `this run holds no removal of ${others.join(', ')}` };
  }
  if (run.state !== 'held') return { kind: 'not-held', why: `this run is ${run.state}, nothing of it waits` };
  if (run.releasable === true) return run;
  return {
    kind: 'not-held',
    why: 'the read was incomplete, so nobody knows who is gone: mend the cause and let it run again',
  };
}

/** The run with the word on it. One that waits for more than was decided has been decided in part only. */
function decidedOn(run: Run, decision: Decision): Run {
  if (asksForMore(run, decision)) return { ...run, partlyDecided: true };
  return { ...run, actor: decision.actor, note: decision.reason };
}

/** Whether a run waits for a word about missing groups as well, which no word about people is. */
function asksForMore({ counts }: Run, { people }: Decision): boolean {
  return people !== undefined && (counts['missingGroups'] ?? 0) > 0;
}

async function log(
  action: 'approve' | 'reject',
  removals: readonly HeldRemoval[],
  run: string,
  { actor, reason }: Decision,
  { provisioningLog, now }: DecisionDeps,
): Promise<void> {
  const at = now().toISOString();
  for (const { key, target } of removals) {
    const line: LogLine = { at, target, key, action, reason, actor, run, changes: [] };
    await provisioningLog.append(line);
  }
}

/** Whoever a later read told of is not gone, whatever the held one did not name; the next sweep decides anew. */
async function seenSince(key: PersonKey, run: Run, deps: DecisionDeps): Promise<boolean> {
  const identity = await deps.identities.get(key);
  return identity !== null && run.endedAt !== undefined && identity.observedAt > run.endedAt;
}

/**
 * How a piece of work is closed: its result recorded, the mark it served taken away, and the word passed on. Each
 * ends in exactly one of these.
 */
import { type Desired, isRemoval, type Plan } from '../../plan/decision.ts';
import { formatPath } from '../../scim/resource.ts';
import type { Link, LogLine, Served } from '../../store/ports/index.ts';
import { letGo } from '../reading/superseded.ts';
import { withoutEnd } from './ended.ts';
import type { Outcome } from './outcome.ts';
import { appliedBy } from './reviewed.ts';
import { shownPlan, shownWords } from './sensitive.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** Longest text of a refusal that is kept. */
const MAX_WORDS = 500;

/** The plan was carried out, or there was nothing to do. */
export async function finish(
  carried: Plan,
  accountId: string | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<Outcome> {
  const { target, due, deadLetters, signals, now } = deps;
  const at = now();
  const shown = shownPlan(carried, work);
  if (carried.action !== 'none') await record(carried, accountId, work, at, deps);
  await deadLetters.remove(target.name, work.key);
  const served: Served = {
    seq: work.mark.seq,
    at: at.toISOString(),
    state: carried.action === 'none' ? 'unchanged' : 'done',
    plan: shown,
    ...(accountId === null ? {} : { accountId }),
    ...waitingIn(work),
    again: nextMoment(work),
  };
  const moreDue = await due.serve(target.name, work.key, served, work.lease);
  const markedAt = new Date(work.mark.markedAt);
  signals.applied({ target: target.name, person: work.key, action: carried.action, markedAt, at });
  return { kind: 'done', plan: shown, moreDue };
}

/** What was written at the target stands in the log, whatever becomes of the rest. */
export async function record(
  carried: Plan,
  accountId: string | null,
  work: Work,
  at: Date,
  deps: ProvisionDeps,
): Promise<void> {
  await deps.provisioningLog.append(logLine(shownPlan(carried, work), accountId, work, at));
  // Whom no removal is due any more was let go before anything was written.
  if (isRemoval(carried)) await letGo(deps.target.name, work.key, deps);
}

/** The plan waits for an operator to release the run that holds it. */
export async function hold(decided: Plan, reason: string, work: Work, deps: ProvisionDeps): Promise<Outcome> {
  const { target, due, signals, now } = deps;
  const at = now().toISOString();
  const { seq } = work.mark;
  const shown = shownPlan(decided, work);
  const words = reason;
  const again = nextMoment(work);
  const served: Served = { seq, at, state: 'held', plan: shown, words, ...waitingIn(work), again };
  await due.serve(target.name, work.key, served, work.lease);
  signals.held({ target: target.name, person: work.key, reason });
  return { kind: 'held', plan: shown, reason };
}

/**
 * Puts a person on the dead-letter list, where they stay until something new is known of them or an operator sends
 * them again. Nothing is repeated by itself.
 */
export async function bury(
  why: { readonly status: number | null; readonly words: string; readonly decided: Plan | null },
  work: Work,
  deps: ProvisionDeps,
): Promise<Outcome> {
  const { target, deadLetters, due, signals, now } = deps;
  const at = now().toISOString();
  // What is cut off in the middle would not be recognised any more.
  const words = shownWords(why.words, work).slice(0, MAX_WORDS);
  const action = why.decided?.action ?? null;
  await deadLetters.put({ target: target.name, key: work.key, at, status: why.status, words, action });
  const plan: Plan =
    why.decided === null ? { action: 'none', reason: 'refused' } : shownPlan(why.decided, work);
  // What failed before anything was known of the time says nothing about it.
  const again = nextMoment(work);
  const served: Served = {
    seq: work.mark.seq,
    at,
    state: 'refused',
    plan,
    words,
    ...(again === null ? {} : { again }),
  };
  await due.serve(target.name, work.key, served, work.lease);
  signals.alert({ kind: 'dead-letter', target: target.name, person: work.key, reason: words });
  return { kind: 'refused', reason: words };
}

/**
 * An operator has to decide. Whoever shall have access needs no removal meanwhile, and the days until a deletion are over
 * for them: when they leave once more, they begin anew.
 */
export async function leaveToOperator(
  decided: Extract<Plan, { action: 'hold' }>,
  desired: Desired,
  link: Link | null,
  work: Work,
  deps: ProvisionDeps,
): Promise<Outcome> {
  if (desired.kind === 'account' && desired.user.active === true) {
    await letGo(work.target, work.key, deps);
    if (link?.endedAt !== undefined) await deps.links.put(withoutEnd(link), work.lease);
  }
  return await bury({ status: null, words: decided.reason, decided }, work, deps);
}

/** ISO 8601; null where nothing comes out otherwise by itself. */
function nextMoment({ moments }: Work): string | null {
  const times = moments.map((moment) => moment.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

function waitingIn({ waiting }: Work): Pick<Served, 'waiting'> {
  return waiting.length === 0 ? {} : { waiting };
}

function logLine(carried: Plan, accountId: string | null, work: Work, at: Date): LogLine {
  const differences = 'differences' in carried ? carried.differences : [];
  return {
    at: at.toISOString(),
    target: work.target,
    key: work.key,
    action: carried.action,
    reason: carried.reason,
    ...(accountId === null ? {} : { accountId }),
    ...appliedBy(work.reviewed),
    changes: differences.map(({ path, before, after }) => ({
      path: formatPath(path),
      before: before ?? null,
      after: after ?? null,
    })),
  };
}

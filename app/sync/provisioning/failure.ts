/** What to do about a failure at the target: the typed errors of `errors.ts` become Outcomes, in this one place. */
import { LeaseLost, Refused, rateLimitBehind, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { WorkKey } from '../../person/anchor.ts';
import type { Plan } from '../../plan/decision.ts';
import { bury } from './conclude.ts';
import type { Outcome, Paused } from './outcome.ts';
import { countAgainstTarget, type HealthDeps, pausedNow, targetAnswered } from './target-health.ts';
import { StillSettling } from './unsettled.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** How long to leave a person alone whom another process took over. */
const LOST_LEASE_PAUSE_MS = 1_000;

/** How much longer than the pause; a parked queue looks again within this time. */
const OTHERS_FIRST_MS = 5_000;

/** @param lastAttempt no further attempt will be made: what would be retried is given up and shown to an operator */
export async function failed(
  error: unknown,
  work: Work,
  lastAttempt: boolean,
  deps: ProvisionDeps,
): Promise<Outcome> {
  const attempt: Attempt<Plan> = {
    key: work.key,
    isLast: lastAttempt,
    giveUp: (status, words) => bury({ status, words, decided: null }, work, deps),
  };
  return await failedAttempt(error, attempt, { ...deps, breakerThreshold: deps.policy.breakerThreshold });
}

/** One attempt at a piece of work. `giveUp` shows it to an operator; nothing is repeated by itself then. */
export type Attempt<P> = {
  readonly key: WorkKey;
  readonly isLast: boolean;
  readonly giveUp: (status: number | null, words: string) => Promise<Outcome<P>>;
};

type Deps = HealthDeps & { readonly breakerThreshold: number };

export async function failedAttempt<P>(error: unknown, attempt: Attempt<P>, deps: Deps): Promise<Outcome<P>> {
  const limit = rateLimitBehind(error);
  if (limit !== null) return { kind: 'limited', until: limit.until };
  if (error instanceof LeaseLost) {
    return { kind: 'busy', until: new Date(deps.now().getTime() + LOST_LEASE_PAUSE_MS) };
  }
  if (error instanceof Refused) {
    await targetAnswered(attempt.key, deps);
    return await attempt.giveUp(error.status, error.words);
  }
  if (error instanceof TargetUnusable) {
    await countAgainstTarget(error.message, 1, deps);
    return (await standAside(deps)) ?? { kind: 'retry', reason: error.message, notBefore: null };
  }
  if (error instanceof TargetUnavailable) {
    if (!(error instanceof StillSettling)) {
      await countAgainstTarget(error.message, deps.breakerThreshold, deps);
    }
    return await retryOrGiveUp(error, attempt, deps);
  }
  // A surprise is never taken for success; its text may hold anything, so an operator is shown its name only.
  if (!attempt.isLast) throw error;
  const name = error instanceof Error ? error.name : typeof error;
  return await attempt.giveUp(null, `internal error (${name}), see the log`);
}

/**
 * Whoever failed while the target is paused lets others be the next probe: were it always the same person, one whom
 * the target cannot digest would keep it paused for everybody.
 */
async function standAside(deps: HealthDeps): Promise<Paused | null> {
  const paused = await pausedNow(deps);
  if (paused === null) return null;
  return { ...paused, standsAsideUntil: new Date(paused.until.getTime() + OTHERS_FIRST_MS) };
}

/** While the target is paused a failure is the target's, not this person's: it costs no attempt. */
async function retryOrGiveUp<P>(
  error: TargetUnavailable,
  attempt: Attempt<P>,
  deps: HealthDeps,
): Promise<Outcome<P>> {
  const paused = await standAside(deps);
  if (paused !== null) return paused;
  if (!attempt.isLast) return { kind: 'retry', reason: error.message, notBefore: error.notBefore };
  const words = error.words === null ? error.message : `${error.message}: ${error.words}`;
  return await attempt.giveUp(null, `gave up: ${words}`);
}

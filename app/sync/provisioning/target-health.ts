/** Whether a target as a whole is in order: failures in a row pause it, a proper answer lets it go on. */
import type { WorkKey } from '../../person/anchor.ts';
import type { Paused } from './outcome.ts';
import type { ProvisionDeps } from './work.ts';

/** What is needed to judge a target, whatever the work there is about. */
export type HealthDeps = Pick<ProvisionDeps, 'breakers' | 'signals' | 'bell' | 'now'> & {
  readonly target: { readonly name: string };
};

/** A failure that says something about the target, not about one piece of work. Pauses it at `threshold` in a row. */
export async function countAgainstTarget(reason: string, threshold: number, deps: HealthDeps): Promise<void> {
  const { breakers, target, signals, now } = deps;
  const opened = await breakers.fail(target.name, reason, threshold, now());
  if (opened) signals.alert({ kind: 'target-paused', target: target.name, reason });
}

/** The target answered this work as it should, be it with a refusal. */
export async function targetAnswered(key: WorkKey, deps: HealthDeps): Promise<void> {
  const { breakers, target, signals, bell } = deps;
  if (!(await breakers.succeed(target.name, key))) return;
  signals.targetResumed(target.name);
  await bell.unpark(target.name);
}

/** The outcome for work that a paused target cannot take; null while it is not paused. */
export async function pausedNow(deps: HealthDeps): Promise<Paused | null> {
  const open = await deps.breakers.view(deps.target.name);
  return open === null ? null : { kind: 'paused', reason: open.reason, until: new Date(open.until) };
}

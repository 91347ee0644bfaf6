/** Whether a target as a whole is in order: failures in a row pause it, a proper answer lets it go on. */
import type { PersonKey } from '../../person/anchor.ts';
import type { Paused } from './outcome.ts';
import type { ProvisionDeps } from './work.ts';

/** A failure that says something about the target, not about one person. Pauses it at `threshold` in a row. */
export async function countAgainstTarget(
  reason: string,
  threshold: number,
  deps: ProvisionDeps,
): Promise<void> {
  const { breakers, target, signals, now } = deps;
  const opened = await breakers.fail(target.name, reason, threshold, now());
  if (opened) signals.alert({ kind: 'target-paused', target: target.name, reason });
}

/** The target answered the work for this person as it should, be it with a refusal. */
export async function targetAnswered(key: PersonKey, deps: ProvisionDeps): Promise<void> {
  const { breakers, target, signals, bell } = deps;
  if (!(await breakers.succeed(target.name, key))) return;
  signals.targetResumed(target.name);
  await bell.unpark(target.name);
}

/** The outcome for work that a paused target cannot take; null while it is not paused. */
export async function pausedNow(deps: ProvisionDeps): Promise<Paused | null> {
  const open = await deps.breakers.view(deps.target.name);
  return open === null ? null : { kind: 'paused', reason: open.reason, until: new Date(open.until) };
}

/**
 * A create whose answer was lost may take effect until its time is over. Until then nobody knows whether there is an
 * account: it is not made again, and a leaver is not taken to have none.
 */
import { TargetUnavailable } from '../../errors.ts';
import type { Mapping } from '../../mapping/mapping.ts';
import type { Known } from '../../plan/decision.ts';
import type { Intent } from '../../store/ports/index.ts';
import { lookUp } from './correlate.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** Says nothing against the target, which has answered: it is we who have to wait. */
export class StillSettling extends TargetUnavailable {
  override name = 'StillSettling';
}

/** @throws StillSettling */
export function waitUntilSettled(
  intent: Pick<Intent, 'openedAt'> | null,
  deps: { readonly policy: Pick<ProvisionDeps['policy'], 'settleMs'>; readonly now: () => Date },
): void {
  if (intent === null) return;
  const settledAt = new Date(Date.parse(intent.openedAt) + deps.policy.settleMs);
  if (deps.now() >= settledAt) return;
  throw new StillSettling('an earlier create may still take effect', { notBefore: settledAt });
}

/** Looks for the account that a lost create may have made, under the names that were sent then. */
export async function lookUpUnsettled(
  intent: Intent,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<Known> {
  const known = await lookUp(intent.user, mapping, work, deps);
  if (known.kind === 'nothing') waitUntilSettled(intent, deps);
  return known;
}

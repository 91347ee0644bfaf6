/**
 * A linked account that the target no longer has. One is somebody's clean-up, and is looked for and made again
 * (O-12 a to c); many at once mean that the target itself is in doubt, and nothing is made again (O-12 f).
 */
import { TargetUnusable } from '../../errors.ts';
import { removalLimit } from '../../plan/guard.ts';
import type { Link } from '../../store/ports/index.ts';
import type { ProvisionDeps, Work } from './work.ts';

/** Name of the count of accounts that were gone from a target. */
export function vanishedTally(target: string): string {
  return `vanished:${target}`;
}

/** @throws TargetUnusable where more accounts are gone than the guard lets go by themselves; the link stays */
export async function forgetVanished(link: Link, work: Work, deps: ProvisionDeps): Promise<void> {
  const { tallies, links, target, policy, now } = deps;
  const limit = removalLimit(await links.countActive(target.name), policy.guard);
  const tally = vanishedTally(target.name);
  const { admitted, count } = await tallies.admit(tally, work.key, limit, policy.guard.windowMs, now());
  if (!admitted) {
    throw new TargetUnusable('misconfigured', `more than ${count} linked accounts are gone from the target`);
  }
  await links.drop(link, work.lease);
}

/**
 * The account of somebody who is linked to none. Look-ups cost requests: a leaver is looked for only where a create of
 * ours may have gone through unseen. Such an account carries the names that were sent then, whatever the mapping says by
 * now.
 */
import type { Mapping } from '../../mapping/mapping.ts';
import type { Known } from '../../plan/decision.ts';
import type { Wanted } from '../desired.ts';
import { lookUp, lookUpOnce } from './correlate.ts';
import { lookUpUnsettled } from './unsettled.ts';
import type { ProvisionDeps, Work } from './work.ts';

export async function findUnlinked(
  want: Extract<Wanted, { kind: 'known' }>,
  mapping: Mapping,
  work: Work,
  deps: ProvisionDeps,
): Promise<Known> {
  const intent = await deps.intents.get(work.target, work.key);
  if (want.desired.kind === 'account') {
    const { user } = want.desired;
    // After a create whose answer was lost, or where somebody asks for a fresh look, nothing older is believed.
    const look = intent !== null || work.mark.fresh ? lookUp : lookUpOnce;
    const known = await look(user, mapping, work, deps);
    const renamed = intent !== null && intent.user.userName !== user.userName;
    return known.kind === 'nothing' && renamed ? await lookUpUnsettled(intent, mapping, work, deps) : known;
  }
  if (intent === null) return { kind: 'nothing' };
  const known = await lookUpUnsettled(intent, mapping, work, deps);
  if (known.kind === 'nothing') await deps.intents.settle(work.target, work.key);
  if (known.kind !== 'found') return known;
  return { kind: 'linked', account: known.account, previous: { userName: known.account.user.userName } };
}

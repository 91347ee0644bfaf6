/** What becomes of the account of somebody who shall have none: gone from the source, or out of the mapping's scope. */
import type { AccountPolicy } from '../mapping/policy.ts';
import { type Desired, type Known, type Plan, whichAccount } from './decision.ts';

export function planLeaver(
  { reason }: Extract<Desired, { kind: 'leaver' }>,
  known: Known,
  _policy: AccountPolicy,
  _now: Date,
): Plan {
  if (known.kind === 'ambiguous') return { action: 'hold', reason: known.reason };
  if (known.kind !== 'linked') return { action: 'none', reason: `${reason}, and no account is linked` };
  const { account } = known;
  if (account.user.active === false)
    return {
      action: 'none',
      reason: `${reason}, already inactive`,
      asked: { ...known.previous, active: false },
    };
  return {
    action: 'deactivate',
    reason,
    ...whichAccount(account),
    user: { ...known.previous, active: false },
    asked: { ...known.previous, active: false },
    kept: [],
    differences: [{ path: ['active'], before: account.user.active, after: false }],
  };
}

/**
 * What becomes of the account of somebody who shall have none: gone from the source, or out of the mapping's scope, or
 * inactive where the mapping wants more than to switch off. The mapping's `lifecycle` says which.
 *
 *   lifecycle      account active                  account switched off
 *   ────────────   ─────────────────────────────   ──────────────────────────────────
 *   deactivate     deactivate                      none
 *   delete         delete                          delete
 *   delete-after   deactivate, and look again      none until the days are over, then delete
 *   leave          none                            none
 *
 * An account is never deleted but where the mapping says so; with `delete-after` it is always switched off first, and
 * the days begin anew where somebody has switched it on again (design.md, invariant 4). Of somebody who was inactive long
 * before they left, they count from when they left.
 */
import type { AccountPolicy, EndOfAccess } from '../mapping/policy.ts';
import { type Desired, type Known, type Plan, whichAccount } from './decision.ts';

const DAY_MS = 86_400_000;

type Linked = Extract<Known, { kind: 'linked' }>;
type Leaver = Extract<Desired, { kind: 'leaver' }>;

export function planLeaver(leaver: Leaver, known: Known, policy: AccountPolicy, now: Date): Plan {
  const { reason } = leaver;
  const end = policy.lifecycle[leaver.why];
  if (end.kind === 'leave') return { action: 'none', reason: `${reason}, and left as it is by the mapping` };
  if (known.kind === 'ambiguous') return { action: 'hold', reason: known.reason };
  if (known.kind !== 'linked') return { action: 'none', reason: `${reason}, and no account is linked` };
  if (end.kind === 'delete') return deletion(reason, known);
  if (known.account.user.active === false) {
    const off: Plan = {
      action: 'none',
      reason: `${reason}, already inactive`,
      asked: { ...known.previous, active: false },
    };
    return afterGrace(off, end, leaver, known, now);
  }
  return afterGrace(switchedOff(reason, known), end, leaver, known, now);
}

/**
 * Deletes an account whose days are over, and says of any other when to look again.
 * @param meanwhile what is done until then: nothing, or what switches it off
 */
export function afterGrace(
  meanwhile: Plan,
  end: EndOfAccess,
  { reason, since }: Pick<Leaver, 'reason' | 'since'>,
  known: Known,
  now: Date,
): Plan {
  const days = daysOf(end);
  if (days === null) return meanwhile;
  if (known.kind !== 'linked' && known.kind !== 'found') return meanwhile;
  const isOff = known.kind === 'linked' && known.account.user.active === false;
  const ended = isOff && known.endedAt !== undefined ? Date.parse(known.endedAt) : now.getTime();
  const left = since === undefined ? ended : Date.parse(since);
  const until = Math.max(ended, left) + days * DAY_MS;
  if (isOff && now.getTime() >= until) return deletion(`${reason}, and the ${days} days are over`, known);
  return { ...meanwhile, again: new Date(until).toISOString() };
}

/** After how many days an account goes for good; null where it stays. */
function daysOf(end: EndOfAccess): number | null {
  if (end.kind === 'delete-after') return end.days;
  return end.kind === 'delete' ? 0 : null;
}

function switchedOff(reason: string, { account, previous }: Linked): Plan {
  return {
    action: 'deactivate',
    reason,
    ...whichAccount(account),
    user: { ...previous, active: false },
    asked: { ...previous, active: false },
    kept: [],
    differences: [{ path: ['active'], before: account.user.active, after: false }],
  };
}

function deletion(reason: string, { account }: Linked): Plan {
  return { action: 'delete', reason, ...whichAccount(account) };
}

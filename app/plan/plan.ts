/**
 * The decision for one person at one target: a pure, total function that explains itself. It knows no clock, log,
 * store or network, and it never decides how many removals are too many (that is the guard's, `guard.ts`).
 *
 *   desired \ known     nothing    found, not linked    linked, active     linked, inactive   ambiguous
 *   ─────────────────   ────────   ──────────────────   ────────────────   ────────────────   ─────────
 *   account, active     create     adopt                update or none     reactivate         hold
 *   account, inactive   none       adopt, switched off  deactivate         update or none     hold
 *   account, unknown    hold       adopt                update or none     update or none     hold
 *   leaver              none       none                 deactivate         none               hold
 *
 * "unknown": the mapping could not tell whether the person is active. Such an account keeps what it has, and none is
 * made, because a target's default for a new account is *active* (O-07 n). A leaver whom we never linked is left
 * alone: that account is not ours. One is looked for only where a create of ours got no answer; if it cannot be said
 * which account that made, it may be active, and somebody has to look.
 */
import type { AccountPolicy } from '../mapping/policy.ts';
import { planAccount } from './account.ts';
import type { Desired, Known, Plan } from './decision.ts';
import { planLeaver } from './leaver.ts';

/** Decides what to do about one person. See the table above. */
export function plan(desired: Desired, known: Known, policy: AccountPolicy, now: Date): Plan {
  switch (desired.kind) {
    case 'leaver':
      return planLeaver(desired, known, policy, now);
    case 'account':
      return planAccount(desired.user, known, policy, now);
    case 'protected':
      return { action: 'none', reason: desired.reason };
  }
}

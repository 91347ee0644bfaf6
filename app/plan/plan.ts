/**
 * The decision for one person at one target: a pure, total function that explains itself. It knows no clock, log,
 * store or network, and it never decides how many removals are too many (that is the guard's, `guard.ts`).
 *
 *   desired \ known     nothing    found, not linked    linked, active     linked, inactive   ambiguous
 *   ─────────────────   ────────   ──────────────────   ────────────────   ────────────────   ─────────
 *   account, active     create     adopt (3)            update or none     reactivate (3)     hold
 *   account, inactive   none (1)   adopt, switched off  deactivate (2)     update or none     hold
 *   account, unknown    hold       adopt                update or none     update or none     hold
 *   leaver              none       none                 deactivate (2)     none (2)           hold
 *   protected           none       none                 none               none               none
 *
 * "unknown": the mapping could not tell whether the person is active. Such an account keeps what it has, and none is
 * made, because a target's default for a new account is *active* (O-07 n). A leaver whom we never linked is left
 * alone: that account is not ours. One is looked for only where a create of ours got no answer; if it cannot be said
 * which account that made, it may be active, and somebody has to look.
 *
 * Where the mapping's `lifecycle` says so: (1) create, switched off; (2) delete, at once or later, or nothing
 * (`leaver.ts`); (3) hold. An account whose userName is protected counts as protected, whoever it belongs to.
 */
import type { AccountPolicy } from '../mapping/policy.ts';
import type { ScimUser } from '../scim/resource.ts';
import { planAccount } from './account.ts';
import type { Desired, Known, Plan } from './decision.ts';
import { afterGrace, planLeaver } from './leaver.ts';

const INACTIVE = 'inactive at the source';

/** Decides what to do about one person. See the table above. */
export function plan(desired: Desired, known: Known, policy: AccountPolicy, now: Date): Plan {
  if (desired.kind === 'protected') return { action: 'none', reason: desired.reason };
  if (isProtected(namesOf(known), policy)) return PROTECTED;
  switch (desired.kind) {
    case 'leaver':
      return planLeaver(desired, known, policy, now);
    case 'account':
      if (isProtected([desired.user.userName], policy)) return planMisnamed(desired.user, known, policy, now);
      if (desired.user.active === false) return planInactive(desired.user, known, policy, now);
      if (returns(desired.user, known) && policy.lifecycle.return === 'hold') return HELD_RETURN;
      return planAccount(desired.user, known, policy, now);
  }
}

const PROTECTED: Plan = { action: 'none', reason: 'protected by its userName' };

const HELD_RETURN: Plan = {
  action: 'hold',
  reason:
    'they are back, their account is switched off, and lifecycle.return of the mapping is hold. To switch it on, ' +
    'POST /v1/reprovision with "allowReturn": true',
};

function returns({ active }: ScimUser, known: Known): boolean {
  if (active !== true || (known.kind !== 'linked' && known.kind !== 'found')) return false;
  return known.account.user.active === false;
}

/** What stays is kept right while it is switched off, too; what is found by its names is switched off, before all else. */
function planInactive(user: ScimUser, known: Known, policy: AccountPolicy, now: Date): Plan {
  const end = policy.lifecycle.inactive;
  const isFound = known.kind === 'found';
  if (end.kind === 'leave' || (end.kind === 'delete' && !isFound)) {
    return planLeaver({ kind: 'leaver', why: 'inactive', reason: INACTIVE }, known, policy, now);
  }
  if (isFound && end.kind !== 'deactivate' && known.account.user.active === false) {
    return { action: 'none', reason: `${INACTIVE}, and the account that has their names is switched off` };
  }
  return afterGrace(planAccount(user, known, policy, now), end, { reason: INACTIVE }, known, now);
}

/**
 * No account is made or renamed to be called so: it would be somebody else's break-glass account. Whose own account is
 * called otherwise loses access all the same: a name that they were given at the source protects nobody.
 */
function planMisnamed(user: ScimUser, known: Known, policy: AccountPolicy, now: Date): Plan {
  if (user.active !== false || known.kind !== 'linked') return PROTECTED;
  return planLeaver({ kind: 'leaver', why: 'inactive', reason: INACTIVE }, known, policy, now);
}

function isProtected(names: readonly string[], { lifecycle }: AccountPolicy): boolean {
  const { protectedUserNames } = lifecycle;
  return names.some((name) => protectedUserNames.has(name.toLowerCase()));
}

function namesOf(known: Known): readonly string[] {
  switch (known.kind) {
    case 'nothing':
    case 'ambiguous':
      return [];
    case 'found':
      return [
        known.account.user.userName,
        ...(known.asRead === undefined ? [] : [known.asRead.user.userName]),
      ];
    case 'linked': {
      const { account, previous, asRead, shownAs } = known;
      const names = [account.user.userName, previous.userName, asRead?.user.userName, shownAs];
      return names.filter((name) => name !== undefined);
    }
  }
}

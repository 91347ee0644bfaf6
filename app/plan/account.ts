/** What is done about somebody who shall have an account, active or not. */
import type { AccountPolicy } from '../mapping/policy.ts';
import { differences } from '../scim/differences.ts';
import type { Account, ScimUser } from '../scim/resource.ts';
import { type Known, type Plan, whichAccount } from './decision.ts';
import { owned, ownedOnceMade } from './ownership.ts';

export function planAccount(user: ScimUser, known: Known, policy: AccountPolicy, _now: Date): Plan {
  switch (known.kind) {
    case 'ambiguous':
      return { action: 'hold', reason: known.reason };
    case 'nothing':
      return planWithoutAccount(user, policy);
    case 'found':
      return planFound(user, known, policy);
    case 'linked':
      return planLinked(user, known, policy);
  }
}

function planWithoutAccount(user: ScimUser, { lifecycle, attributes }: AccountPolicy): Plan {
  const isMade = user.active === true || (user.active === false && lifecycle.newInactive === 'create');
  if (isMade) {
    const reason = user.active === true ? 'new in scope' : 'new in scope, and not active yet';
    return { action: 'create', reason, user, asked: ownedOnceMade(user, attributes) };
  }
  if (user.active === false) return { action: 'none', reason: 'inactive, and there is no account' };
  return { action: 'hold', reason: 'active is not known, and a new account would be active by default' };
}

/** Where it is not known whether the person is active, wanting means: what the account has. */
function keepingActive(user: ScimUser, account: Account): ScimUser {
  const { active } = account.user;
  return user.active === undefined && active !== undefined ? { ...user, active } : user;
}

function planFound(
  wanted: ScimUser,
  { account, by, asRead }: Extract<Known, { kind: 'found' }>,
  { attributes }: AccountPolicy,
): Plan {
  const own = owned(keepingActive(wanted, account), account.user, null, attributes);
  return {
    action: 'adopt',
    reason: `found by ${by}`,
    foundBy: by,
    ...whichAccount(account),
    ...own,
    differences: differences(account.user, own.user, null),
    ...(asRead === undefined ? {} : { asRead: asRead.user }),
  };
}

function planLinked(
  wanted: ScimUser,
  { account, previous }: Extract<Known, { kind: 'linked' }>,
  { attributes }: AccountPolicy,
): Plan {
  const own = owned(keepingActive(wanted, account), account.user, previous, attributes);
  const { user, asked, kept } = own;
  const changes = differences(account.user, user, previous);
  if (changes.length === 0) return { action: 'none', reason: 'nothing differs', asked, kept };
  const common = { ...whichAccount(account), ...own, differences: changes };
  if (account.user.active !== false && user.active === false) {
    return { action: 'deactivate', reason: 'inactive at the source', ...common };
  }
  if (account.user.active === false && user.active === true) {
    return { action: 'reactivate', reason: 'active again at the source', ...common };
  }
  return { action: 'update', reason: 'changed', ...common };
}

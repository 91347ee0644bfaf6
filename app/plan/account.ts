/** What is done about somebody who shall have an account, active or not. */
import type { AccountPolicy } from '../mapping/policy.ts';
import { differences } from '../scim/differences.ts';
import type { Account, ScimUser } from '../scim/resource.ts';
import { type Known, type Plan, whichAccount } from './decision.ts';

export function planAccount(user: ScimUser, known: Known, _policy: AccountPolicy, _now: Date): Plan {
  switch (known.kind) {
    case 'ambiguous':
      return { action: 'hold', reason: known.reason };
    case 'nothing':
      return planWithoutAccount(user);
    case 'found':
      return planFound(user, known);
    case 'linked':
      return planLinked(user, known.account, known.previous);
  }
}

function planWithoutAccount(user: ScimUser): Plan {
  if (user.active === true) return { action: 'create', reason: 'new in scope', user, asked: user };
  if (user.active === false) return { action: 'none', reason: 'inactive, and there is no account' };
  return { action: 'hold', reason: 'active is not known, and a new account would be active by default' };
}

/** Where it is not known whether the person is active, wanting means: what the account has. */
function keepingActive(user: ScimUser, account: Account): ScimUser {
  const { active } = account.user;
  return user.active === undefined && active !== undefined ? { ...user, active } : user;
}

function planFound(wanted: ScimUser, { account, by, asRead }: Extract<Known, { kind: 'found' }>): Plan {
  const user = keepingActive(wanted, account);
  return {
    action: 'adopt',
    reason: `found by ${by}`,
    ...whichAccount(account),
    user,
    asked: user,
    kept: [],
    differences: differences(account.user, user, null),
    ...(asRead === undefined ? {} : { asRead: asRead.user }),
  };
}

function planLinked(wanted: ScimUser, account: Account, previous: ScimUser): Plan {
  const user = keepingActive(wanted, account);
  const changes = differences(account.user, user, previous);
  if (changes.length === 0) return { action: 'none', reason: 'nothing differs', asked: user };
  const common = { ...whichAccount(account), user, asked: user, kept: [], differences: changes };
  if (account.user.active !== false && user.active === false) {
    return { action: 'deactivate', reason: 'inactive at the source', ...common };
  }
  if (account.user.active === false && user.active === true) {
    return { action: 'reactivate', reason: 'active again at the source', ...common };
  }
  return { action: 'update', reason: 'changed', ...common };
}

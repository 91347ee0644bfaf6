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
import { type Difference, differences } from '../scim/differences.ts';
import type { Account, ScimUser } from '../scim/resource.ts';

/** What the source and the mapping want. */
export type Desired =
  | { readonly kind: 'account'; readonly user: ScimUser }
  | { readonly kind: 'leaver'; readonly reason: string };

/** What the target is known to have. */
export type Known =
  | { readonly kind: 'nothing' }
  /** `asRead`: in the target's own spelling, where it has made another name of ours. */
  | {
      readonly kind: 'found';
      readonly account: Account;
      readonly by: 'externalId' | 'userName';
      readonly asRead?: Account;
    }
  /**
   * `previous`: what we last asked for; what has left it since is cleared. `asRead`: the account in the target's own
   * spelling, where it was read just now.
   */
  | {
      readonly kind: 'linked';
      readonly account: Account;
      readonly previous: ScimUser;
      readonly asRead?: Account;
    }
  /** Nobody can say which account is this person's. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

export type AccountChange = {
  readonly action: 'adopt' | 'update' | 'reactivate' | 'deactivate';
  readonly reason: string;
  readonly id: string;
  /** The whole user as it shall be; for a leaver what we last asked for, switched off. */
  readonly user: ScimUser;
  /** Empty only for an adoption of an account that is right already. */
  readonly differences: readonly Difference[];
  /** Of the account that the differences were found in, where the target has versions. */
  readonly version?: string;
  /** The account in the target's own spelling, where that is another one. */
  readonly asRead?: ScimUser;
};

export type Plan =
  | { readonly action: 'none'; readonly reason: string }
  | { readonly action: 'create'; readonly reason: string; readonly user: ScimUser }
  | AccountChange
  | { readonly action: 'hold'; readonly reason: string };

export type PlanAction = Plan['action'];

/** Decides what to do about one person. See the table above. */
export function plan(desired: Desired, known: Known): Plan {
  switch (desired.kind) {
    case 'leaver':
      return planLeaver(desired.reason, known);
    case 'account':
      return planAccount(desired.user, known);
  }
}

/** True where carrying out the plan takes access away that is there now. */
export function isRemoval(decided: Plan): boolean {
  return 'differences' in decided && decided.differences.some(endsAccess);
}

export function endsAccess({ path, before, after }: Difference): boolean {
  return path.length === 1 && path[0] === 'active' && before !== false && after === false;
}

function planLeaver(reason: string, known: Known): Plan {
  if (known.kind === 'ambiguous') return { action: 'hold', reason: known.reason };
  if (known.kind !== 'linked') return { action: 'none', reason: `${reason}, and no account is linked` };
  const { account } = known;
  if (account.user.active === false) return { action: 'none', reason: `${reason}, already inactive` };
  return {
    action: 'deactivate',
    reason,
    ...whichAccount(account),
    user: { ...known.previous, active: false },
    differences: [{ path: ['active'], before: account.user.active, after: false }],
  };
}

function planAccount(user: ScimUser, known: Known): Plan {
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
  if (user.active === true) return { action: 'create', reason: 'new in scope', user };
  if (user.active === false) return { action: 'none', reason: 'inactive, and there is no account' };
  return { action: 'hold', reason: 'active is not known, and a new account would be active by default' };
}

/** Where it is not known whether the person is active, wanting means: what the account has. */
function keepingActive(user: ScimUser, account: Account): ScimUser {
  const { active } = account.user;
  return user.active === undefined && active !== undefined ? { ...user, active } : user;
}

function whichAccount({ id, version }: Account): Pick<AccountChange, 'id' | 'version'> {
  return version === undefined ? { id } : { id, version };
}

function planFound(wanted: ScimUser, { account, by, asRead }: Extract<Known, { kind: 'found' }>): Plan {
  const user = keepingActive(wanted, account);
  return {
    action: 'adopt',
    reason: `found by ${by}`,
    ...whichAccount(account),
    user,
    differences: differences(account.user, user, null),
    ...(asRead === undefined ? {} : { asRead: asRead.user }),
  };
}

function planLinked(wanted: ScimUser, account: Account, previous: ScimUser): Plan {
  const user = keepingActive(wanted, account);
  const changes = differences(account.user, user, previous);
  if (changes.length === 0) return { action: 'none', reason: 'nothing differs' };
  const common = { ...whichAccount(account), user, differences: changes };
  if (account.user.active !== false && user.active === false) {
    return { action: 'deactivate', reason: 'inactive at the source', ...common };
  }
  if (account.user.active === false && user.active === true) {
    return { action: 'reactivate', reason: 'active again at the source', ...common };
  }
  return { action: 'update', reason: 'changed', ...common };
}

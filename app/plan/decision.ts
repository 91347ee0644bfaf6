/**
 * The words of planning: what is wanted of one person at one target, what is known there, and what was decided. Types,
 * and what a decision means; `plan.ts` makes it.
 */
import type { MatchAttribute } from '../mapping/mapping.ts';
import type { Difference } from '../scim/differences.ts';
import type { Account, ScimUser } from '../scim/resource.ts';

/** What the source and the mapping want. */
export type Desired =
  | { readonly kind: 'account'; readonly user: ScimUser }
  | {
      readonly kind: 'leaver';
      readonly why: LeaverKind;
      readonly reason: string;
      /** Since when they are gone from the source, ISO 8601, where that is known. */
      readonly since?: string;
    }
  /** Nothing is ever written. */
  | { readonly kind: 'protected'; readonly reason: string };

/** Which rule of the lifecycle policy a leaver falls under. */
export type LeaverKind = 'leaver' | 'outOfScope' | 'inactive';

/** What the target is known to have. */
export type Known =
  | { readonly kind: 'nothing' }
  /** `asRead`: in the target's own spelling, where it has made another name of ours. */
  | {
      readonly kind: 'found';
      readonly account: Account;
      readonly by: MatchAttribute;
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
      /** What the target calls it, as far as we remember, where that is not what we asked for. */
      readonly shownAs?: string;
      /** Since when it is to be switched off, as far as we have seen, ISO 8601; absent while it is to be active. */
      readonly endedAt?: string;
    }
  /** Nobody can say which account is this person's. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

export type AccountChange = {
  readonly action: 'adopt' | 'update' | 'reactivate' | 'deactivate';
  readonly reason: string;
  readonly id: string;
  /** The whole user as it shall be; for a leaver what we last asked for, switched off. */
  readonly user: ScimUser;
  /** Of `user`, what is ours: what the link remembers as asked for. */
  readonly asked: ScimUser;
  /** Values at the target that differ and stay, by the mapping's policy. */
  readonly kept: readonly Kept[];
  /** Empty only for an adoption of an account that is right already. */
  readonly differences: readonly Difference[];
  /** Of the account that the differences were found in, where the target has versions. */
  readonly version?: string;
  /** The account in the target's own spelling, where that is another one. */
  readonly asRead?: ScimUser;
  /** Of an adoption: by what the account was found. */
  readonly foundBy?: MatchAttribute;
};

/** A value that the target keeps although we would have another one; `report`: the policy wants it to be listed. */
export type Kept = { readonly difference: Difference; readonly report: boolean };

/**
 * `again`: when to look again by itself, ISO 8601, where the plan depends on the time (a deletion after its grace
 * period).
 */
export type Plan = Decision & { readonly again?: string };

type Decision =
  /** `asked` as in `AccountChange`, where there is an account that shall be as it is. */
  | {
      readonly action: 'none';
      readonly reason: string;
      readonly asked?: ScimUser;
      readonly kept?: readonly Kept[];
    }
  /** `asked`: what of the user stays ours once it is made. */
  | {
      readonly action: 'create';
      readonly reason: string;
      readonly user: ScimUser;
      readonly asked: ScimUser;
    }
  | AccountChange
  /** The account goes for good; asked for by the mapping alone. */
  | { readonly action: 'delete'; readonly reason: string; readonly id: string; readonly version?: string }
  | { readonly action: 'hold'; readonly reason: string };

export type PlanAction = Plan['action'];

/**
 * True where carrying out the plan takes access away that is there now, or the account itself: a deletion counts
 * whether the account is active or not, since nothing brings it back.
 */
export function isRemoval(decided: Plan): boolean {
  if (decided.action === 'delete') return true;
  return 'differences' in decided && decided.differences.some(endsAccess);
}

export function endsAccess({ path, before, after }: Difference): boolean {
  return path.length === 1 && path[0] === 'active' && before !== false && after === false;
}

/** The account that a change is for. */
export function whichAccount({ id, version }: Account): Pick<AccountChange, 'id' | 'version'> {
  return version === undefined ? { id } : { id, version };
}

/**
 * What a mapping says of accounts besides their values: who owns an attribute, what becomes of whoever leaves, who is
 * never touched. Data only; `app/plan` follows it.
 */
import type { AttributePath } from '../scim/resource.ts';

/** How one attribute is kept. A list is one attribute, whatever its items. */
export type AttributePolicy = {
  readonly path: AttributePath;
  /**
   * When our value is sent: whenever it differs; only with the account's creation; at creation and whenever the account
   * has no value.
   */
  readonly when: 'always' | 'create-only' | 'if-empty';
  /**
   * Whose value counts where both have one: the source's; the target's (ours is sent at creation, or to an adopted
   * account without a value); of whoever gave the first value (an adopted account's own value stays the target's).
   */
  readonly owner: 'source' | 'target' | 'first-writer';
  /** What becomes of a value that was changed at the target while the source stayed as it was. `report`: kept, and listed. */
  readonly drift: 'force' | 'keep' | 'report';
  /** What becomes of a value that we gave and that the source has no longer. */
  readonly onEmpty: 'clear' | 'leave';
  /** Its values are never shown, logged or kept where anybody looks. */
  readonly sensitive: boolean;
};

/** What becomes of an account whose owner shall have none. `delete-after`: switched off now, deleted after so many days. */
export type EndOfAccess =
  | { readonly kind: 'deactivate' | 'delete' | 'leave' }
  | { readonly kind: 'delete-after'; readonly days: number };

export type LifecyclePolicy = {
  /** Gone from the source. */
  readonly leaver: EndOfAccess;
  /** Still in the source, and not in the mapping's scope. */
  readonly outOfScope: EndOfAccess;
  /** In scope, and not active. */
  readonly inactive: EndOfAccess;
  /**
   * Of somebody in scope, inactive, and without an account: none is made until they are active, or one that is
   * switched off, so that it is there when it is needed.
   */
  readonly newInactive: 'wait' | 'create';
  /** What becomes of an account that was switched off when its owner is active again. */
  readonly return: 'reactivate' | 'hold';
  /** Accounts that are never written to, whoever they belong to: names as the target has them, folded to small letters. */
  readonly protectedUserNames: ReadonlySet<string>;
};

export type AccountPolicy = {
  /** Attributes that are kept otherwise than `SOURCE_OWNED`; absent ones are kept so. */
  readonly attributes: readonly AttributePolicy[];
  readonly lifecycle: LifecyclePolicy;
};

export const SOURCE_OWNED = {
  when: 'always',
  owner: 'source',
  drift: 'force',
  onEmpty: 'clear',
  sensitive: false,
} as const satisfies Omit<AttributePolicy, 'path'>;

export const USUAL_LIFECYCLE: LifecyclePolicy = {
  leaver: { kind: 'deactivate' },
  outOfScope: { kind: 'deactivate' },
  inactive: { kind: 'deactivate' },
  newInactive: 'wait',
  return: 'reactivate',
  protectedUserNames: new Set(),
};

/** Of a mapping that says nothing about it. */
export const USUAL_POLICY: AccountPolicy = { attributes: [], lifecycle: USUAL_LIFECYCLE };

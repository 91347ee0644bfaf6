/** Whose account is which, and what the target has last confirmed of it. */
import type { PersonKey } from '../../person/anchor.ts';
import type { Mention } from '../../person/mention.ts';
import type { ScimUser } from '../../scim/resource.ts';
import type { Lease } from './work.ts';

export type Link = {
  readonly target: string;
  readonly key: PersonKey;
  readonly id: string;
  /** `operator`: somebody said that it is this person's. */
  readonly madeBy: 'created' | 'externalId' | 'userName' | 'mail' | 'operator';
  readonly madeAt: string;
  /** The last state we asked for and the target accepted. */
  readonly desired: ScimUser;
  /** What the target answered to that; differs from `desired` where the target normalises values. */
  readonly echo: ScimUser;
  readonly version?: string;
  /** False when a write's outcome is unknown: the account must be read before it is planned for again. */
  readonly certain: boolean;
  readonly confirmedAt: string;
  /** Since when `desired` is switched off, as far as we have seen, ISO 8601; absent while it is not. */
  readonly endedAt?: string;
};

export interface Links {
  get(target: string, key: PersonKey): Promise<Link | null>;
  getMany(target: string, keys: readonly PersonKey[]): Promise<readonly (Link | null)[]>;
  /** Who is linked to this account. Two people never share one (first come, first linked). */
  ownerOf(target: string, id: string): Promise<PersonKey | null>;
  /** The same for many accounts, in their order. */
  ownersOf(target: string, ids: readonly string[]): Promise<readonly (PersonKey | null)[]>;
  /** @throws LeaseLost where the writer's lease has passed to another; Error where it is another person's account. */
  put(link: Link, lease: Lease): Promise<void>;
  /** @throws LeaseLost */
  drop(link: Link, lease: Lease): Promise<void>;
  /** How many linked accounts of the target are active. */
  countActive(target: string): Promise<number>;
  /** Every link of the target, in no order, in batches; one may come twice. */
  scan(target: string): AsyncIterable<readonly Link[]>;
  /**
   * People whose account here is another one than before, or none any more, and of whom those who refer to them have
   * not been told. `put` and `drop` add them in the same step as they store.
   * @param key this one alone
   */
  newAccounts(target: string, key?: PersonKey): Promise<readonly NewAccount[]>;
  /** Takes these off that list, unless their account has become another one meanwhile. */
  settleNewAccounts(target: string, done: readonly NewAccount[]): Promise<void>;
}

/** `stamp`: which change it was. */
export type NewAccount = { readonly key: PersonKey; readonly stamp: string };

/**
 * Who names whom at a target, in attributes that hold the id of the other's account. Whoever was never looked at there
 * is not in it: they find the other's account themselves when they are.
 */
export interface Referrers {
  /** Whom this person names now, in place of whom they named before. Said before the others' accounts are asked for. */
  note(target: string, source: string, key: PersonKey, mentions: readonly Mention[]): Promise<void>;
  /** Everybody who names somebody by one of these. */
  of(target: string, source: string, mentions: readonly Mention[]): Promise<readonly PersonKey[]>;
}

/** By what somebody rests on a person of another source: `hr id 4711`, `hr mail ada@example.com`. */
export type RestingOn = string & { readonly brand: 'RestingOn' };

/**
 * Whose account at a target is made of other sources' records as well, and of whose. Kept for each person as they were
 * last looked at there, like `Referrers`.
 */
export interface Joiners {
  /** On whom this person rests now, in place of before. Said before the others are asked for. */
  note(target: string, key: PersonKey, names: readonly RestingOn[]): Promise<void>;
  /** Everybody who rests on somebody of these. */
  of(target: string, names: readonly RestingOn[]): Promise<readonly PersonKey[]>;
}

/**
 * Who has which userName at a target, and who is to get one. Names are compared without case. Links take theirs
 * themselves and give them back when they are dropped.
 */
export interface UserNames {
  /**
   * Takes a name for somebody: of these the one that they have already, or were to get, else the first that nobody else
   * has. What was taken for them before and is another one is free again.
   * @param has the name of an account that was found to be theirs; it counts first
   * @returns null where each is somebody else's
   */
  claim(target: string, key: PersonKey, names: readonly string[], has?: string): Promise<string | null>;
  /** The same without taking it. */
  foresee(target: string, key: PersonKey, names: readonly string[], has?: string): Promise<string | null>;
  /** Somebody has this name at the target whom we do not know: it is passed over for a day. */
  refused(target: string, name: string): Promise<void>;
  /** No account is made of what was taken for them. */
  giveUp(target: string, key: PersonKey): Promise<void>;
}

export type Intent = { readonly openedAt: string; readonly user: ScimUser };

/** Written before each create, removed when its outcome is known: settles a lost answer (O-18). */
export interface Intents {
  /** `user`: what was sent, since the account is called so whatever the person is called, or wanted, by then. */
  get(target: string, key: PersonKey): Promise<Intent | null>;
  open(target: string, key: PersonKey, user: ScimUser, now: Date): Promise<void>;
  settle(target: string, key: PersonKey): Promise<void>;
}

/**
 * Look-ups that found nobody, remembered until the account is made, for some minutes at most. A new person needs
 * several requests, and where the budget is spent in the middle they go on behind the look-ups they have made: else
 * many people who begin together would look up again in each window and none would ever be created.
 */
export interface FruitlessLookUps {
  note(target: string, key: PersonKey, lookUps: readonly LookUp[]): Promise<void>;
  /** @returns a function that tells whether a look-up is remembered */
  noted(target: string, key: PersonKey): Promise<(lookUp: LookUp) => boolean>;
  forget(target: string, key: PersonKey): Promise<void>;
}

/** `by`: the attribute that was asked for. */
export type LookUp = { readonly by: string; readonly value: string };

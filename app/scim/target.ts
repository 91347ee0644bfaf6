/**
 * The Target contract: one SCIM 1.1 service provider account. It speaks the protocol and the target's dialect;
 * it does not know what should be written or why.
 *
 * Answers that are part of the normal course are values. Everything else is thrown as one of the classes in
 * `errors.ts`: RateLimited, TargetUnavailable, TargetUnusable, Refused, LeaseLost.
 */
import type { Lane } from '../lane.ts';
import type { Difference } from './differences.ts';
import type { Account, AttributePath, ScimUser } from './resource.ts';

/** How a person is looked for. Every hit is checked against what was asked: servers ignore filters (O-11 e). */
export type Match =
  | { readonly by: 'id'; readonly value: string }
  | { readonly by: 'externalId'; readonly value: string }
  | { readonly by: 'userName'; readonly value: string }
  /** One of the account's addresses is this one, without case. Nobody where the target's search knows no addresses. */
  | { readonly by: 'mail'; readonly value: string };

/** What every request of one piece of work carries. */
export type Call = {
  readonly signal: AbortSignal;
  /** Who is served before whom where the request budget is short. */
  readonly lane: Lane;
  /** Called right before each request is sent; throws LeaseLost where the caller may not write any more. */
  readonly beforeRequest: () => Promise<void>;
};

/** A listing is many requests, more than one window of a budget may hold, so it waits rather than begin again. */
export type ListCall = Call & {
  /** Returns when the time has come; throws where it shall not be waited for. */
  readonly waitUntil: (until: Date) => Promise<void>;
};

/** What a listing brings: pages, and always last what it is worth. */
export type Listed =
  /** Each account once in a listing, never none. */
  { readonly kind: 'page'; readonly accounts: readonly Account[] } | ListEnd;

export type ListEnd =
  /** All that was there at the end has been listed, as far as counting can tell (`lists/paging.ts`). */
  | {
      readonly kind: 'end';
      readonly complete: true;
      readonly problem: null;
      /** How many pages were asked for. */
      readonly requests: number;
    }
  /** Any may be missing; nothing follows from that (O-15). `problem` says why, for an operator. */
  | {
      readonly kind: 'end';
      readonly complete: false;
      readonly problem: string;
      readonly requests: number;
    };

export type Created =
  | { readonly kind: 'written'; readonly account: Account }
  /** 409, or 400 for a duplicate: somebody holds this name. `words` are the server's (O-11). */
  | { readonly kind: 'conflict'; readonly status: number; readonly words: string };

export type Updated =
  | {
      readonly kind: 'written';
      readonly account: Account;
      /** What was to be cleared, whole or in part, and is still there after a look at it (O-16); never empty. */
      readonly notCleared?: readonly AttributePath[];
    }
  /** The target answered, as SCIM, that it has no such user (O-12). */
  | { readonly kind: 'missing' }
  /** The account is another one than was planned for (412): nothing was written; read it and plan again. */
  | { readonly kind: 'changed' };

export type Removed =
  /** The target took it. Whether the account is gone or only switched off is for its profile to say. */
  | { readonly kind: 'removed' }
  /** The target answered, as SCIM, that it has no such user (O-12 d). */
  | { readonly kind: 'missing' }
  /** The account is another one than it was (412): nothing was done. */
  | { readonly kind: 'changed' };

export interface Target {
  readonly name: string;
  /** All users that really match; empty when none does. By id: 404 is an empty list. */
  find(match: Match, call: Call): Promise<readonly Account[]>;
  /** All users there are. A spent budget is waited for. What it throws ends it: then there is no `end`, and the pages that came stay valid. */
  list(call: ListCall): AsyncIterable<Listed>;
  create(user: ScimUser, call: Call): Promise<Created>;
  /**
   * Writes the differences to one account.
   * @param id the account's id at the target
   * @param differences what to change, attribute by attribute; never empty
   * @param desired the whole user as it shall be, for what has to be sent whole
   * @param version of the account that the differences were made for, where it is known
   */
  update(
    id: string,
    differences: readonly Difference[],
    desired: ScimUser,
    call: Call,
    version?: string,
  ): Promise<Updated>;
  /** @param version of the account that is meant, where it is known */
  remove(id: string, call: Call, version?: string): Promise<Removed>;
}

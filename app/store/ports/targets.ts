/** The state of a target as a whole: its request budget, whether it is in order, its minted token. */
import type { Lane } from '../../lane.ts';
import type { WorkKey } from '../../person/anchor.ts';

export type BudgetView = { readonly limit: number; readonly remaining: number; readonly resetAt: string };

/** The right to send one request. It is given back with its answer, also where none came. */
export type Ticket = string;

export type Grant =
  | { readonly granted: true; readonly ticket: Ticket }
  /** `until`: when to ask again; a moment only, where an answer that is under way will tell. */
  | { readonly granted: false; readonly until: Date };

/** What a request takes a ticket for. */
export type Passage = {
  /** `bulk` leaves a reserve to all others. */
  readonly lane: Lane;
  /** How long the request may take in all. A ticket that was not given back by then came from a process that died. */
  readonly ticketMs: number;
  /** The limits by ourselves that the request falls under. */
  readonly buckets: readonly Bucket[];
};

/** A limit that no answer tells of: so many requests a minute, and so many at once after a quiet time. */
export type Bucket = {
  readonly name: string;
  readonly perMinute: number;
  readonly burst: number;
  /** Counts also where answers tell what is left. */
  readonly always: boolean;
};

/** What became of a request, as far as the budget goes. */
export type Settlement =
  /** It never left us. */
  | { readonly kind: 'unsent' }
  /** Nothing is known of the limit: no answer came, or one of somebody between us and the target. */
  | { readonly kind: 'lost' }
  /** The target answered and says nothing of a limit. */
  | { readonly kind: 'silent' }
  /** `resetAt` is by our clock. */
  | {
      readonly kind: 'told';
      readonly limit: number;
      readonly remaining: number;
      readonly resetAt: Date;
    };

/** The target said: no more before `until`. It means these buckets where no answer tells of a limit, else everything. */
export type Closing = { readonly until: Date; readonly buckets: readonly string[] };

/** The target's request budget, one per credential over all processes. */
export interface Budgets {
  /** Takes one request out of the window. */
  take(credential: string, passage: Passage): Promise<Grant>;
  /** Gives the ticket back and corrects our picture by what the answer said. */
  settle(credential: string, ticket: Ticket, settlement: Settlement, closing: Closing | null): Promise<void>;
  /** @returns null where no limit is known */
  view(credential: string): Promise<BudgetView | null>;
}

/** How many requests at once the processes let go to each target, for operators to see. */
export interface Paces {
  tell(target: string, process: string, requests: number): Promise<void>;
  /** Over all processes; null where none has sent a request for a while. */
  view(target: string): Promise<number | null>;
}

export type BreakerView = {
  readonly state: 'open';
  readonly reason: string;
  readonly since: string;
  /** When the next request is let through as a probe. */
  readonly until: string;
};

/** Stops all work for a target that is out of order, and lets one request through now and then to see. */
export interface Breakers {
  /** @returns null where work may go on; else until when to wait. One person per period is let through as the probe. */
  blockedUntil(target: string, now: Date, key: WorkKey): Promise<{ until: Date; reason: string } | null>;
  /** The work for this person sent no request: where it was the probe, the next one is it, at once. */
  notProbed(target: string, now: Date, key: WorkKey): Promise<void>;
  /** Counts a failure; opens after `threshold` failures in a row, at once where `threshold` is 1. @returns true when this call opened it */
  fail(target: string, reason: string, threshold: number, now: Date): Promise<boolean>;
  /**
   * The target answered the work for this person properly; null: an operator says that it is in order. While it is
   * paused only the probe counts: what was under way when it was paused tells of the time before.
   * @returns true when this call closed it
   */
  succeed(target: string, key: WorkKey | null): Promise<boolean>;
  view(target: string): Promise<BreakerView | null>;
}

/** Keeps a token of our own, with what has to be known of it, where no console or log can read it. */
export interface TokenVault {
  read(target: string): Promise<string | null>;
  write(target: string, token: string): Promise<void>;
  remove(target: string): Promise<void>;
}

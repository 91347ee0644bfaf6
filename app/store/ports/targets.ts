/** The state of a target as a whole: its request budget, whether it is in order, its minted token. */
import type { PersonKey } from '../../person/anchor.ts';
import type { Lane } from './work.ts';

export type BudgetView = { readonly limit: number; readonly remaining: number; readonly resetAt: string };

/** The target's request budget, one per credential over all processes. */
export interface Budgets {
  /** Takes one request out of the window. @returns when to come back, where none is left */
  take(
    credential: string,
    lane: Lane,
    now: Date,
  ): Promise<{ granted: true } | { granted: false; until: Date }>;
  /** Corrects our picture from an answer's headers. `resetAt` is by our clock. */
  learn(credential: string, seen: { limit: number; remaining: number; resetAt: Date }): Promise<void>;
  /** The target said: no more before `until` (429). */
  exhaust(credential: string, until: Date): Promise<void>;
  view(credential: string): Promise<BudgetView | null>;
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
  blockedUntil(target: string, now: Date, key: PersonKey): Promise<{ until: Date; reason: string } | null>;
  /** The work for this person sent no request: where it was the probe, the next one is it, at once. */
  notProbed(target: string, now: Date, key: PersonKey): Promise<void>;
  /** Counts a failure; opens after `threshold` failures in a row, at once where `threshold` is 1. @returns true when this call opened it */
  fail(target: string, reason: string, threshold: number, now: Date): Promise<boolean>;
  /** The target answered properly. @returns true when this call closed it */
  succeed(target: string): Promise<boolean>;
  view(target: string): Promise<BreakerView | null>;
}

/** Keeps a minted token where no console or log can read it. */
export interface TokenVault {
  read(target: string): Promise<string | null>;
  write(target: string, token: string): Promise<void>;
  remove(target: string): Promise<void>;
}

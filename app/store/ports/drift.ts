/** What the last comparison of everybody at a target found there that is otherwise than wanted, and what is not ours. */
import type { PersonKey } from '../../person/anchor.ts';
import type { Json } from '../../scim/resource.ts';

/**
 * Why an account differs:
 *
 *   hand-edit   the target has another value, and the source is as it was: somebody changed it there
 *   source      what is wanted has changed since the last write, and the write is still to come
 *   kept        changed at the target, and kept by the mapping's policy (`drift: report`)
 *   missing     linked, and not at the target any more
 *   unlinked    it carries the names of somebody who is known, and whom nobody has linked to it yet
 */
export type DriftReason = 'hand-edit' | 'source' | 'kept' | 'missing' | 'unlinked';

/** One account that differs, for one reason; for another reason it is listed once more. */
export type Drift = {
  readonly why: DriftReason;
  readonly person: PersonKey;
  /** The id of the account at the target. */
  readonly account: string;
  /** Attribute by attribute, as SCIM writes the paths; null where there is no value. None for `missing` and `unlinked`. */
  readonly differences: readonly { readonly path: string; readonly has: Json; readonly wanted: Json }[];
};

/** An account that is nobody's whom we know. */
export type UnknownAccount = { readonly id: string; readonly userName: string };

export type DriftSummary = {
  /** The comparison that found it. */
  readonly run: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** How many there are, listed or not. */
  readonly drifts: Readonly<Record<DriftReason, number>>;
  readonly unknownAccounts: number;
  /** How many of them are counted only, since the list is full. */
  readonly notListed: { readonly drifts: number; readonly unknownAccounts: number };
};

export type DriftFound = {
  readonly summary: DriftSummary;
  readonly drifts: readonly Drift[];
  readonly unknownAccounts: readonly UnknownAccount[];
};

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** `after`: the `next` of the page before; null for the first one. A page may stand between two comparisons. */
export interface DriftLedger {
  /** What was found takes the place of all that was found before, in one step. */
  replace(target: string, found: DriftFound): Promise<void>;
  /** null where everybody was never compared. */
  summary(target: string): Promise<DriftSummary | null>;
  /** By reason, then by person. @param why of this reason only; null: of any */
  drifts(target: string, why: DriftReason | null, after: string | null, limit: number): Promise<Page<Drift>>;
  /** By userName. */
  unknownAccounts(target: string, after: string | null, limit: number): Promise<Page<UnknownAccount>>;
}

/** One person as we know them: the newest entry, whether the source still has them, and their groups. */
import type { PersonKey, StableId } from './anchor.ts';
import type { Anchor } from './anchors.ts';
import type { Attributes, Entry, GroupRef } from './entry.ts';

/**
 * Why a person is not (or no longer) in the source. `missing`: not named by a complete read, and nobody asked for
 * the record itself, since an operator released a whole run.
 */
export type AbsenceReason = 'deleted' | 'out-of-scope' | 'missing';

export type Presence =
  | { readonly state: 'present' }
  | { readonly state: 'absent'; readonly why: AbsenceReason; readonly since: string };

/**
 * Where an event stands in its source's order: `sequence` decides where both have one, else `time` (ISO 8601), and
 * between equals the event's id, so that every order of arrival ends in the same state. Entries read from a directory
 * need none: a read is always newer than what was known before it.
 */
export type EventOrder = { readonly sequence?: number; readonly time: string; readonly event: string };

/**
 * The same person at another source: `missing` where nobody there is meant, or whoever is meant has left it; `several`
 * where it cannot be told who is.
 */
export type Counterpart =
  | { readonly state: 'present'; readonly attributes: Attributes }
  | { readonly state: 'missing' }
  | { readonly state: 'several' };

export type Identity = {
  readonly key: PersonKey;
  readonly source: string;
  readonly stableId: StableId;
  readonly presence: Presence;
  readonly entry: Entry;
  readonly groups: readonly GroupRef[];
  /** Grows by one with each change of what we know; a writer names the version it saw (compare and set). */
  readonly version: number;
  /** When we last learnt something new, ISO 8601. */
  readonly observedAt: string;
  /** What they are called and have been, the newest first. */
  readonly anchors?: readonly Anchor[];
  /**
   * Which event decided what, for people whom events tell of. Two orders, since an older event may still know newer
   * attributes than a deletion that overtook it.
   */
  readonly orders?: { readonly attributes?: EventOrder; readonly presence: EventOrder };
  /** By the name of the source, as one mapping joins it (`app/sync/seen.ts`); never stored with the person. */
  readonly joined?: ReadonlyMap<string, Counterpart>;
};

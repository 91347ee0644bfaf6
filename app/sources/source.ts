/**
 * The Source contract: a place that tells us about people.
 *
 * A source only reports what it read. It never decides who is gone (that is `sync/`, on the strength of a complete
 * read) and never knows about mappings or targets.
 */
import type { StableId } from '../person/anchor.ts';
import type { Entry, GroupEntry } from '../person/entry.ts';

/** How far a source has been read. Opaque outside the dialect that made it. */
export type Watermark = string & { readonly brand: 'Watermark' };

export type SourceItem =
  | { readonly kind: 'person'; readonly entry: Entry }
  | { readonly kind: 'group'; readonly group: GroupEntry }
  /** A record that cannot be used. `where` names it without personal values where that is possible. */
  | { readonly kind: 'rejected'; readonly reason: 'bad-source-id'; readonly where: string }
  /** Always the last item of a read that came to its end. */
  | {
      readonly kind: 'end';
      readonly watermark: Watermark;
      /** False when anything may be missing: then nobody is concluded to be gone and the watermark stays. */
      readonly complete: boolean;
      /** Why it is not complete, in words for an operator; empty when it is. */
      readonly problems: readonly string[];
    };

/** The answer to "where is this person now?". */
export type Found =
  | { readonly kind: 'in-scope'; readonly entry: Entry }
  /** The record exists, outside what the source is configured to read. */
  | { readonly kind: 'out-of-scope' }
  | { readonly kind: 'gone' };

export interface Source {
  readonly name: string;
  /**
   * Reads the source. With a watermark: everything changed since, doubles allowed, no conclusion about absence.
   * With null: everyone and every group (a full sweep); those it does not name are candidates for removal.
   * @throws SourceUnavailable when the read broke; what was already yielded is valid, absence proves nothing.
   */
  read(since: Watermark | null, signal: AbortSignal): AsyncIterable<SourceItem>;
  /**
   * Asks for one person by stable id, as of now.
   * @throws SourceUnavailable when the source cannot tell; that is never `gone`.
   */
  find(id: StableId, signal: AbortSignal): Promise<Found>;
}

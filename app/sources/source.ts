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

/** What a source is asked to read. */
export type ReadWish = {
  /** How far it has been read; null for not yet. A source that does not know the watermark reads everybody. */
  readonly since: Watermark | null;
  /** True: name everybody. False: only what changed since, where the source can tell. */
  readonly everyone: boolean;
};

export type Subject = 'person' | 'group';

export type SourceItem =
  | { readonly kind: 'person'; readonly entry: Entry }
  | { readonly kind: 'group'; readonly group: GroupEntry }
  /** Still there, and as it was told last. */
  | { readonly kind: 'unchanged'; readonly what: Subject; readonly stableId: StableId }
  /** The source itself says that this one was deleted or is no longer where it reads. A hint: it may be back already. */
  | { readonly kind: 'absent'; readonly what: Subject; readonly stableId: StableId }
  /** A record that cannot be used. `where` names it without personal values where that is possible. */
  | { readonly kind: 'rejected'; readonly reason: 'bad-source-id' | 'bad-record'; readonly where: string }
  /** Always the last item of a read that came to its end. */
  | {
      readonly kind: 'end';
      readonly watermark: Watermark;
      /** False when anything may be missing: then nobody is concluded to be gone and the watermark stays. */
      readonly complete: boolean;
      /** Why it is not complete, in words for an operator; empty when it is. */
      readonly problems: readonly string[];
      /** `everyone`: whoever was named neither as present nor as unchanged is not there. */
      readonly names: 'everyone' | 'changes';
      /** How changes were followed, as the source calls it. */
      readonly tracking: string;
      /** What an operator should know although nothing is missing, such as why a better tracking is not used. */
      readonly notices: readonly string[];
    };

/** The answer to "where is this person now?". */
export type Found =
  | { readonly kind: 'in-scope'; readonly entry: Entry }
  /** The record exists, outside what the source is configured to read. */
  | { readonly kind: 'out-of-scope' }
  | { readonly kind: 'gone' }
  /** This one cannot be asked for; `why` in words for an operator. That is never `gone`. */
  | { readonly kind: 'cannot-tell'; readonly why: string };

/** What groups may name somebody by: a person's entry has it, and a group's. */
export type Named = Pick<Entry, 'dn' | 'memberNames'> & Partial<Pick<Entry, 'attributes'>>;

export interface Source {
  readonly name: string;
  /**
   * Reads the source. Doubles are allowed. Whoever a read of everyone does not name is a candidate for removal.
   * @throws SourceUnavailable when the read broke; what was already yielded is valid, absence proves nothing.
   */
  read(wish: ReadWish, signal: AbortSignal): AsyncIterable<SourceItem>;
  /**
   * Asks for people by stable id, as of now: one answer for each, in any order. For one person: `find-one.ts`.
   * @throws SourceUnavailable when the source can tell no more; whoever was not answered for is not gone.
   */
  find(ids: readonly StableId[], signal: AbortSignal): AsyncIterable<readonly [id: StableId, found: Found]>;
  /**
   * The groups that name one of these people or groups now. Asked for those who are new or stand under another name,
   * where a read told only of changes.
   * @throws SourceUnavailable when the source cannot tell
   */
  groupsNaming(members: readonly Named[], signal: AbortSignal): AsyncIterable<GroupEntry>;
  /**
   * Tells when something has changed, without saying what: whoever hears it reads. Null where the source cannot.
   * Yields once it listens, and then after each change or burst of changes; ends by the signal or an error.
   * @throws SourceUnavailable when it can hear no more
   */
  readonly watch: ((since: Watermark | null, signal: AbortSignal) => AsyncIterable<void>) | null;
}

/** What is known of people, and how far their sources have been read. */
import type { PersonKey, StableId } from '../../person/anchor.ts';
import type { GroupEntry, GroupRef } from '../../person/entry.ts';
import type { Identity } from '../../person/identity.ts';
import type { Watermark } from '../../sources/source.ts';
import type { Lease } from './work.ts';

/** An identity as it is stored; the groups are joined in when it is read. */
export type StoredIdentity = Omit<Identity, 'groups'>;

export interface Identities {
  get(key: PersonKey): Promise<Identity | null>;
  getMany(keys: readonly PersonKey[]): Promise<readonly (Identity | null)[]>;
  /**
   * Stores what we newly know, if nobody stored something since `expected` was read.
   * @param expected the version that `next` was made from; 0 for a person not known before
   * @param lease the reader's, where a read brought it: a late reader's entry is older than what is known
   * @returns false where another writer was faster: read again and decide again
   * @throws LeaseLost where the lease has passed to another
   */
  put(next: StoredIdentity, expected: number, lease?: Lease): Promise<boolean>;
  /** Every stable id of a source with its presence, in no order, in batches. */
  scan(source: string): AsyncIterable<readonly StoredIdentity[]>;
  /** How many people of the source are present. */
  countPresent(source: string): Promise<number>;
  /** People that carry this name: uid, mail, userPrincipalName, a number of theirs, or a userName at a target. Ignores case. */
  findByHandle(handle: string): Promise<readonly PersonKey[]>;
  /** Names a person by what a target calls them, so that an operator can find them by it. */
  addHandle(key: PersonKey, handle: string): Promise<void>;
  /**
   * People whose newest knowledge has not been announced to the targets yet. `put` adds them in the same step as it
   * stores, so that a crash between storing and announcing loses nothing.
   */
  unannounced(source: string): Promise<readonly Unannounced[]>;
  /** Takes people off that list, unless something newer was stored meanwhile. */
  announced(source: string, done: readonly Unannounced[]): Promise<void>;
}

export type Unannounced = { readonly key: PersonKey; readonly version: number };

/** Written by the one reader of a source (it holds the source's lease); read by everybody. */
export interface Groups {
  /** Stores a group; the members that came in or went out are remembered as touched until `settle`. */
  put(source: string, group: GroupEntry): Promise<void>;
  /** Forgets the groups of a source that are not in `seen`; their members are touched. */
  keepOnly(source: string, seen: ReadonlySet<StableId>): Promise<void>;
  /** Forgets these groups; their members are touched. */
  remove(source: string, gone: ReadonlySet<StableId>): Promise<void>;
  of(source: string, dnKey: string): Promise<readonly GroupRef[]>;
  /** DNs whose memberships changed, with the people who stand there now: those people are due. */
  touched(
    source: string,
  ): Promise<{ readonly dnKeys: readonly string[]; readonly people: readonly PersonKey[] }>;
  settle(source: string, dnKeys: readonly string[]): Promise<void>;
}

export interface Watermarks {
  get(source: string): Promise<Watermark | null>;
  /** Moves the watermark. @throws LeaseLost where the reader's lease has passed to another. */
  put(source: string, watermark: Watermark, lease: Lease): Promise<void>;
  /** When it last moved, ISO 8601: the age of what we know. */
  movedAt(source: string): Promise<string | null>;
}

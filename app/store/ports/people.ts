/** What is known of people, and how far their sources have been read. */
import type { PersonKey, StableId } from '../../person/anchor.ts';
import type { Entry } from '../../person/entry.ts';
import type { Identity } from '../../person/identity.ts';
import type { Mention } from '../../person/mention.ts';
import type { Watermark } from '../../sources/source.ts';
import type { Lease } from './work.ts';

/** An identity as it is stored; the groups, and what other sources say, are joined in when it is read. */
export type StoredIdentity = Omit<Identity, 'groups' | 'joined'>;

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
  /** Of each entry, whether its person is known as present and said the same when they were stored. */
  areKnown(source: string, entries: readonly Entry[]): Promise<readonly boolean[]>;
  /**
   * Makes `areKnown` know somebody again who says what they said, but is not known by it: after a change in how we put
   * it down. Does nothing where something newer is stored.
   */
  recognise(known: StoredIdentity): Promise<void>;
  /** Of each id, whether its person is known as present. */
  arePresent(source: string, ids: readonly StableId[]): Promise<readonly boolean[]>;
  /** The stable id of everybody who is present, in no order, in batches; some may come twice. */
  scanPresent(source: string): AsyncIterable<readonly StableId[]>;
  /** How many people of the source are present. */
  countPresent(source: string): Promise<number>;
  /** People that carry this name: uid, mail, userPrincipalName, a number of theirs, or a userName at a target. Ignores case. */
  findByHandle(handle: string): Promise<readonly PersonKey[]>;
  /** People of the source with this stable id, known as present or not. Ignores case. */
  withId(source: string, id: string): Promise<readonly PersonKey[]>;
  /** Names a person by what a target calls them, so that an operator can find them by it. */
  addHandle(key: PersonKey, handle: string): Promise<void>;
  /**
   * People whose newest knowledge has not been announced to the targets yet. `put` adds them in the same step as it
   * stores, so that a crash between storing and announcing loses nothing.
   */
  unannounced(source: string): Promise<NewsList>;
  /** Of each person, whether their news waits to be announced. */
  areUnannounced(source: string, people: readonly PersonKey[]): Promise<readonly boolean[]>;
  /** Takes people off that list, unless something newer was stored meanwhile. */
  announced(source: string, done: readonly Unannounced[]): Promise<void>;
  /**
   * People by a name that is new to us, whose groups were not asked for since: they may be in more than we know. `put`
   * adds them in the same step as it stores.
   */
  renamed(source: string): Promise<readonly Renamed[]>;
  /** Takes people off that list, unless they were renamed again meanwhile; `all` where every group was told. */
  settleRenamed(source: string, done: readonly Renamed[] | 'all'): Promise<void>;
  /** Whom one of the source's entries names; null where nobody known is meant. By DN it is whoever stands there now. */
  mentioned(source: string, mention: Mention): Promise<PersonKey | null>;
  /**
   * Where people who were known already stand anew, by another DN or by their return: whoever names them by it may
   * mean another account than before. `put` adds them in the same step as it stores.
   */
  moves(source: string): Promise<readonly Move[]>;
  /** Takes these off that list, unless somebody came to stand there meanwhile. */
  settleMoves(source: string, done: readonly Move[]): Promise<void>;
}

/** The news as it stood when it was asked for: what is stored later is not in it. It may tell of everybody. */
export type NewsList = {
  readonly size: number;
  /** The same people each time, in no order, in batches; some may come twice. */
  batches(): AsyncIterable<readonly Unannounced[]>;
  /** Called when it is not needed any more. */
  drop(): Promise<void>;
};

export type Unannounced = { readonly key: PersonKey; readonly version: number };

/** `wasPresent`: they were known by another name, and as present. `stamp`: which renaming it was. */
export type Renamed = { readonly key: PersonKey; readonly stamp: string; readonly wasPresent: boolean };

/** `stamp`: which move it was. */
export type Move = { readonly dnKey: string; readonly stamp: string };

export interface Watermarks {
  get(source: string): Promise<Watermark | null>;
  /** Moves the watermark. @throws LeaseLost where the reader's lease has passed to another. */
  put(source: string, watermark: Watermark, lease: Lease): Promise<void>;
  /** Takes the watermark away, so that the next read tells of everybody. @throws LeaseLost as `put` */
  forget(source: string, lease: Lease): Promise<void>;
  /** When it last moved, ISO 8601: the age of what we know. */
  movedAt(source: string): Promise<string | null>;
}

/** Who hears of a source's changes at once. */
export interface Watches {
  /** Notes that the lease's holder listens, and has heard something just now. @throws LeaseLost */
  heard(source: string, lease: Lease): Promise<void>;
  /** When whoever listens last heard something, or began to listen, ISO 8601; null where nobody listens. */
  heardAt(source: string): Promise<string | null>;
}

/**
 * Which groups a source has, and who is in them. Written by the one reader of a source (it holds the source's lease);
 * read by everybody.
 *
 * Members are kept by name (`app/person/member-names.ts`), whether anybody is known by it or not: whoever appears under
 * a name that a group holds is in it from then on. A login name that two people carry stands for neither.
 */
import type { PersonKey, StableId } from '../../person/anchor.ts';
import type { GroupEntry, GroupRef } from '../../person/entry.ts';

export type KnownGroup = {
  readonly stableId: StableId;
  readonly dn: string;
  readonly name: string;
  /** How many members the group itself names: people, groups, and names that nobody is known by. Not by primary group. */
  readonly members: number;
  /** True where members may be missing. */
  readonly partial: boolean;
};

/** A person in a group; `direct`: the group itself names them. */
export type GroupMember = { readonly key: PersonKey; readonly direct: boolean };

/** Names that a group holds and nobody is known by, and how many groups hold such names. */
export type Strangers = { readonly members: number; readonly groups: number };

/** What changed since the last `settle`: member names, groups as a whole, and the people below them. */
export type Touched = {
  readonly names: readonly string[];
  readonly groups: readonly string[];
  readonly people: readonly PersonKey[];
};

/**
 * Groups that may have other members, another name, or are gone, and names that came to somebody or left them, since
 * they were settled; each with which change it was.
 */
export type GroupNews = {
  /** All groups that this concerns: those, and all above them and above the names. */
  readonly concerned: readonly StableId[];
  readonly noted: Readonly<Record<string, string>>;
};

export type Left = { readonly names: readonly string[]; readonly people: readonly StableId[] };

/** `dn`: where it stands now. `wasKnown`: it was known by another one. */
export type RenamedGroup = Pick<GroupEntry, 'stableId' | 'dn'> & { readonly wasKnown: boolean };

export interface Groups {
  /** Of each group, whether it is known as it is told here, with all of these members and no others: `put` has nothing to do. */
  areKnown(source: string, groups: readonly GroupEntry[]): Promise<readonly boolean[]>;
  /**
   * Stores a group. Whoever came in or went out is touched; where the group itself is new or has another name,
   * everybody in it.
   */
  put(source: string, group: GroupEntry): Promise<void>;
  /** Names that a group named and does not any more, with the people who stand there by DN, as far as we know. */
  left(source: string): Promise<Left>;
  settleLeft(source: string, names: Left['names']): Promise<void>;
  /**
   * Groups that are new or stand under another DN, and by which other groups were not asked for since. `put` adds them
   * before it stores anything else.
   */
  renamed(source: string): Promise<readonly RenamedGroup[]>;
  /** Takes groups off that list, unless they were renamed again meanwhile; `all` where every group was told. */
  settleRenamed(source: string, done: readonly RenamedGroup[] | 'all'): Promise<void>;
  /** Every group of the source that is known. */
  ids(source: string): Promise<ReadonlySet<StableId>>;
  /** Forgets these groups; everybody in them is touched. */
  remove(source: string, gone: ReadonlySet<StableId>): Promise<void>;
  /** For each person's names, the groups that they are in, directly and through groups in groups. */
  of(source: string, people: readonly (readonly string[])[]): Promise<readonly (readonly GroupRef[])[]>;
  /** For each person's names, the groups that name them themselves. Not the primary group, which names nobody. */
  namedIn(
    source: string,
    people: readonly (readonly string[])[],
  ): Promise<readonly (readonly KnownGroup[])[]>;
  /** Those whose memberships changed since `settle`: they are due. */
  touched(source: string): Promise<Touched>;
  settle(source: string, touched: Pick<Touched, 'names' | 'groups'>): Promise<void>;
  /** Groups that are to be looked at where they are kept as groups. */
  news(source: string): Promise<GroupNews>;
  /** Takes these off that list, each unless it changed again meanwhile. */
  settleNews(source: string, news: GroupNews): Promise<void>;
  /** Every group above somebody's names, directly and through groups in groups. */
  above(source: string, names: readonly string[]): Promise<readonly StableId[]>;
  /** @param after the group after which the page begins; null for the first page. By name. */
  list(source: string, after: string | null, limit: number): Promise<GroupPage>;
  get(source: string, id: StableId): Promise<KnownGroup | null>;
  /** Everybody in a group, each person once, in batches: those whom it names first, then those through groups. */
  members(source: string, id: StableId): AsyncIterable<readonly GroupMember[]>;
  /** Members who are neither people nor groups that we read; of one group or of all. */
  strangers(source: string, id?: StableId): Promise<Strangers>;
}

export type GroupPage = {
  readonly groups: readonly KnownGroup[];
  /** What to ask for next; null where there is nothing more. */
  readonly next: string | null;
};

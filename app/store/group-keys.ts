/** Where the groups of a source are kept: one place for the names of the keys, and the record that each group has. */
import type { StableId } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { RenamedGroup } from './ports/index.ts';

/** Arguments a command, and commands a step: keeps a group of 100,000 members from holding Redis up. */
export const CHUNK = 1_000;

/** What is kept of a group beside its members. */
export type GroupRecord = {
  readonly dn: string;
  readonly name: string;
  /** Absent where no group can name it. */
  readonly dnKey?: string;
  readonly partial?: true;
  /** Whether one of its names stands for those who have it as their primary group. */
  readonly primary?: true;
  /** Of the member list as it was told last; empty while the stored members may be others. */
  readonly digest: string;
};

export type GroupKeys = {
  /** Hash: group id to its record. */
  groups(source: string): string;
  /** Hash: a group's DN in the one form to its id. */
  groupAt(source: string): string;
  /** Set: the names that a group holds. */
  members(source: string, id: string): string;
  /** Set: the groups that hold a name; a prefix where the name is empty. */
  memberOf(source: string, name: string): string;
  /** Sorted set without scores: name and id of each group, in the order of their names. */
  order(source: string): string;
  /** Sets: names, and groups, that were touched. */
  touchedNames(source: string): string;
  touchedGroups(source: string): string;
  /** Hash: a group whose members may be others, or a name that came to somebody or left them, to which change it was. */
  groupNews(source: string): string;
  groupNewsSeq(source: string): string;
  /** Set: names that a group named before and does not any more. */
  leftNames(source: string): string;
  /** Hash: a group's id to the DN by which no other groups were asked for yet (`renamingText`). */
  renamedGroups(source: string): string;
  /** Hash: a person's DN in the one form to their stable id. */
  personAt(source: string): string;
  /** Set: the people who carry a name other than a DN; a prefix where the name is empty. */
  named(source: string, name: string): string;
};

export function groupKeys({ key }: Store): GroupKeys {
  return {
    groups: (source) => key('groups', source),
    groupAt: (source) => key('group-at', source),
    members: (source, id) => key('group-members', source, id),
    memberOf: (source, name) => key('member-of', source, name),
    order: (source) => key('group-order', source),
    touchedNames: (source) => key('touched', source),
    touchedGroups: (source) => key('touched-groups', source),
    groupNews: (source) => key('membership-news', source),
    groupNewsSeq: (source) => key('membership-news-seq', source),
    leftNames: (source) => key('left', source),
    renamedGroups: (source) => key('renamed-groups', source),
    personAt: (source) => key('dn', source),
    named: (source, name) => key('named', source, name),
  };
}

/** Sorts by name without case; the id makes it one of a kind. */
export function placeInOrder(name: string, id: string): string {
  return `${name.toLowerCase()}\u0000${id}`;
}

export function idInOrder(place: string): StableId {
  return place.slice(place.indexOf('\u0000') + 1) as StableId;
}

/** How a group and a name stand in the news of groups; names never begin like that. */
export const GROUP_NEWS = 'group ';
export const NAME_NEWS = 'name ';

export function renamingText({ dn, wasKnown }: Omit<RenamedGroup, 'stableId'>): string {
  return `${wasKnown ? 'known' : 'new'} ${dn}`;
}

export function renamingIn(text: string): Omit<RenamedGroup, 'stableId'> {
  const at = text.indexOf(' ');
  return { dn: text.slice(at + 1), wasKnown: text.slice(0, at) === 'known' };
}

export function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += CHUNK) yield all.slice(start, start + CHUNK);
}

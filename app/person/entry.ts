/**
 * One record as a source gave it, normalised: attribute names case-folded, values always arrays of text, bytes
 * decoded by attribute syntax. The same shape for LDAP, events and files, so that mappings see no difference.
 */
import type { StableId } from './anchor.ts';

/** Attribute name (lower case) to values. Never holds an empty array. Made by `toAttributes` only. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

export type Entry = {
  readonly stableId: StableId;
  /** Where the record stands now, as the source spells it; absent for sources without DNs. */
  readonly dn?: string;
  /** The DN in the one form that groups name their members by (`dn.ts`). */
  readonly dnKey?: string;
  /** Further names by which groups name this person as a member (`member-names.ts`). The `dnKey` always is one. */
  readonly memberNames?: readonly string[];
  /** Whom attributes such as `manager` name, by attribute (lower case): the `dnKey` of each. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
  /** Groups that the record itself names (memberOf), where the source is told to go by that. */
  readonly memberOf?: readonly GroupRef[];
  /** The source's own version of this record (entryCSN, modifyTimestamp, sequence); compared as text, may be ''. */
  readonly revision: string;
  readonly attributes: Attributes;
};

/** A group as the directory keeps it. */
export type GroupEntry = {
  readonly stableId: StableId;
  readonly dn: string;
  /** The DN in the form in which other groups name it; absent where no group can name another. */
  readonly dnKey?: string;
  readonly name: string;
  /** Of people and of groups: the `dnKey`, or one of a person's `memberNames`. */
  readonly members: readonly string[];
  /** True where members may be missing: those named are in, nobody is out. */
  readonly partial?: true;
};

/** What a mapping may ask about a group that a person is in. `nested`: they are in it only through another group. */
export type GroupRef = { readonly dn: string; readonly name: string; readonly nested?: true };

/** Names that reach into JavaScript's own objects; a directory that has such an attribute is not believed (O-26). */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Builds `Attributes` from raw pairs: folds names, joins repeated names, drops names that could reach an object's
 * prototype, and drops attributes without values. Values are kept as they are; trimming is the mapping's business.
 */
export function toAttributes(pairs: Iterable<readonly [string, readonly string[]]>): Attributes {
  const result: Record<string, readonly string[]> = {};
  for (const [rawName, values] of pairs) {
    const name = rawName.toLowerCase();
    if (FORBIDDEN_NAMES.has(name) || values.length === 0) continue;
    const before = result[name];
    result[name] = before === undefined ? values : [...before, ...values];
  }
  return result;
}

/** Same attributes with the same values, whatever their order (an LDAP value set has none, RFC 4512 section 2.3). */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => sameValues(a[name] ?? [], b[name] ?? []));
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const sortedB = [...b].sort();
  return [...a].sort().every((value, index) => value === sortedB[index]);
}

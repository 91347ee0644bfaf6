/**
 * The person who is being mapped, as functions see them: their groups, every value of their attributes, and the time
 * it is. Functions leave here what they have to say besides their value: warnings, and moments from which on they will
 * give something else. The engine hands a function nothing but its arguments, and evaluation is synchronous, so there
 * is one of these for each mapping, and whoever is mapped is set before anything of theirs is computed.
 *
 * Never tells a value: warnings are fixed texts.
 */
import type { Attributes, GroupRef } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import { type GroupKeys, groupKeys } from './group-keys.ts';
import { recordAt, recordsBy, valuesIn } from './records.ts';
import { cleaned, cleanedList, firstCleaned } from './values.ts';

/** What functions may ask, and leave. */
export type PersonAtHand = {
  /** Milliseconds since 1970. */
  now(): number;
  /** All values of an attribute that are not blank. Case of the name makes no difference. */
  all(attribute: string): readonly string[];
  /** The first of them, or ''. */
  first(attribute: string): string;
  /** The same from these sources alone, the first one best. */
  firstOf(sources: readonly string[], attribute: string): string;
  /** Whether the source has a record of the person. */
  isAt(source: string): boolean;
  isIn(nameOrDn: string): boolean;
  /** Names of their groups, each once, sorted. */
  groupNames(): readonly string[];
  /** @param words a fixed text; it ends up beside the place and the attribute */
  warn(words: string): void;
  /** Names for the account, the first one best. */
  propose(userNames: readonly string[]): void;
  /** The caller gives something else from then on. Moments that have passed are of no interest. */
  changesAt(milliseconds: number): void;
  /** Computes something once for each person. */
  once<T>(what: OncePerPerson<T>): T;
};

/** Something about a person that several functions rest on; its identity tells it apart. */
export type OncePerPerson<T> = (person: PersonAtHand) => T;

export type AtHand = PersonAtHand & {
  /** Whoever is mapped from now on; nothing is left of the one before. */
  begin(identity: Identity, now: Date): void;
  /** What functions had to say since this was last asked, each thing once. */
  takeWarnings(): readonly string[];
  /** The names that were proposed since `begin`. */
  proposed(): readonly string[];
  /** The earliest moment that was noted since `begin`. */
  earliestChange(): Date | null;
};

const NONE: readonly string[] = [];

/** @param precedence which source counts first where several say something; null: there is but the person's own */
export function createAtHand(precedence: readonly string[] | null = null): AtHand {
  let person: Identity | null = null;
  let records: readonly Attributes[] = [];
  let groups: readonly GroupRef[] = [];
  let keys: GroupKeys | null = null;
  let time = 0;
  let earliest = Number.POSITIVE_INFINITY;
  let warnings: string[] | null = null;
  let proposals = NONE;
  let known: Map<OncePerPerson<unknown>, unknown> | null = null;
  const valuesOf = (attribute: string): readonly string[] => valuesIn(records, attribute.toLowerCase());
  const atHand: AtHand = {
    begin(identity, now) {
      person = identity;
      records = recordsBy(identity, precedence);
      groups = identity.groups;
      time = now.getTime();
      earliest = Number.POSITIVE_INFINITY;
      keys = warnings = known = null;
      proposals = NONE;
    },
    takeWarnings() {
      if (warnings === null) return NONE;
      const taken = [...new Set(warnings)];
      warnings = null;
      return taken;
    },
    propose(userNames) {
      proposals = userNames;
    },
    proposed: () => proposals,
    earliestChange: () => (earliest === Number.POSITIVE_INFINITY ? null : new Date(earliest)),
    now: () => time,
    all: (attribute) => cleanedList(valuesOf(attribute)),
    first: (attribute) => firstCleaned(valuesOf(attribute)),
    firstOf(sources, attribute) {
      const found = person === null ? [] : recordsBy(person, sources);
      return firstCleaned(valuesIn(found, attribute.toLowerCase()));
    },
    isAt: (source) => person !== null && recordAt(person, source) !== null,
    isIn(nameOrDn) {
      keys ??= groupKeys(groups);
      return keys.has(nameOrDn);
    },
    groupNames: () => [...new Set(groups.map(({ name }) => cleaned(name)))].sort(),
    warn(words) {
      warnings ??= [];
      warnings.push(words);
    },
    changesAt(milliseconds) {
      if (milliseconds > time && milliseconds < earliest) earliest = milliseconds;
    },
    once<T>(what: OncePerPerson<T>): T {
      known ??= new Map();
      if (known.has(what)) return known.get(what) as T;
      const made = what(atHand);
      known.set(what, made);
      return made;
    },
  };
  return atHand;
}

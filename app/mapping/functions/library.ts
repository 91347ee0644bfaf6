/**
 * What a function of the library is: how it is written, what it gives, examples of it, and how it is carried out. One
 * value for each function, in the file of its subject; `index.ts` puts them together, docs/mappings.md is made of them,
 * and a test runs every example through a mapping.
 *
 * Rules that all of them keep: absent in, absent out ("" or []); a text that is there and cannot be understood is never
 * guessed at: the function says that it cannot tell (`cannot-tell.ts`), or leaves the value out with a warning where
 * the incident says so (O-09 h).
 */
import type { PersonAtHand } from '../at-hand.ts';
import type { EngineFunction } from '../engine.ts';

/** Table name to its entries, keys folded by `foldKey`. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** An expression, and what it gives for a person. */
export type Example = {
  readonly expression: string;
  /** Attributes of the person; one value may stand alone. */
  readonly entry?: Readonly<Record<string, string | readonly string[]>>;
  /** Names of the groups they are in. */
  readonly groups?: readonly string[];
  /** What the source `hr` has of them, where it is joined to their own source, `corp`. */
  readonly joined?: { readonly hr: Readonly<Record<string, string>> };
  /** Where it gives the account's name. */
  readonly isUserName?: true;
  /** When it is computed, ISO 8601; 2026-03-01T12:00:00Z where it is left out. */
  readonly at?: string;
  /** undefined: the value is absent, and left out of the account. */
  readonly gives?: string | number | boolean | readonly string[];
  /** How the warning begins that goes with it. */
  readonly warns?: string;
  /** What is said where it cannot be computed; the person fails, or `active` is left out. */
  readonly fails?: string;
};

export type LibraryFunction = {
  readonly name: string;
  /** As a reader of a message needs it: `e164(number) or e164(number, country)`. */
  readonly usage: string;
  /** For docs/mappings.md: what it gives. */
  readonly gives: string;
  readonly examples: readonly Example[];
  /** Attributes that it reads by itself, as directories spell them. */
  readonly reads?: readonly string[];
  /** What is wrong with a constant argument, by its position: found when the file is loaded. */
  readonly constants?: Readonly<Record<number, (text: string) => string | null>>;
  /** Positions of arguments that have to be constant. */
  readonly mustBeConstant?: readonly number[];
  /** Absent for what the engine brings. */
  readonly overloads?: (person: PersonAtHand, tables: Tables) => readonly EngineFunction[];
};

/**
 * The functions that expressions may call: a fixed list, so that the engine's dangerous or surprising ones (`matches`,
 * `dyn`, `bytes`, `has`) are out of reach. Each is defined in the file of its subject; here they come together.
 */
import type { PersonAtHand } from '../at-hand.ts';
import type { EngineFunction } from '../engine.ts';
import { ACCOUNTS } from './accounts.ts';
import { DIRECTORY } from './directory.ts';
import type { LibraryFunction, Tables } from './library.ts';
import { LISTS } from './lists.ts';
import { LOCALES } from './locales.ts';
import { MAIL } from './mail.ts';
import { SOURCES } from './sources.ts';
import { TELEPHONE } from './telephone.ts';
import { TEXT } from './text.ts';
import { TIME } from './time.ts';

/** By subject, in the order of docs/mappings.md. */
export const LIBRARY: Readonly<Record<string, readonly LibraryFunction[]>> = {
  Texts: TEXT,
  'Values, lists and numbers': LISTS,
  'Directories and groups': DIRECTORY,
  'Several sources, and unique names': SOURCES,
  'Mail addresses': MAIL,
  'Telephone numbers': TELEPHONE,
  'Accounts of Active Directory': ACCOUNTS,
  Time: TIME,
  'Countries and languages': LOCALES,
};

const BY_NAME: ReadonlyMap<string, LibraryFunction> = new Map(
  Object.values(LIBRARY).flatMap((functions) => functions.map((each) => [each.name, each] as const)),
);

/** Every function that is allowed, with how it is written. */
export const FUNCTION_USAGE: ReadonlyMap<string, string> = new Map(
  [...BY_NAME].map(([name, { usage }]) => [name, usage] as const),
);

/** The attributes that functions read by themselves, as directories spell them. */
export const FUNCTION_READS: ReadonlyMap<string, readonly string[]> = new Map(
  [...BY_NAME].flatMap(([name, { reads }]) => (reads === undefined ? [] : [[name, reads] as const])),
);

/** Those that ask for the person at hand or the time it is, and so are of no use for a group. */
export const PERSON_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['inGroup', 'groups', 'primaryMail', 'otherMails', 'mails', 'activeFromAD', 'from', 'isIn'],
  ...['reached', 'now'],
]);

/** Those that name a variable of their own and go through a list. */
export const LIST_MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'exists', 'exists_one', 'all']);

/** Functions of the engine that people know from elsewhere, and what to write here. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['matches', 'matches() is not allowed, since a pattern could stop everything. Use matchRe().'],
  ['has', 'has() is not needed: an absent attribute is "". Compare with "".'],
  ['lowerAscii', 'lowerAscii() is called lower() here.'],
  ['upperAscii', 'upperAscii() is called upper() here.'],
  ['table', 'table() is called lookup() here.'],
]);

/** What is wrong with the arguments of a call, as far as it shows without a person. */
export type ArgumentFault = { readonly position: number; readonly message: string };

/** @param constants the arguments behind the text that a method is called on; null for one that is computed */
export function argumentFaults(
  name: string,
  constants: readonly (string | null)[],
): readonly ArgumentFault[] {
  const called = BY_NAME.get(name);
  const checks = Object.entries(called?.constants ?? {});
  return checks.flatMap(([at, check]): readonly ArgumentFault[] => {
    const position = Number(at);
    const text = constants[position];
    if (text === undefined) return [];
    const message = text === null ? computedFault(called, position) : check(text);
    return message === null ? [] : [{ position, message }];
  });
}

function computedFault(called: LibraryFunction | undefined, position: number): string | null {
  if (called?.mustBeConstant?.includes(position) !== true) return null;
  return `${called.name}() takes a constant text in double quotes here. Write ${called.usage}.`;
}

/** All of them, for the engine. */
export function createFunctions(tables: Tables, person: PersonAtHand): readonly EngineFunction[] {
  return [...BY_NAME.values()].flatMap(({ overloads }) => overloads?.(person, tables) ?? []);
}

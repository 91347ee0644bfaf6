/**
 * The functions that expressions may call: a fixed list, so that the engine's dangerous or surprising ones (`matches`,
 * `dyn`, `bytes`, `has`) are out of reach. Patterns run on RE2, which takes linear time whatever the pattern (O-26 g).
 */
import { RE2JS } from 're2js';
import type { GroupRef } from '../person/entry.ts';
import type { EngineFunction } from './engine.ts';
import { firstCleaned } from './values.ts';

/** Every function that is allowed, with how it is written; the page docs/mappings.md explains them. */
export const FUNCTION_USAGE: ReadonlyMap<string, string> = new Map([
  ['first', 'first(text, …) or first(list)'],
  ['table', 'table("name", key) or table("name", key, default)'],
  ['inGroup', 'inGroup("name or DN")'],
  ['trim', 'text.trim()'],
  ['lower', 'text.lower()'],
  ['upper', 'text.upper()'],
  ['matchRe', 'text.matchRe("pattern")'],
  ['replaceRe', 'text.replaceRe("pattern", "replacement")'],
  ['startsWith', 'text.startsWith(text)'],
  ['endsWith', 'text.endsWith(text)'],
  ['contains', 'text.contains(text)'],
  ['indexOf', 'text.indexOf(text)'],
  ['lastIndexOf', 'text.lastIndexOf(text)'],
  ['substring', 'text.substring(start) or text.substring(start, end)'],
  ['split', 'text.split(separator)'],
  ['join', 'list.join(separator)'],
  ['size', 'text.size() or list.size()'],
  ['int', 'int(text)'],
  ['double', 'double(text)'],
  ['string', 'string(number)'],
  ['map', 'list.map(x, expression)'],
  ['filter', 'list.filter(x, condition)'],
  ['exists', 'list.exists(x, condition)'],
  ['exists_one', 'list.exists_one(x, condition)'],
  ['all', 'list.all(x, condition)'],
]);

/** Those that name a variable of their own and go through a list. */
export const LIST_MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'exists', 'exists_one', 'all']);

/** Functions of the engine that people know from elsewhere, and what to write here. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['matches', 'matches() is not allowed, since a pattern could stop everything. Use matchRe().'],
  ['has', 'has() is not needed: an absent attribute is "". Compare with "".'],
  ['lowerAscii', 'lowerAscii() is called lower() here.'],
  ['upperAscii', 'upperAscii() is called upper() here.'],
]);

/** Table name to its entries, keys folded by `foldKey`. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Directories compare such values without case (RFC 4517, caseIgnoreMatch), so tables do. */
export function foldKey(key: string): string {
  return key.normalize('NFC').toLowerCase();
}

/** @returns why the pattern cannot be used, or null */
export function patternFault(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What `inGroup` is asked against: a name is never taken for a DN, nor the other way round. */
export function groupKeys(groups: readonly GroupRef[]): ReadonlySet<string> {
  return new Set(groups.flatMap(({ name, dn }) => [`name:${foldKey(name.trim())}`, `dn:${foldDn(dn)}`]));
}

function groupKey(nameOrDn: string): string {
  const isDn = /^[A-Za-z][A-Za-z0-9.-]*\s*=/.test(nameOrDn);
  return isDn ? `dn:${foldDn(nameOrDn)}` : `name:${foldKey(nameOrDn.trim())}`;
}

/**
 * `CN=Staff, OU=Groups` and `cn=staff,ou=groups` are one DN; an escaped comma belongs to the value, however it is
 * escaped: OpenLDAP says `\2C` where people write `\,` (RFC 4514 section 2.4).
 */
function foldDn(dn: string): string {
  const escaped = dn.trim().replaceAll(/(?:\\[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('\\', ''), 'hex')
      .toString('utf8')
      .replaceAll(/[\\,+"<>;#]/g, '\\$&'),
  );
  return foldKey(escaped).replaceAll(/(?<!\\),\s*/g, ',');
}

/**
 * @param groupsOfPerson the group keys of whoever is being mapped. The engine hands a function nothing but its
 *   arguments, and evaluation is synchronous, so the person at hand is asked for at the moment of the call.
 */
export function createFunctions(
  tables: Tables,
  groupsOfPerson: () => ReadonlySet<string>,
): readonly EngineFunction[] {
  const patterns = new Map<string, RE2JS>();
  const compiled = (pattern: string): RE2JS => {
    const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
    patterns.set(pattern, known); // patterns are constants of the file, so this stays small
    return known;
  };
  const lookUp = (name: string, key: string, otherwise: string): string =>
    tables.get(name)?.get(foldKey(key)) ?? otherwise;
  return [
    ...[1, 2, 3, 4, 5, 6].map((count) => ({
      signature: `first(${Array(count).fill('string').join(', ')}): string`,
      handler: (...texts: string[]) => firstCleaned(texts),
    })),
    { signature: 'first(list<string>): string', handler: (texts: string[]) => firstCleaned(texts) },
    {
      signature: 'table(string, string): string',
      handler: (name: string, key: string) => lookUp(name, key, ''),
    },
    { signature: 'table(string, string, string): string', handler: lookUp },
    { signature: 'inGroup(string): bool', handler: (group: string) => groupsOfPerson().has(groupKey(group)) },
    { signature: 'string.lower(): string', handler: (text: string) => text.toLowerCase() },
    { signature: 'string.upper(): string', handler: (text: string) => text.toUpperCase() },
    {
      signature: 'string.matchRe(string): bool',
      handler: (text: string, pattern: string) => compiled(pattern).matcher(text).find(),
    },
    {
      signature: 'string.replaceRe(string, string): string',
      handler: (text: string, pattern: string, replacement: string) =>
        compiled(pattern).matcher(text).replaceAll(replacement),
    },
  ];
}

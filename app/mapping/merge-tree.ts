/**
 * Lays one part of a mapping over another: a file over what it includes, an environment over the file. Maps are merged
 * key by key; lists and single values are replaced. Pure.
 *
 * Two things go together and are no maps of names: what gives an attribute's value (`value`, `from`, …) is one choice,
 * so the winner's takes the place of the other's; and the keys of a lookup table are compared without case, while a
 * table from a CSV file never mixes with one that is written out.
 */
import { isCsvTable } from './csv-table.ts';
import { foldKey } from './fold-key.ts';
import { entryOf, type Located, type LocatedEntry, type LocatedMap } from './yaml-tree.ts';

/** Options of which an attribute has one: they say in different ways where its value comes from. */
const WAYS_TO_A_VALUE: ReadonlySet<string> = new Set(['value', 'from', 'accountOf', 'items']);

/** Whose place a merged map is told at. */
type Places = 'of-under' | 'of-over';

export function laidOver(under: Located, over: Located, places: Places): Located {
  return merged(under, over, places, []);
}

function merged(under: Located, over: Located, places: Places, path: readonly string[]): Located {
  if (under.kind !== 'map' || over.kind !== 'map') return over;
  const isTable = path.length === 2 && path[0] === 'tables';
  if (isTable && isCsvTable(under) !== isCsvTable(over)) return over;
  const kept = path[0] === 'attributes' ? withoutOtherWays(under, over) : under.entries;
  const fold = isTable ? foldKey : (key: string) => key;
  const winners = new Map(over.entries.map((entry) => [fold(entry.key), entry] as const));
  const used = new Set<LocatedEntry>();
  const entries = kept.map((entry): LocatedEntry => {
    const winner = winners.get(fold(entry.key));
    if (winner === undefined) return entry;
    used.add(winner);
    const value = merged(entry.value, winner.value, places, [...path, entry.key]);
    const isMerged = entry.value.kind === 'map' && winner.value.kind === 'map';
    return { key: winner.key, keyAt: isMerged && places === 'of-under' ? entry.keyAt : winner.keyAt, value };
  });
  const added = over.entries.filter((entry) => !used.has(entry));
  return {
    kind: 'map',
    at: places === 'of-under' ? under.at : over.at,
    entries: [...entries, ...added],
    isWhole: under.isWhole && over.isWhole,
  };
}

function withoutOtherWays(under: LocatedMap, over: LocatedMap): readonly LocatedEntry[] {
  const choosesAnew = [...WAYS_TO_A_VALUE].some((way) => entryOf(over, way) !== undefined);
  if (!choosesAnew) return under.entries;
  return under.entries.filter(({ key }) => !WAYS_TO_A_VALUE.has(key) || entryOf(over, key) !== undefined);
}

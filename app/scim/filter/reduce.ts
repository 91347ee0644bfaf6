/**
 * What of a filter a target can be asked, where its search does not understand everything. What is sent never leaves
 * anybody out whom the whole filter would find: an expression that the target does not understand is left out, and of
 * `or` nothing can be sent where one side cannot. Pure.
 *
 *   filter      the target                          sent
 *   ─────────   ─────────────────────────────────   ──────────────────────────────────────
 *   x           understands x                       x
 *   x           does not                            nothing: everybody has to be listed
 *   a and b     understands both, and joins         a and b
 *   a and b     understands one of them             that one
 *   a and b     understands both, but no joins      the one that is likely to find fewer
 *   a or b      understands both, and joins         a or b
 *   a or b      anything else                       nothing
 */
import { type AttributePath, sameName } from '../resource.ts';
import type { FilterAbilities, FilterableAttributes } from './abilities.ts';
import type { Filter, FilterLeaf } from './expression.ts';

export type Reduced = {
  /** null: nothing can be asked, so everybody has to be listed. */
  readonly sent: Filter | null;
  /** Whether the answer holds more than was looked for, so that `matchesFilter` has to decide. */
  readonly check: boolean;
};

/** What can be asked of a target with these abilities. */
export function reduceFilter(filter: Filter, abilities: FilterAbilities): Reduced {
  const sent = weakened(filter, (leaf) => understands(leaf, abilities), abilities.joins);
  return { sent, check: sent !== filter };
}

/**
 * The filter without the expressions that do not count, so that it finds the same or more.
 * @param counts whether an expression shall stay
 * @param joins whether several expressions may stay
 * @returns the filter itself where nothing has been left out; null where it would find everybody
 */
export function weakened(filter: Filter, counts: (leaf: FilterLeaf) => boolean, joins = true): Filter | null {
  if (filter.kind === 'present' || filter.kind === 'compare') return counts(filter) ? filter : null;
  const parts = filter.parts.map((part) => weakened(part, counts, joins));
  const kept = parts.filter((part) => part !== null);
  if (joins && parts.every((part, index) => part === filter.parts[index])) return filter;
  if (filter.kind === 'or' && (!joins || kept.length < parts.length)) return null;
  if (joins && kept.length > 1) return { kind: filter.kind, parts: kept };
  return kept.reduce<Filter | null>(
    (best, part) => (best === null || breadth(part) < breadth(best) ? part : best),
    null,
  );
}

function understands({ path, ...leaf }: FilterLeaf, abilities: FilterAbilities): boolean {
  const operator = leaf.kind === 'present' ? 'pr' : leaf.operator;
  return abilities.operators.includes(operator) && isFilterable(path, abilities.attributes);
}

function isFilterable(
  [attribute]: AttributePath,
  attributes: FilterableAttributes = { allBut: [] },
): boolean {
  const isIn = (names: readonly string[]) => names.some((name) => sameName(name, attribute));
  return 'only' in attributes ? isIn(attributes.only) : !isIn(attributes.allBut);
}

/** A guess at how many an expression finds; the lowest finds the fewest. */
function breadth(filter: Filter): number {
  if (filter.kind !== 'compare') return 4;
  if (filter.operator !== 'eq') return filter.operator === 'sw' ? 2 : 3;
  return typeof filter.value === 'string' ? 0 : 1;
}

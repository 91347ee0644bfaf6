/**
 * Writes a filter the way a target wants it: what stands behind a URN, and how a boolean is spelled, are its own. No
 * value can change the meaning: texts are JSON strings (O-14). A join within a join always gets brackets, since there
 * are servers for which `and` does not bind tighter than `or` (targets.md, Salesforce). Pure.
 */
import { BY_THE_LETTER, type FilterAbilities } from './abilities.ts';
import type { Filter, FilterValue } from './expression.ts';
import { formatFilterPath } from './path.ts';

export type FilterSpelling = Pick<FilterAbilities, 'afterUrn' | 'booleans'>;

/** The filter as text, not yet encoded for a URL. */
export function formatFilter(filter: Filter, spelling: FilterSpelling = BY_THE_LETTER): string {
  switch (filter.kind) {
    case 'present':
      return `${formatFilterPath(filter.path, spelling.afterUrn)} pr`;
    case 'compare': {
      const path = formatFilterPath(filter.path, spelling.afterUrn);
      return `${path} ${filter.operator} ${formatValue(filter.value, spelling)}`;
    }
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => {
        const text = formatFilter(part, spelling);
        return part.kind === 'and' || part.kind === 'or' ? `(${text})` : text;
      });
      return parts.join(` ${filter.kind} `);
    }
  }
}

function formatValue(value: FilterValue, { booleans }: FilterSpelling): string {
  // JSON.stringify also writes lone surrogates as escapes, which would make encodeURIComponent throw.
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'boolean' && booleans === 'quoted' ? `"${value}"` : String(value);
}

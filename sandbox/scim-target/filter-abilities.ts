/** What one kind of server understands of a filter that is well written. It refuses the rest, as with 400. */
import type { FilterHabits } from './dialects/dialect.ts';
import { type Filter, FilterError } from './filter.ts';

/** @throws FilterError that says what is not understood */
export function refuseBeyond(habits: FilterHabits, kind: 'users' | 'groups', filter: Filter): void {
  if ('parts' in filter) {
    if (!habits.joins) throw new FilterError('Expressions cannot be joined here.');
    for (const part of filter.parts) refuseBeyond(habits, kind, part);
    return;
  }
  const operator = filter.kind === 'present' ? 'pr' : filter.operator;
  if (!habits.operators.includes(operator)) {
    throw new FilterError(`The operator is not supported here; supported: ${habits.operators.join(', ')}.`);
  }
  const [name = ''] = filter.path;
  if (kind === 'users' && !canFind(habits, name)) {
    throw new FilterError(`${name} cannot be filtered.`);
  }
}

/** The filter with what it calls by another name. */
export function withoutAliases(aliases: FilterHabits['aliases'], filter: Filter): Filter {
  if ('parts' in filter)
    return { ...filter, parts: filter.parts.map((part) => withoutAliases(aliases, part)) };
  const [name = '', ...more] = filter.path;
  const meant = Object.entries(aliases).find(([alias]) => alias === name.toLowerCase());
  return meant ? { ...filter, path: [meant[1], ...more] } : filter;
}

function canFind({ users }: FilterHabits, name: string): boolean {
  return 'only' in users ? users.only.includes(name) : !users.allBut.includes(name);
}

/** Asks for entries by stable id, several at once. */
import { type Filter, OrFilter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import type { Session } from '../session.ts';

/** Ids asked for in one search; servers limit how long a filter may be. */
const IDS_A_SEARCH = 50;

/** Filters that find these entries. An id that cannot be one of this kind of directory finds nobody. */
export function byIds({ dialect }: Session, ids: Iterable<StableId>): readonly Filter[] {
  const each = [...ids].flatMap((id) => dialect.id.filter(id) ?? []);
  const filters: Filter[] = [];
  for (let at = 0; at < each.length; at += IDS_A_SEARCH) {
    filters.push(new OrFilter({ filters: each.slice(at, at + IDS_A_SEARCH) }));
  }
  return filters;
}

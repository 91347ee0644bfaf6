/**
 * A filter on its way into a URL: the whole expression is encoded, so that neither a blank nor `&`, `+` or `#` in a
 * value ends it (draft-scim-api-01, 3.2.2.1; O-14).
 */
import { where } from './expression.ts';
import { formatFilter } from './format.ts';

/** `userName eq "…"` */
export function equalsFilter(attribute: string, value: string): string {
  return formatFilter(where(attribute, 'eq', value));
}

/** `filter=…`, ready to stand behind the `?` of a URL. */
export function filterQuery(filter: string): string {
  return `filter=${encodeURIComponent(filter)}`;
}

/**
 * Builds the search filters that Landbridge sends. Values go into filter objects, never into filter text, so that no
 * value can change a filter's meaning (RFC 4515 section 3) and no byte is damaged on its way through text.
 *
 * Only `>=` is used for "changed since": LDAP has no `>`, and ">= and not =" loses a second change in the same
 * second (case O-03).
 */
import { AndFilter, EqualityFilter, type Filter, GreaterThanEqualsFilter, OrFilter } from 'ldapts';
import type { Marker } from '../tracking/stamps.ts';

/** `(attribute=value)`; `toString()` shows it escaped. */
export function equals(attribute: string, value: string | Buffer): Filter {
  return new EqualityFilter({ attribute, value });
}

export function both(first: Filter, second: Filter): Filter {
  return new AndFilter({ filters: [first, second] });
}

/** Any of these values. There must be one: an empty `(|)` is false for the server, which is a silent nothing. */
export function oneOf(attribute: string, values: readonly [string, ...string[]]): Filter {
  return new OrFilter({ filters: values.map((value) => equals(attribute, value)) });
}

/** Everything that changed at or after `bound`, which `tracking/stamps.ts` has made and so is well-formed. */
export function changedSince(marker: Marker, bound: string): Filter {
  return new GreaterThanEqualsFilter({ attribute: marker, value: bound });
}

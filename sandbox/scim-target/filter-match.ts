/**
 * Says whether a user matches a filter. Pure; a filter is made into a predicate once and then asked for each user.
 *
 * An element of a multi-valued attribute that matches is enough, and the short form `emails eq "…"` means its `value`.
 * Strings ignore case except `id` and `externalId`; dates compare in time; a quoted boolean equals a bare one, as this
 * target's documentation writes it (draft-scim-api-01, section 3.2.2.1).
 */
import type { Filter, FilterValue, Operator } from './filter.ts';
import { isList, isObject, type Json, type JsonObject, memberOf } from './json.ts';

const CASE_EXACT: ReadonlySet<string> = new Set(['id', 'externalId']);
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

export type Predicate = (user: JsonObject) => boolean;

export function matcherOf(filter: Filter): Predicate {
  switch (filter.kind) {
    case 'or': {
      const parts = filter.parts.map(matcherOf);
      return (user) => parts.some((part) => part(user));
    }
    case 'and': {
      const parts = filter.parts.map(matcherOf);
      return (user) => parts.every((part) => part(user));
    }
    case 'present':
      return (user) => valuesAt(user, filter.path).some(isPresent);
    case 'compare': {
      const exact = filter.path.length === 1 && CASE_EXACT.has(filter.path[0] ?? '');
      const holds = comparison(filter.operator, filter.value, exact);
      return (user) =>
        valuesAt(user, filter.path).some((value) =>
          holds(isObject(value) ? memberOf(value, 'value') : value),
        );
    }
  }
}

function valuesAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  if (value === undefined) return [];
  if (isList(value)) return value.flatMap((item) => valuesAt(item, path));
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  return isObject(value) ? valuesAt(memberOf(value, head), rest) : [];
}

function isPresent(value: Json): boolean {
  return value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0);
}

function comparison(
  operator: Operator,
  wanted: FilterValue,
  exact: boolean,
): (value: Json | undefined) => boolean {
  const fold = (text: string) => (exact ? text : text.toLowerCase());
  const sought = typeof wanted === 'string' ? fold(wanted) : wanted;
  return (value) => {
    if (typeof value === 'boolean') return operator === 'eq' && String(value) === String(sought);
    if (typeof value === 'number') return typeof sought === 'number' && ordered(operator, value - sought);
    if (typeof value !== 'string' || typeof sought !== 'string') return false;
    return compareText(operator, fold(value), sought);
  };
}

function compareText(operator: Operator, value: string, sought: string): boolean {
  if (operator === 'co') return value.includes(sought);
  if (operator === 'sw') return value.startsWith(sought);
  const [left, right] = [instantOf(value), instantOf(sought)];
  if (left !== null && right !== null) return ordered(operator, left - right);
  return ordered(operator, value < sought ? -1 : value > sought ? 1 : 0);
}

function instantOf(text: string): number | null {
  if (!DATE_TIME.test(text.toUpperCase())) return null;
  const instant = Date.parse(text.toUpperCase());
  return Number.isNaN(instant) ? null : instant;
}

function ordered(operator: Operator, difference: number): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'co':
    case 'sw':
      return false;
  }
}

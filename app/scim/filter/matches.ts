/**
 * Whether a resource is one that a filter looks for, decided here and not by the target: for targets whose search
 * understands less, and because some ignore a filter and answer with everybody (O-11 e). Pure.
 *
 * Case: names always ignore it. Texts do as well (draft-scim-core-schema-01, 3.1), but for `id` and `externalId`, which
 * are somebody's keys. Dates compare in time, whatever their zone; without a zone they are read as UTC. Of a
 * multi-valued attribute any element will do, and `emails co "x"` means its `value`.
 */
import {
  type AttributePath,
  CORE_URN,
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  sameName,
  withoutBlanks,
} from '../resource.ts';
import type { Comparison, Filter, FilterValue } from './expression.ts';

const CASE_EXACT = ['id', 'externalId'];

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?<zone>Z|[+-]\d{2}:\d{2})?$/i;

/** @param resource as on the wire, with `id`, extensions under their URNs */
export function matchesFilter(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchesFilter(part, resource));
    case 'or':
      return filter.parts.some((part) => matchesFilter(part, resource));
    case 'present':
      return valuesAt(resource, filter.path).some((value) => withoutBlanks(value) !== undefined);
    case 'compare': {
      const { path, operator, value } = filter;
      const exact = path.length === 1 && CASE_EXACT.some((name) => sameName(name, path[0]));
      return valuesAt(resource, path).some((each) => compares(simpleValue(each), operator, value, exact));
    }
  }
}

/** Everything that stands at the path; a list counts as its elements. */
function valuesAt(resource: JsonObject, path: AttributePath): readonly Json[] {
  const names: readonly string[] = sameName(path[0], CORE_URN) ? path.slice(1) : path;
  return names.reduce<readonly Json[]>((so, name) => so.flatMap((value) => under(value, name)), [resource]);
}

function under(value: Json, name: string): readonly Json[] {
  // A bare element stands for its value.
  if (!isJsonObject(value)) return sameName(name, 'value') ? [value] : [];
  const member = memberOf(value, name);
  if (member === undefined) return [];
  return isJsonList(member) ? member : [member];
}

function simpleValue(value: Json): Json | undefined {
  return isJsonObject(value) ? memberOf(value, 'value') : value;
}

function compares(
  actual: Json | undefined,
  operator: Comparison,
  asked: FilterValue,
  exact: boolean,
): boolean {
  if (actual === undefined || actual === null || typeof actual === 'object') return false;
  if (operator === 'co' || operator === 'sw') {
    const [text, part] = exact ? [String(actual), String(asked)] : [folded(actual), folded(asked)];
    return operator === 'co' ? text.includes(part) : text.startsWith(part);
  }
  if (typeof actual === 'boolean') return operator === 'eq' && folded(asked) === String(actual);
  return inOrder(order(actual, asked, exact), operator);
}

function inOrder(order: number, operator: Exclude<Comparison, 'co' | 'sw'>): boolean {
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
  }
}

/** Below 0 where `actual` comes before `asked`, 0 where they are the same. */
function order(actual: string | number, asked: FilterValue, exact: boolean): number {
  if (exact) return compareText(String(actual), String(asked));
  // What one server sends as a number, an employee's for one, is a text at the next.
  const [number, askedNumber] = [numberIn(actual), numberIn(asked)];
  const either = typeof actual === 'number' || typeof asked === 'number';
  if (either && number !== null && askedNumber !== null) return number - askedNumber;
  const [time, askedTime] = [timeIn(actual), timeIn(asked)];
  if (time !== null && askedTime !== null) return time - askedTime;
  return compareText(folded(actual), folded(asked));
}

function folded(value: FilterValue): string {
  return String(value).toLowerCase();
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function numberIn(value: FilterValue): number | null {
  if (typeof value === 'string' && !/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return null;
  return typeof value === 'boolean' ? null : Number(value);
}

function timeIn(value: FilterValue): number | null {
  const date = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (date === null) return null;
  const time = Date.parse(date.groups?.zone === undefined ? `${date[0]}Z` : date[0]);
  return Number.isNaN(time) ? null : time;
}

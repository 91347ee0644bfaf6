/**
 * Searching and paging, of users and of groups alike (draft-scim-api-01, section 3.2.2). `startIndex` counts from 1 and
 * `count` is cut to what the dialect gives; faults make it count otherwise. Resources come in the order they were made.
 */
import type { Dialect } from './dialects/dialect.ts';
import type { Distortions } from './fault-effects.ts';
import { FilterError, parseFilter } from './filter.ts';
import { refuseBeyond, withoutAliases } from './filter-abilities.ts';
import { matcherOf, type Predicate } from './filter-match.ts';
import type { Json, JsonObject } from './json.ts';
import { ScimError } from './scim-error.ts';

const STUB: ReadonlySet<string> = new Set(['id', 'userName', 'displayName', 'meta']);

/** @throws ScimError 400 for a filter, startIndex or count that cannot be used */
export function listOf(
  dialect: Dialect,
  kind: 'users' | 'groups',
  resources: readonly JsonObject[],
  query: URLSearchParams,
  distortions: Distortions,
): JsonObject {
  const { key, schemas, defaultCount, maxCount, shows } = dialect.list;
  const count = Math.min(Math.max(readInteger(query, 'count') ?? defaultCount, 0), maxCount);
  const page = pageAt(readInteger(query, 'startIndex'), count, distortions);
  const matches = readFilter(dialect, kind, query.get('filter'));
  const prefix = kind === 'groups' ? (dialect.groups?.prefix ?? '') : '';
  const found = resources.filter(
    (resource) =>
      distortions.ignoreFilter ||
      matches(resource) ||
      (prefix !== '' && matches(withoutPrefix(resource, prefix))),
  );
  const shown = found.slice(page.offset, page.offset + count);
  return {
    schemas,
    totalResults: totalOf(found.length, distortions),
    ...framing(dialect, { count, returned: shown.length, startIndex: page.startIndex }, distortions),
    [key]: shows === 'stubs' ? shown.map(stubOf) : shown,
  };
}

/** Where the page begins, and what is said about it. */
function pageAt(
  asked: number | undefined,
  count: number,
  { startIndexCounts, shift }: Distortions,
): { readonly startIndex: number; readonly offset: number } {
  const shifted = (offset: number) => (offset > 0 ? Math.max(offset + shift, 0) : 0);
  switch (startIndexCounts) {
    case 'nothing':
      return { startIndex: 1, offset: 0 };
    case 'from-1': {
      const startIndex = Math.max(asked ?? 1, 1);
      return { startIndex, offset: shifted(startIndex - 1) };
    }
    case 'from-0': {
      const startIndex = Math.max(asked ?? 0, 0);
      return { startIndex, offset: shifted(startIndex) };
    }
    case 'pages-from-0': {
      const startIndex = Math.max(asked ?? 0, 0);
      return { startIndex, offset: shifted(startIndex * count) };
    }
    case 'pages-from-1': {
      const startIndex = Math.max(asked ?? 1, 1);
      return { startIndex, offset: shifted((startIndex - 1) * count) };
    }
  }
}

function framing(
  { list }: Dialect,
  { count, returned, startIndex }: { count: number; returned: number; startIndex: number },
  { itemsPerPage }: Distortions,
): JsonObject {
  if (itemsPerPage !== null) return { itemsPerPage, startIndex };
  if (list.itemsPerPage === 'absent') return {};
  return { itemsPerPage: list.itemsPerPage === 'size' ? count : returned, startIndex };
}

function totalOf(found: number, { total, totalAsText }: Distortions): Json {
  const said = total ?? found;
  return totalAsText ? String(said) : said;
}

function stubOf(resource: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(resource).filter(([name]) => STUB.has(name)));
}

function withoutPrefix(resource: JsonObject, prefix: string): JsonObject {
  const name = resource['displayName'];
  if (typeof name !== 'string' || !name.startsWith(prefix)) return resource;
  return { ...resource, displayName: name.slice(prefix.length) };
}

function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimError(400, `${name} must be a whole number.`);
  return Number(text);
}

function readFilter({ filter: habits }: Dialect, kind: 'users' | 'groups', text: string | null): Predicate {
  if (text === null) return () => true;
  try {
    const filter = withoutAliases(habits.aliases, parseFilter(text));
    refuseBeyond(habits, kind, filter);
    return matcherOf(filter);
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(habits.refusal ?? 400, `filter: ${error.message}`);
    throw error;
  }
}

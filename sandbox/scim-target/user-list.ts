/**
 * Searching and paging. `startIndex` counts users from 1, `count` is cut to 200, and `itemsPerPage` is the page's size
 * rather than the number returned: that is what the vendor's sample shows. Users come in the order they were made.
 */
import { CORE_URN, LEANKIT_URN } from './attributes.ts';
import type { Distortions } from './fault-effects.ts';
import { FilterError, parseFilter } from './filter.ts';
import { matcherOf, type Predicate } from './filter-match.ts';
import type { JsonObject } from './json.ts';
import { ScimError } from './scim-error.ts';
import type { UserRenderer } from './user-resource.ts';
import type { User } from './user-store.ts';

const DEFAULT_COUNT = 50;
const MAX_COUNT = 200;

/** @throws ScimError 400 for a filter, startIndex or count that cannot be used */
export function listUsers(
  users: readonly User[],
  query: URLSearchParams,
  renderer: UserRenderer,
  distortions: Distortions,
): JsonObject {
  const asked = {
    startIndex: readInteger(query, 'startIndex', 1),
    count: readInteger(query, 'count', DEFAULT_COUNT),
  };
  const count = Math.min(asked.count, MAX_COUNT);
  const startIndex = distortions.ignorePaging ? 1 : Math.max(asked.startIndex, 1);
  const matches = readFilter(query.get('filter'));
  const found = users
    .filter((user) => !isHidden(user, distortions.hidden))
    .map((user) => renderer.render(user))
    .filter(distortions.ignoreFilter ? () => true : matches);
  return {
    schemas: [CORE_URN, LEANKIT_URN],
    totalResults: found.length,
    itemsPerPage: count,
    startIndex,
    Resources: found.slice(startIndex - 1, startIndex - 1 + count),
  };
}

function readInteger(query: URLSearchParams, name: string, byDefault: number): number {
  const text = query.get(name);
  if (text === null) return byDefault;
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimError(400, `${name} must be a whole number.`);
  return Math.max(Number(text), 0);
}

function readFilter(text: string | null): Predicate {
  if (text === null) return () => true;
  try {
    return matcherOf(parseFilter(text));
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, `filter: ${error.message}`);
    throw error;
  }
}

function isHidden(user: User, hidden: Distortions['hidden']): boolean {
  return hidden === 'everybody' || hidden.has(user.id) || hidden.has(user.userName.toLowerCase());
}

/**
 * Reads the answer to a search (draft-scim-api-01, 3.2.2), leniently. What does not have the shape of a list is never
 * read as "no users": that would create everybody again (O-13 k). Pure.
 */
import { type Account, isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';
import { readUser } from './user.ts';

export type UserList = {
  /** Each account once. */
  readonly accounts: readonly Account[];
  /** How many the server says there are in all. */
  readonly total: number;
  /** Elements that cannot be used: not a user, or without an id. */
  readonly unusable: number;
};

/** One page of a longer list. */
export type UserPage = Omit<UserList, 'total'> & {
  /** null where the server does not say. */
  readonly total: number | null;
  /** All elements, doubles and unusable ones as well. */
  readonly entries: number;
  readonly startIndex: number | null;
};

/** @returns null where the body is not a list */
export function readUserList(body: JsonObject): UserList | null {
  const page = readUserPage(body);
  if (page === null || (resourcesOf(body) === null && page.total !== 0)) return null;
  const { accounts, total, entries, unusable } = page;
  return { accounts, total: total ?? entries, unusable };
}

/**
 * Behind the last entry some servers leave `Resources` out. That is an empty page where the total is told, since the
 * total then says whether anybody is missing.
 * @returns null where the body is not a list
 */
export function readUserPage(body: JsonObject): UserPage | null {
  const total = wholeNumber(ownValue(body, 'totalResults') ?? ownValue(body, 'totalresults'));
  const startIndex = wholeNumber(ownValue(body, 'startIndex') ?? ownValue(body, 'startindex'));
  const resources = resourcesOf(body) ?? (total === null ? null : []);
  if (!isJsonList(resources)) return null;
  const read = resources.map((item) => (isJsonObject(item) ? readUser(item) : null));
  const byId = new Map(read.flatMap((account) => (account === null ? [] : [[account.id, account] as const])));
  return {
    accounts: [...byId.values()],
    total,
    unusable: read.filter((account) => account === null).length,
    entries: resources.length,
    startIndex,
  };
}

function resourcesOf(body: JsonObject): Json {
  return ownValue(body, 'Resources') ?? ownValue(body, 'resources') ?? null;
}

function wholeNumber(value: Json | undefined): number | null {
  if (typeof value === 'string' && /^\s*\d+\s*$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

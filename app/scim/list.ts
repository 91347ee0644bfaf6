/**
 * Reads the answer to a search (draft-scim-api-01, 3.2.2), leniently. What does not have the shape of a list is never
 * read as "no users": that would create everybody again (O-13 k). Pure.
 */
import { type Account, isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from './resource.ts';
import { readUser } from './user.ts';

export type UserList = {
  /** Each account once. */
  readonly accounts: readonly Account[];
  /** How many the server says there are in all. */
  readonly total: number;
  /** Elements that cannot be used: not a user, or without an id. */
  readonly unusable: number;
};

/** @returns null where the body is not a list */
export function readUserList(body: JsonObject): UserList | null {
  const total = wholeNumber(ownValue(body, 'totalResults') ?? ownValue(body, 'totalresults'));
  const resources = ownValue(body, 'Resources') ?? ownValue(body, 'resources') ?? null;
  if (resources === null) return total === 0 ? { accounts: [], total, unusable: 0 } : null;
  if (!isJsonList(resources)) return null;
  const read = resources.map((item) => (isJsonObject(item) ? readUser(item) : null));
  const byId = new Map(read.flatMap((account) => (account === null ? [] : [[account.id, account] as const])));
  return {
    accounts: [...byId.values()],
    total: total ?? resources.length,
    unusable: read.filter((account) => account === null).length,
  };
}

function wholeNumber(value: Json | undefined): number | null {
  if (typeof value === 'string' && /^\s*\d+\s*$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

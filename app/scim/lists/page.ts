/**
 * Reads the answer to a search (draft-scim-api-01, 3.2.2), leniently, whatever kind of resource it lists. What does
 * not have the shape of a list is never read as "nobody": that would create everybody again (O-13 k). Pure.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';

/** What one resource looks like to us; null where it is none, or cannot be told apart from others. */
export type ReadResource<T> = (body: JsonObject) => T | null;

export type List<T> = {
  /** Each resource once. */
  readonly resources: readonly T[];
  /** How many the server says there are in all. */
  readonly total: number;
  /** Elements that cannot be used: not of this kind, or without an id. */
  readonly unusable: number;
};

/** One page of a longer list. */
export type Page<T> = Omit<List<T>, 'total'> & {
  /** null where the server does not say. */
  readonly total: number | null;
  /** All elements, doubles and unusable ones as well. */
  readonly entries: number;
  readonly startIndex: number | null;
};

/** @returns null where the body is not a list */
export function readList<T extends { readonly id: string }>(
  body: JsonObject,
  read: ReadResource<T>,
): List<T> | null {
  const page = readPage(body, read);
  if (page === null || (resourcesOf(body) === null && page.total !== 0)) return null;
  const { resources, total, entries, unusable } = page;
  return { resources, total: total ?? entries, unusable };
}

/**
 * Behind the last entry some servers leave `Resources` out. That is an empty page where the total is told, since the
 * total then says whether anybody is missing.
 * @returns null where the body is not a list
 */
export function readPage<T extends { readonly id: string }>(
  body: JsonObject,
  read: ReadResource<T>,
): Page<T> | null {
  const total = wholeNumber(ownValue(body, 'totalResults') ?? ownValue(body, 'totalresults'));
  const startIndex = wholeNumber(ownValue(body, 'startIndex') ?? ownValue(body, 'startindex'));
  const resources = resourcesOf(body) ?? (total === null ? null : []);
  if (!isJsonList(resources)) return null;
  const found = resources.map((item) => (isJsonObject(item) ? read(item) : null));
  const byId = new Map(found.flatMap((each) => (each === null ? [] : [[each.id, each] as const])));
  return {
    resources: [...byId.values()],
    total,
    unusable: found.filter((each) => each === null).length,
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

/**
 * What a list of users and one user look like on the wire, for a check. The client's own readers make every shape the
 * same; here the shape itself is what is looked at.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';
import type { Ask, Shown } from './asking.ts';

export type RawList = {
  readonly key: 'Resources' | 'resources' | null;
  readonly users: readonly JsonObject[];
  readonly total: number | null;
  readonly itemsPerPage: Json | undefined;
  readonly startIndex: Json | undefined;
};

/** @returns null where it is no list */
export function rawList(body: JsonObject | null): RawList | null {
  if (body === null) return null;
  const key = isJsonList(body.Resources) ? 'Resources' : isJsonList(body.resources) ? 'resources' : null;
  const total = wholeNumber(ownValue(body, 'totalResults'));
  if (key === null && total === null) return null;
  const items = key === null ? [] : body[key];
  return {
    key,
    users: isJsonList(items) ? items.filter(isJsonObject) : [],
    total,
    itemsPerPage: ownValue(body, 'itemsPerPage'),
    startIndex: ownValue(body, 'startIndex'),
  };
}

function wholeNumber(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

export function idOf(user: JsonObject): string | null {
  const id = ownValue(user, 'id');
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

export function textOf(user: JsonObject, name: string): string | null {
  const value = ownValue(user, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The version to send back as If-Match: the ETag header, else `meta.version` in quotes; null where there is none. */
export function versionOf({ headers, body }: Shown): string | null {
  if (headers.etag !== undefined) return headers.etag;
  const meta = body === null ? undefined : ownValue(body, 'meta');
  const version = isJsonObject(meta) ? ownValue(meta, 'version') : undefined;
  if (typeof version !== 'string' && typeof version !== 'number') return null;
  const text = String(version);
  return /^(W\/)?".*"$/.test(text) ? text : `"${text}"`;
}

/** `/Users/{id}` */
export function userPath(usersPath: string, id: string): string {
  return `${usersPath}/${encodeURIComponent(id)}`;
}

export async function search(ask: Ask, usersPath: string, filter: string): Promise<Shown> {
  return await ask({ method: 'GET', path: `${usersPath}?filter=${encodeURIComponent(filter)}` });
}

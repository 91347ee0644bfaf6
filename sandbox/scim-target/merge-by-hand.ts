/**
 * A change by hand, as an administrator makes it in the product's own pages: what is given replaces, null removes,
 * objects are merged, lists are replaced whole (RFC 7396). It may set `lastAccess`, which no SCIM client can; `id`
 * and `meta` stay with the server.
 */
import { type Attributes, canonicalName, isKept } from './attributes.ts';
import { isObject, type JsonObject } from './json.ts';

export function mergeByHand(current: JsonObject, change: JsonObject): Attributes {
  const merged = new Map(Object.entries(current));
  for (const [given, value] of Object.entries(change)) {
    const name = canonicalName(given);
    if (!isKept(name)) continue;
    const before = merged.get(name);
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergeByHand(isObject(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

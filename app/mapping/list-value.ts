/**
 * What a list of values may look like in SCIM: no pair of value and type stands twice, and at most one item is primary
 * (draft-scim-core-schema-01 section 3.2). The first one wins, so the file's order is the order of preference.
 */
import { isJsonObject, type Json, type JsonObject } from '../scim/resource.ts';

/** @returns undefined where no item is left */
export function listValue(items: readonly Json[]): Json | undefined {
  if (items.length < 2) return items.length === 0 ? undefined : items;
  const kept = new Map<string, Json>();
  let hasPrimary = false;
  for (const item of items) {
    const key = keyOf(item);
    if (kept.has(key)) continue;
    const isPrimary = isJsonObject(item) && item.primary === true;
    kept.set(key, isPrimary && hasPrimary ? withoutPrimary(item) : item);
    hasPrimary ||= isPrimary;
  }
  return [...kept.values()];
}

function keyOf(item: Json): string {
  const isValued = isJsonObject(item) && item.value !== undefined;
  return JSON.stringify(isValued ? [item.value, item.type ?? null] : item);
}

function withoutPrimary({ primary: _primary, ...rest }: JsonObject): Json {
  return rest;
}

/**
 * JSON as it comes over the wire, and looking up object keys the way SCIM 1.1 does: ignoring case
 * (draft-scim-api-01, section 3.8). Only own keys are ever looked at, so no name reaches a prototype.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Deeper bodies are refused, so that no recursion over them can exhaust the stack. */
const MAX_DEPTH = 64;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The key of `object` that equals `name` ignoring case. */
export function findKey(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const folded = name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === folded);
}

export function memberOf(object: JsonObject, name: string): Json | undefined {
  const key = findKey(object, name);
  return key === undefined ? undefined : object[key];
}

export function withoutKey(object: JsonObject, name: string): JsonObject {
  const key = findKey(object, name);
  return key === undefined ? object : Object.fromEntries(Object.entries(object).filter(([k]) => k !== key));
}

/** Walks level by level rather than recursively: a hostile body must not crash the check itself. */
export function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (isList(item) ? item : isObject(item) ? Object.values(item) : []));
  }
  return false;
}

/**
 * PATCH by the letter of SCIM 1.1 (draft-scim-api-01, section 3.3.2). Pure: attributes and body in, attributes out.
 *
 *   1. everything named in `meta.attributes` is removed
 *   2. the body is merged:
 *      singular             replaces
 *      complex              sent sub-attributes replace, the others stay
 *      multi-valued         an element is added, or merged into the element with the same `value`
 *      operation:"delete"   the element goes, found by `value`, else by all its sub-attributes
 *      primary:true         the previous primary is unset
 *   An attribute that is in both is replaced wholesale, and its delete operations are ignored.
 *
 * What a list makes of its elements is in `patch-lists.ts`.
 */
import { parsePath } from './attribute-path.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import { findKey, isList, isObject, type Json, type JsonObject, memberOf, withoutKey } from './json.ts';
import { mergeElements } from './patch-lists.ts';
import { ScimError } from './scim-error.ts';

/** How a list that is sent comes together with the list that is there. */
export type MergeLists = (name: string, current: readonly Json[], sent: readonly Json[]) => readonly Json[];

/**
 * @param mergeLists for a server that does otherwise than the draft
 * @throws ScimError 400 where the body is not a SCIM 1.1 PATCH
 */
export function applyPatch(
  current: Attributes,
  body: JsonObject,
  mergeLists: MergeLists = mergeElements,
): Attributes {
  const removed = removals(body);
  const left = removed.reduce(removePath, current);
  return mergeObject(left, readAttributes(body, 'refused'), mergeLists);
}

function refuseScim2(body: JsonObject): void {
  if (memberOf(body, 'Operations') === undefined) return;
  throw new ScimError(400, 'Operations is SCIM 2.0; a SCIM 1.1 PATCH is a partial resource.');
}

/**
 * The paths that `meta.attributes` names, canonical, from the outside in.
 * @throws ScimError 400 where the body is not a SCIM 1.1 PATCH
 */
export function removals(body: JsonObject): readonly (readonly string[])[] {
  refuseScim2(body);
  const meta = memberOf(body, 'meta');
  const names = isObject(meta) ? memberOf(meta, 'attributes') : undefined;
  if (names === undefined) return [];
  if (!isList(names)) throw new ScimError(400, 'meta.attributes must be a list of attribute names.');
  return names.map((name) => {
    if (typeof name !== 'string') throw new ScimError(400, 'meta.attributes must hold attribute names.');
    return parsePath(name);
  });
}

/** Naming what is not there removes nothing and is no error. */
export function removePath(object: JsonObject, path: readonly string[]): JsonObject {
  const [head, ...rest] = path;
  const key = head === undefined ? undefined : findKey(object, head);
  if (key === undefined) return object;
  if (rest.length === 0) return withoutKey(object, key);
  const inner = object[key];
  if (isObject(inner)) return { ...object, [key]: removePath(inner, rest) };
  if (!isList(inner)) return object;
  return { ...object, [key]: inner.map((item) => (isObject(item) ? removePath(item, rest) : item)) };
}

export function mergeObject(current: JsonObject, sent: JsonObject, mergeLists: MergeLists): JsonObject {
  const merged = new Map(Object.entries(current));
  for (const [name, value] of Object.entries(sent)) {
    const key = findKey(current, name) ?? name;
    merged.set(key, mergeValue(name, merged.get(key), value, mergeLists));
  }
  return Object.fromEntries(merged);
}

function mergeValue(name: string, current: Json | undefined, sent: Json, mergeLists: MergeLists): Json {
  if (isList(sent)) return mergeLists(name, isList(current) ? current : [], sent);
  if (isObject(sent)) return mergeObject(isObject(current) ? current : {}, sent, mergeLists);
  return sent;
}

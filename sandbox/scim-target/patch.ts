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
 */
import { isDeepStrictEqual } from 'node:util';
import { parsePath } from './attribute-path.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import { findKey, isList, isObject, type Json, type JsonObject, memberOf, withoutKey } from './json.ts';
import { ScimError } from './scim-error.ts';

/** @throws ScimError 400 where the body is not a SCIM 1.1 PATCH */
export function applyPatch(current: Attributes, body: JsonObject): Attributes {
  refuseScim2(body);
  const removed = removals(body);
  const left = removed.reduce(removePath, current);
  return mergeObject(left, readAttributes(body, 'refused'));
}

function refuseScim2(body: JsonObject): void {
  if (memberOf(body, 'Operations') === undefined) return;
  throw new ScimError(400, 'Operations is SCIM 2.0; a SCIM 1.1 PATCH is a partial resource.');
}

function removals(body: JsonObject): readonly (readonly string[])[] {
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
function removePath(object: JsonObject, path: readonly string[]): JsonObject {
  const [head, ...rest] = path;
  const key = head === undefined ? undefined : findKey(object, head);
  if (key === undefined) return object;
  if (rest.length === 0) return withoutKey(object, key);
  const inner = object[key];
  if (isObject(inner)) return { ...object, [key]: removePath(inner, rest) };
  if (!isList(inner)) return object;
  return { ...object, [key]: inner.map((item) => (isObject(item) ? removePath(item, rest) : item)) };
}

function mergeObject(current: JsonObject, sent: JsonObject): JsonObject {
  const merged = new Map(Object.entries(current));
  for (const [name, value] of Object.entries(sent)) {
    const key = findKey(current, name) ?? name;
    merged.set(key, mergeValue(name, merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeValue(name: string, current: Json | undefined, sent: Json): Json {
  if (isList(sent)) return mergeElements(name, isList(current) ? current : [], sent);
  if (isObject(sent)) return mergeObject(isObject(current) ? current : {}, sent);
  return sent;
}

function mergeElements(name: string, current: readonly Json[], sent: readonly Json[]): readonly Json[] {
  if (sent.filter((element) => isObject(element) && element['primary'] === true).length > 1) {
    throw new ScimError(400, `${name}: only one element may be primary.`);
  }
  return sent.reduce<readonly Json[]>((elements, element) => mergeElement(name, elements, element), current);
}

function mergeElement(name: string, elements: readonly Json[], sent: Json): readonly Json[] {
  if (!isObject(sent))
    return elements.some((element) => isDeepStrictEqual(element, sent)) ? elements : [...elements, sent];
  const { operation, ...element } = sent;
  if (operation !== undefined) return deleteElement(name, elements, element, operation);
  const settled = element['primary'] === true ? elements.map(unsetPrimary) : elements;
  const index = indexToMerge(settled, element);
  if (index < 0) return [...settled, element];
  return settled.map((old, at) => (at === index && isObject(old) ? { ...old, ...element } : old));
}

function deleteElement(
  name: string,
  elements: readonly Json[],
  element: JsonObject,
  operation: Json,
): readonly Json[] {
  if (typeof operation !== 'string' || operation.toLowerCase() !== 'delete') {
    throw new ScimError(400, `${name}: the only operation is "delete".`);
  }
  const byValue = elements.filter((old) => sameValue(old, element));
  if (byValue.length === 1) return elements.filter((old) => old !== byValue[0]);
  return elements.filter((old) => !isDeepStrictEqual(old, element));
}

/** Which element the sent one belongs to; -1 where it is a new one. The same value may stand there for two types. */
function indexToMerge(elements: readonly Json[], sent: JsonObject): number {
  if (sent['value'] === undefined) return elements.findIndex((old) => isDeepStrictEqual(old, sent));
  const sameType = elements.findIndex(
    (old) => sameValue(old, sent) && isObject(old) && old['type'] === sent['type'],
  );
  return sameType >= 0 ? sameType : elements.findIndex((old) => sameValue(old, sent));
}

function sameValue(old: Json, sent: JsonObject): boolean {
  if (!isObject(old) || sent['value'] === undefined) return false;
  return isDeepStrictEqual(folded(old['value']), folded(sent['value']));
}

/** Strings ignore case unless the schema says caseExact, and no `value` of a User does. */
function folded(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function unsetPrimary(element: Json): Json {
  return isObject(element) && element['primary'] === true ? { ...element, primary: false } : element;
}

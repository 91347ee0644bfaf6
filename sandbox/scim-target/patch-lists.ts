/**
 * What a PATCH makes of a list, in two ways: by the letter (draft-scim-api-01, 3.3.2), and merging by `type` and
 * deleting by equality of the whole element, as the UnboundID SCIM SDK does that PingDirectory is built on (Diff.java).
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from './json.ts';
import { ScimError } from './scim-error.ts';

/** By the letter of the draft. */
export function mergeElements(
  name: string,
  current: readonly Json[],
  sent: readonly Json[],
): readonly Json[] {
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
  refuseOtherThanDelete(name, operation);
  const byValue = elements.filter((old) => sameValue(old, element));
  if (byValue.length === 1) return elements.filter((old) => old !== byValue[0]);
  return elements.filter((old) => !isDeepStrictEqual(old, element));
}

function refuseOtherThanDelete(name: string, operation: Json): void {
  if (typeof operation === 'string' && operation.toLowerCase() === 'delete') return;
  throw new ScimError(400, `${name}: the only operation is "delete".`);
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

/**
 * Deletes come first. Of several elements with one type only one is left, since each is merged into the last: that is
 * what the SDK does, and why a client must look at the result.
 */
export function mergeByType(name: string, current: readonly Json[], sent: readonly Json[]): readonly Json[] {
  const kept = current.filter((old) => !sent.some((element) => isDeletionOf(name, element, old)));
  return sent
    .filter((element) => !isObject(element) || element['operation'] === undefined)
    .reduce<readonly Json[]>(mergeOneByType, kept);
}

function isDeletionOf(name: string, sent: Json, old: Json): boolean {
  if (!isObject(sent) || sent['operation'] === undefined) return false;
  const { operation, ...element } = sent;
  refuseOtherThanDelete(name, operation);
  return isDeepStrictEqual(element, old);
}

function mergeOneByType(elements: readonly Json[], sent: Json): readonly Json[] {
  const others = elements.filter((old) => !sameType(old, sent) && !isDeepStrictEqual(old, sent));
  const before = elements.findLast((old) => sameType(old, sent));
  return [...others, isObject(before) && isObject(sent) ? { ...before, ...sent } : sent];
}

function sameType(old: Json, sent: Json): boolean {
  if (!isObject(old) || !isObject(sent) || typeof sent['type'] !== 'string') return false;
  return typeof old['type'] === 'string' && old['type'].toLowerCase() === sent['type'].toLowerCase();
}

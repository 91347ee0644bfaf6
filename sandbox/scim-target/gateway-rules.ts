/**
 * How a gateway keeps lists that knows their elements by `type`, as was met on jelhub/scimgateway 4.5.12:
 *
 *   an element is merged into the one of its type, and one without a type is a type of its own
 *   two elements of one type in one request are an error, and an internal one
 *   a list that is named in `meta.attributes` and sent is merged like any other: what it leaves out stays
 *   `operation: "delete"` removes the element of that type, unless another of that type is sent as well
 *   `roles` have no types; where they are named in `meta.attributes` they go, whatever is sent
 */
import { isDeepStrictEqual } from 'node:util';
import { type Attributes, MULTI_VALUED, readAttributes } from './attributes.ts';
import { isList, isObject, type Json, type JsonObject, withoutKey } from './json.ts';
import { mergeObject, removals, removePath } from './patch.ts';
import { ScimError } from './scim-error.ts';

/** @throws ScimError 400, 500 */
export function applyGatewayPatch(current: Attributes, body: JsonObject): Attributes {
  const removed = removals(body);
  const sent = readAttributes(body, 'absent');
  refuseTypesTwice(sent);
  const isMerged = ([name = '', ...rest]: readonly string[]) =>
    rest.length === 0 && isTyped(name) && Object.hasOwn(sent, name);
  const gone = removed.filter((path) => !isMerged(path));
  const kept = Object.entries(sent).filter(([name]) => !gone.some((path) => path.join('.') === name));
  return mergeObject(gone.reduce(removePath, current), Object.fromEntries(kept), (name, before, after) =>
    isTyped(name) ? mergeTyped(before, after) : mergeWhole(before, after),
  );
}

/** @throws ScimError 500 */
export function refuseTypesTwice(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isTyped(name) || !isList(value)) continue;
    const types = value.filter((element) => !isDeletion(element)).map(typeOf);
    if (new Set(types).size < types.length)
      throw new ScimError(500, `${name}: more than one element has the same type, or none`);
  }
}

function isTyped(name: string): boolean {
  return MULTI_VALUED.has(name) && name !== 'roles' && name !== 'members';
}

function mergeTyped(current: readonly Json[], sent: readonly Json[]): readonly Json[] {
  const added = sent.filter((element) => !isDeletion(element));
  const stays = new Set(added.map(typeOf));
  const goes = new Set(sent.filter(isDeletion).map(typeOf));
  const left = current.filter((old) => !goes.has(typeOf(old)) || stays.has(typeOf(old)));
  return added.reduce<readonly Json[]>(mergeOne, left);
}

function mergeOne(elements: readonly Json[], sent: Json): readonly Json[] {
  const takesOver = isObject(sent) && sent['primary'] === true;
  const settled = takesOver ? elements.map(withoutPrimary) : elements;
  const index = settled.findIndex((old) => typeOf(old) === typeOf(sent));
  if (index < 0) return [...settled, sent];
  return settled.map((old, at) =>
    at === index && isObject(old) && isObject(sent) ? { ...old, ...sent } : old,
  );
}

/** An element goes where everything that is kept of it is said, but for being primary. */
function mergeWhole(current: readonly Json[], sent: readonly Json[]): readonly Json[] {
  const same = (one: Json, other: Json) => isDeepStrictEqual(withoutPrimary(one), withoutPrimary(other));
  const gone = sent.filter(isDeletion).map((element) => withoutOperation(element));
  const left = current.filter((old) => !gone.some((element) => same(old, element)));
  const added = sent.filter((element) => !isDeletion(element) && !left.some((old) => same(old, element)));
  return [...left, ...added];
}

function isDeletion(element: Json): boolean {
  return isObject(element) && element['operation'] === 'delete';
}

function typeOf(element: Json): Json | undefined {
  return isObject(element) ? element['type'] : undefined;
}

function withoutOperation(element: Json): Json {
  return isObject(element) ? withoutKey(element, 'operation') : element;
}

function withoutPrimary(element: Json): Json {
  return isObject(element) ? withoutKey(element, 'primary') : element;
}

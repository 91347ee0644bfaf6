/**
 * How a PATCH says that a list changes, where it says so element by element (draft-scim-api-01, 3.3.2): what goes
 * carries `operation: "delete"`, what comes or changes stands as it shall be. It decides the wording of one list and
 * knows no request. Pure.
 *
 * The target finds an element by its `value`, ignoring case, and merges what is sent into it; one without a value, such
 * as an address, it finds by everything the element says. So there are lists that cannot be changed that way without
 * a doubt about which element is meant, and those are left to be replaced whole.
 *
 *   an element of before and after             what is said
 *   ────────────────────────────────────────   ──────────────────────────────────────────────────────────────────
 *   the same in both                           nothing
 *   only in before, with a value               its value and type, to be deleted
 *   only in before, without a value            all of it, to be deleted
 *   only in after                              all of it
 *   the same value, says more or other things  all of it, to be merged
 *   no longer primary, another one is          nothing: making one primary unsets the other
 *   no longer primary, and none is             all of it, with `primary: false`
 *   the same value, but loses a part           no wording: a merge removes nothing
 *   the same value, in another case            no wording: servers differ over whether that is the same element
 *   a value that stands there twice            no wording
 */
import { elementKey, sameValue } from '../differences.ts';
import { isJsonObject, type Json, type JsonObject, keyOf, memberOf } from '../resource.ts';

/**
 * @param before the list as the target has it, without blanks
 * @param after the list as it shall be, without blanks
 * @returns the elements to send, deletions first; null where only replacing the whole list is beyond doubt
 */
export function elementChanges(
  before: readonly Json[],
  after: readonly Json[],
): readonly JsonObject[] | null {
  const [old, wanted] = [toldApart(before), toldApart(after)];
  if (old === null || wanted === null) return null;
  const becomesPrimary = ([identity, element]: [string, JsonObject]) =>
    isPrimary(element) && !isPrimary(old.get(identity) ?? {});
  const newPrimary = [...wanted].some(becomesPrimary);
  const gone = [...old].filter(([identity]) => !wanted.has(identity)).map(([, element]) => deletion(element));
  const sent = [...wanted].map(([identity, element]) => changeOf(old.get(identity), element, newPrimary));
  const said = sent.filter((element) => element !== undefined && element !== null);
  // An address is deleted by all it says, so by being primary, too; two of them in one body are one too many.
  const twoPrimaries = gone.some(isPrimary) && said.some(isPrimary);
  return sent.includes(null) || twoPrimaries ? null : [...gone, ...said];
}

/** @returns undefined where there is nothing to send, null where there is no wording for it */
function changeOf(
  before: JsonObject | undefined,
  after: JsonObject,
  newPrimary: boolean,
): JsonObject | undefined | null {
  if (before === undefined) return after;
  if (elementKey(before) === elementKey(after)) return undefined;
  if (memberOf(before, 'value') !== memberOf(after, 'value')) return null;
  if (!keepsEveryPart(before, after)) return null;
  if (!isPrimary(before) || isPrimary(after)) return after;
  if (!newPrimary) return { ...withoutPrimary(after), primary: false };
  return elementKey(withoutPrimary(before)) === elementKey(withoutPrimary(after)) ? undefined : after;
}

/** Whether a merge leads from one to the other: it overwrites and adds, and never removes. */
function keepsEveryPart(before: JsonObject, after: JsonObject): boolean {
  return Object.entries(before).every(([name, part]) => {
    if (['display', 'operation', 'primary'].includes(name.toLowerCase())) return true;
    const next = memberOf(after, name);
    // Nothing says whether a part that has parts itself is merged or replaced.
    return typeof part === 'object' ? sameValue(part, next) : next !== undefined;
  });
}

function deletion(element: JsonObject): JsonObject {
  const value = memberOf(element, 'value');
  const type = memberOf(element, 'type');
  if (value === undefined) return { ...element, operation: 'delete' };
  return { value, ...(type === undefined ? {} : { type }), operation: 'delete' };
}

/**
 * The elements by how the target tells them apart.
 * @returns null where it could take one for another
 */
function toldApart(list: readonly Json[]): ReadonlyMap<string, JsonObject> | null {
  const elements = list.map((item) => (isJsonObject(item) ? item : { value: item }));
  const found = new Map(elements.map((element) => [identityOf(element), element]));
  const nested = elements.some((element) => typeof memberOf(element, 'value') === 'object');
  return nested || found.size < elements.length ? null : found;
}

function identityOf(element: JsonObject): string {
  const value = memberOf(element, 'value');
  return value === undefined ? elementKey(element) : JSON.stringify(value).toLowerCase();
}

function isPrimary(element: JsonObject): boolean {
  return memberOf(element, 'primary') === true;
}

function withoutPrimary(element: JsonObject): JsonObject {
  const { [keyOf(element, 'primary') ?? 'primary']: _primary, ...rest } = element;
  return rest;
}

/**
 * What differs between a user as a target has it and as we want it, attribute by attribute. Pure.
 *
 * Only attributes that we own are looked at: those we want now, and those we last asked for. Anything else belongs to
 * the target or to somebody else. Complex attributes differ by sub-attribute; a multi-valued attribute differs as one
 * list, since SCIM 1.1 gives its elements no order and no name (draft-scim-core-schema-01, 3.2).
 *
 * Case: names of attributes, sub-attributes and extensions ignore it (draft-scim-api-01, 3.8), and so does the `type`
 * of a list's element, a member's as well: the draft's own examples write `user` for `User`. Values do not, though the
 * schema calls most of them case-insensitive: a corrected capital has to be written. A target that folds case is dealt
 * with where its echo is remembered (`plan/settled.ts`).
 */
import {
  type AttributePath,
  formatPath,
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  keyOf,
  memberOf,
  objectWithoutBlanks,
  type ScimUser,
} from './resource.ts';

export type Difference = {
  readonly path: AttributePath;
  /** undefined: the attribute is not there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
};

/**
 * @param known the user as the target has it
 * @param desired the user as we want it
 * @param previous what we last asked for; an attribute that has left it since is cleared (`after` undefined)
 * @returns sorted by path; empty exactly where nothing has to be written
 */
export function differences(known: ScimUser, desired: ScimUser, previous: ScimUser | null): Difference[] {
  const found = compareObjects(
    null,
    objectWithoutBlanks(known),
    objectWithoutBlanks(desired),
    objectWithoutBlanks(previous ?? {}),
  );
  return found.sort((a, b) => (formatPath(a.path) < formatPath(b.path) ? -1 : 1));
}

function compareObjects(
  parent: AttributePath | null,
  known: JsonObject,
  desired: JsonObject,
  previous: JsonObject,
): Difference[] {
  const left = Object.keys(previous).filter((name) => keyOf(desired, name) === undefined);
  return [...Object.keys(desired), ...left].flatMap((name) => {
    const before = memberOf(known, name);
    const after = memberOf(desired, name);
    const past = memberOf(previous, name);
    const path: AttributePath = parent === null ? [name] : [...parent, name];
    if (isJsonObject(after ?? past) && (before === undefined || isJsonObject(before))) {
      return compareObjects(path, before ?? {}, asObject(after), asObject(past));
    }
    return sameValue(before, after) ? [] : [{ path, before, after }];
  });
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Whether both say the same. Order says nothing in a list, and neither does a double. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (isJsonList(a) && isJsonList(b)) return listKey(a) === listKey(b);
  return canonical(a) === canonical(b);
}

function listKey(list: readonly Json[]): string {
  return JSON.stringify([...new Set(list.map(elementKey))].sort());
}

/**
 * An element by what it says. A bare `"a"` stands for `{"value":"a"}`; `display` is the target's (read-only) and
 * `operation` is a verb of PATCH, so neither is part of the value; `primary: false` is the default.
 */
export function elementKey(element: Json): string {
  if (!isJsonObject(element)) return canonical({ value: element });
  const said = Object.entries(element).flatMap(([spelled, value]): [string, Json][] => {
    const name = spelled.toLowerCase();
    if (name === 'display' || name === 'operation' || (name === 'primary' && value === false)) return [];
    return [[name, name === 'type' && typeof value === 'string' ? value.toLowerCase() : value]];
  });
  return canonical(Object.fromEntries(said));
}

/** JSON text that depends neither on the order of keys nor on how they are spelled. */
function canonical(value: Json): string {
  if (isJsonList(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name.toLowerCase())}:${canonical(member)}`)
    .sort();
  return `{${members.join(',')}}`;
}

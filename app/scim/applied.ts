/**
 * What a user looks like once differences have been written: the answer of a dry run, and the yardstick in tests.
 * Pure; it never changes what it is given.
 */
import type { Difference } from './differences.ts';
import { isJsonObject, type Json, type JsonObject, keyOf, type ScimUser } from './resource.ts';

/** The user with every difference's `after` in place. A complex attribute that loses its last part goes too. */
export function applied(user: ScimUser, differences: readonly Difference[]): ScimUser {
  return differences.reduce<JsonObject>(
    (so, { path, after }) => withValue(so, path, after),
    user,
  ) as ScimUser;
}

/**
 * A copy of `object` with `value` at `path`, or without anything there where `value` is undefined. What is there
 * already keeps its spelling.
 */
export function withValue(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [asked, ...rest] = path;
  if (asked === undefined) return object;
  const name = keyOf(object, asked) ?? asked;
  const { [name]: old, ...others } = object;
  if (rest.length === 0) return value === undefined ? others : { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) && isJsonObject(old) ? old : {};
  const changed = withValue(inner, rest, value);
  return Object.keys(changed).length === 0 ? others : { ...object, [name]: changed };
}

/**
 * What a user looks like once differences have been written: the answer of a dry run, and the yardstick in tests.
 * Pure; it never changes what it is given.
 */
import type { Difference } from './differences.ts';
import { type JsonObject, type ScimUser, withValue } from './resource.ts';

/** The user with every difference's `after` in place. A complex attribute that loses its last part goes too. */
export function applied(user: ScimUser, differences: readonly Difference[]): ScimUser {
  return differences.reduce<JsonObject>(
    (so, { path, after }) => withValue(so, path, after),
    user,
  ) as ScimUser;
}

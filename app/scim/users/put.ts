/**
 * The body of a PUT that carries out differences. Pure; it decides the wording of a request and never whether to make
 * it.
 *
 * A PUT replaces the whole user (draft-scim-api-01, 3.3.1): what it leaves out the target may reset. So it starts from
 * what the target has just answered, with everything in it that is not ours, and changes only what differs. To clear
 * an attribute is to leave its key out; null, "" and [] mean nothing in SCIM 1.1 (O-16). What only the target sets is
 * never sent back, and neither is a password, which is kept where it is left out.
 */
import { applied } from '../applied.ts';
import type { Difference } from '../differences.ts';
import type { Profile } from '../profiles/profile.ts';
import {
  type AttributePath,
  isJsonObject,
  type JsonObject,
  objectWithoutBlanks,
  type ScimUser,
} from '../resource.ts';
import { schemasOf } from './patch.ts';

/** What no request changes at any SCIM 1.1 service, or what is not ours to repeat. */
const NEVER_SENT: readonly AttributePath[] = [['id'], ['meta'], ['schemas'], ['groups'], ['password']];

/**
 * @param current the user as the target answered it just now
 * @param desired the whole user as it shall be
 */
export function putBody(
  current: ScimUser,
  differences: readonly Difference[],
  desired: ScimUser,
  profile: Profile,
): JsonObject {
  const whole: JsonObject = applied(current, differences);
  const writable = [...NEVER_SENT, ...profile.readOnly].reduce(without, whole);
  const user = objectWithoutBlanks(writable);
  const said = typeof user.active === 'boolean' ? user : { ...user, ...wantedActive(desired) };
  return { schemas: schemasOf(Object.keys(said)), ...said };
}

/** The default is active: where the target does not show the value, leaving it out could let a leaver in again. */
function wantedActive({ active }: ScimUser): JsonObject {
  return typeof active === 'boolean' ? { active } : {};
}

/** A copy without what stands at the path. Names are not case-sensitive (draft-scim-api-01, 3.8). */
function without(object: JsonObject, [name, ...rest]: readonly string[]): JsonObject {
  const [next] = rest;
  const kept = Object.entries(object).flatMap(([own, value]): [string, JsonObject[string]][] => {
    if (own.toLowerCase() !== name?.toLowerCase()) return [[own, value]];
    if (next === undefined) return [];
    return [[own, isJsonObject(value) ? without(value, rest) : value]];
  });
  return Object.fromEntries(kept);
}

/**
 * A target may store something other than we sent: userName folded to lower case, a time zone renamed. Seen naively
 * that is drift, and would be written again at every look. So a link remembers both what we asked for and what the
 * target made of it; where an attribute still is what the target made of it, it counts as what we asked for.
 * Only an account that was to be switched off and is shown as active is active, whatever was answered before (O-07).
 */
import { sameValue } from '../scim/differences.ts';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  keyOf,
  memberOf,
  type ScimUser,
  sameName,
  withoutBlanks,
} from '../scim/resource.ts';

/**
 * @param actual what the target has now
 * @param desired what we last asked for
 * @param echo what the target answered to that
 * @returns `actual`, with the attributes that nobody touched since in our own spelling
 */
export function settled(actual: ScimUser, desired: ScimUser, echo: ScimUser): ScimUser {
  return settleObject(actual, desired, echo) as ScimUser;
}

function settleObject(actual: JsonObject, desired: JsonObject, echo: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...actual };
  for (const [name, wanted] of Object.entries(desired)) {
    const spelled = keyOf(actual, name) ?? name;
    const now = withoutBlanks(memberOf(actual, name));
    const answered = withoutBlanks(memberOf(echo, name));
    if (isJsonObject(wanted) && isJsonObject(now) && isJsonObject(answered)) {
      result[spelled] = settleObject(now, wanted, answered);
    } else if (sameName(name, 'active') && wanted === false && now === true) {
      result[spelled] = now;
    } else if (sameValue(now, answered)) {
      result[spelled] = wanted;
    }
  }
  return result;
}

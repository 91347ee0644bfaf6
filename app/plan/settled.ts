/**
 * A target may store something other than we sent: userName folded to lower case, a time zone renamed. Seen naively
 * that is drift, and would be written again at every look. So a link remembers both what we asked for and what the
 * target made of it; where an attribute still is what the target made of it, it counts as what we asked for.
 * Only an account that was to be switched off and is shown as active is active, whatever was answered before (O-07).
 */
import type { Json, ScimUser } from '../scim/resource.ts';

/**
 * @param actual what the target has now
 * @param desired what we last asked for
 * @param echo what the target answered to that
 * @returns `actual`, with the attributes that nobody touched since in our own spelling
 */
export function settled(actual: ScimUser, desired: ScimUser, echo: ScimUser): ScimUser {
  return settleObject(actual, desired, echo) as ScimUser;
}

type JsonObject = { readonly [key: string]: Json };

function settleObject(actual: JsonObject, desired: JsonObject, echo: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...actual };
  for (const [name, wanted] of Object.entries(desired)) {
    const now = actual[name];
    const answered = echo[name];
    if (isObject(wanted) && isObject(now) && isObject(answered)) {
      result[name] = settleObject(now, wanted, answered);
    } else if (name === 'active' && wanted === false && now === true) {
      result[name] = now;
    } else if (JSON.stringify(now) === JSON.stringify(answered)) {
      result[name] = wanted;
    }
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

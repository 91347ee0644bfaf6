/** The user or group in the body of a request. */
import type { Dialect } from './dialects/dialect.ts';
import type { Ask } from './exchange.ts';
import { isObject, type JsonObject, memberOf } from './json.ts';
import { ScimError } from './scim-error.ts';

/** @throws ScimError 400 */
export function resourceIn(ask: Ask, dialect: Dialect, what: 'user' | 'group'): JsonObject {
  if (!isObject(ask.body)) throw new ScimError(400, `The body must be a JSON object that holds a ${what}.`);
  if (dialect.wantsSchemas && memberOf(ask.body, 'schemas') === undefined)
    throw new ScimError(400, 'missing_schema_element');
  return ask.body;
}

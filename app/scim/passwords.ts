/**
 * The passwords that a request carries. They are as secret as our own credential, and a server may quote one when it
 * finds it too short, so they are taken out of its words. Pure.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf } from './resource.ts';

/** Those of a user, or of each user in a bulk request. */
export function passwordsIn(body: JsonObject | undefined): readonly string[] {
  if (body === undefined) return [];
  const operations = memberOf(body, 'Operations');
  const users: readonly (Json | undefined)[] = isJsonList(operations)
    ? operations.map((operation) => (isJsonObject(operation) ? memberOf(operation, 'data') : undefined))
    : [body];
  return users.flatMap((user) => {
    const password = isJsonObject(user) ? memberOf(user, 'password') : undefined;
    return typeof password === 'string' ? [password] : [];
  });
}

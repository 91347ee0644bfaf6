/**
 * The bodies of SCIM 1.1 writes, but for PUT (`put.ts`). Pure; it decides the wording of a request and never whether to make it.
 *
 * A PATCH is a partial resource (draft-scim-api-01, 3.3.2): first everything named in `meta.attributes` is removed,
 * then the rest is merged in. Merging adds to a list, so a list is replaced by being in both places. No body ever
 * holds null, "" or [], to which the draft gives no meaning (O-16).
 */
import { withValue } from '../applied.ts';
import type { Difference } from '../differences.ts';
import type { Profile } from '../profiles/profile.ts';
import {
  CORE_URN,
  formatPath,
  isJsonList,
  isUrn,
  type JsonObject,
  objectWithoutBlanks,
  type ScimUser,
  withoutBlanks,
} from '../resource.ts';

/** The body of a POST that makes this user. */
export function createBody(user: ScimUser): JsonObject {
  const said = objectWithoutBlanks(user);
  return { schemas: schemasOf(Object.keys(said)), ...said };
}

/**
 * The least PATCH that carries out the differences.
 * @param desired the whole user as it shall be, for what the profile wants sent whole
 */
export function patchBody(
  differences: readonly Difference[],
  desired: ScimUser,
  profile: Profile,
): JsonObject {
  const removed: string[] = [];
  let body: JsonObject = {};
  for (const { path, before, after } of differences) {
    const value = withoutBlanks(after);
    if (value === undefined || (isJsonList(value) && before !== undefined)) removed.push(formatPath(path));
    if (value !== undefined) body = withValue(body, path, value);
    const [head] = path;
    if (profile.wholeComplex.includes(head)) body = withValue(body, [head], withoutBlanks(desired[head]));
  }
  if (profile.alwaysSendActive && typeof desired.active === 'boolean')
    body = { ...body, active: desired.active };
  const touched = [...Object.keys(body), ...differences.map(({ path }) => path[0])];
  return {
    schemas: schemasOf(touched),
    ...body,
    ...(removed.length > 0 ? { meta: { attributes: removed } } : {}),
  };
}

/** The core URN and those of the extensions in use, in a stable order, each once. */
export function schemasOf(names: readonly string[]): string[] {
  return [CORE_URN, ...[...new Set(names.filter(isUrn))].sort()];
}

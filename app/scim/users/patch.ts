/**
 * The bodies of SCIM 1.1 writes, but for PUT (`put.ts`). Pure; it decides the wording of a request and never whether
 * to make it.
 *
 * A PATCH is a partial resource (draft-scim-api-01, 3.3.2): first everything named in `meta.attributes` is removed,
 * then the rest is merged in. Merging adds to a list, so how a list is changed is the profile's to say
 * (`listChanges`). No body ever holds null, "" or [], to which the draft gives no meaning (O-16).
 */
import type { Difference } from '../differences.ts';
import type { Profile } from '../profiles/profile.ts';
import {
  CORE_URN,
  formatPath,
  isJsonList,
  isUrn,
  type Json,
  type JsonObject,
  objectWithoutBlanks,
  type ScimUser,
  sameName,
  valueAt,
  withoutBlanks,
  withValue,
} from '../resource.ts';
import { elementChanges } from './list-changes.ts';
import { type Leftover, mendingElements } from './list-leftovers.ts';

/** The body of a POST that makes this user. */
export function createBody(user: ScimUser): JsonObject {
  const said = objectWithoutBlanks(user);
  return { schemas: schemasOf(Object.keys(said)), ...said };
}

/**
 * The least PATCH that carries out the differences.
 * @param desired the whole user as it shall be, for what the profile wants sent whole
 * @param current the user as the target has it, where it was read for what each PATCH has to say
 */
export function patchBody(
  differences: readonly Difference[],
  desired: ScimUser,
  profile: Profile,
  current: ScimUser | null = null,
): JsonObject {
  const changes = differences.filter((difference) => !resetsAlwaysSent(difference, profile));
  const said = changes.map((difference) => ({ ...difference, ...wordingOf(difference, profile) }));
  const removed = said
    .filter(({ remove }) => remove)
    .map(({ path }) => formatPath(path, profile.afterUrnInPatch));
  const merged = said.reduce<JsonObject>(
    (body, { path, merge }) => (merge === undefined ? body : withValue(body, path, merge)),
    {},
  );
  const body = {
    ...withWholeComplex(merged, changes, desired, profile),
    ...alwaysSaid(desired, current, profile),
  };
  const touched = [...Object.keys(body), ...changes.map(({ path }) => path[0])];
  return {
    schemas: schemasOf(touched),
    ...body,
    ...(removed.length > 0 ? { meta: { attributes: removed } } : {}),
  };
}

/**
 * The PATCH that mends lists which another one has left wrong.
 * @param shown the user as that one has left it
 */
export function mendingBody(
  leftovers: readonly Leftover[],
  desired: ScimUser,
  profile: Profile,
  shown: ScimUser,
): JsonObject {
  const lists = leftovers.reduce<JsonObject>(
    (body, leftover) => withValue(body, leftover.path, mendingElements(leftover)),
    {},
  );
  const body = { ...lists, ...alwaysSaid(desired, shown, profile) };
  return { schemas: schemasOf(Object.keys(body)), ...body };
}

/** What each PATCH has to say, and we do not know: the account has to be read for it. */
export function unknownAlwaysSent(desired: ScimUser, profile: Profile): readonly string[] {
  return profile.alwaysSend.filter((name) => valueAt(desired, [name]) === undefined);
}

/** How one difference is said: what to name in `meta.attributes`, and what to merge. */
function wordingOf(
  { before, after }: Difference,
  profile: Profile,
): { readonly remove: boolean; readonly merge: Json | undefined } {
  const [old, value] = [withoutBlanks(before), withoutBlanks(after)];
  if (value === undefined) return { remove: true, merge: undefined };
  if (old === undefined || !isJsonList(value)) return { remove: false, merge: value };
  switch (profile.listChanges) {
    case 'replace':
      return { remove: true, merge: value };
    case 'overwrite':
      return { remove: false, merge: value };
    case 'elements': {
      const elements = isJsonList(old) ? elementChanges(old, value) : null;
      return elements === null ? { remove: true, merge: value } : { remove: false, merge: elements };
    }
  }
}

function withWholeComplex(
  body: JsonObject,
  changes: readonly Difference[],
  desired: ScimUser,
  { wholeComplex }: Profile,
): JsonObject {
  const touched = changes.map(({ path: [head] }) => head);
  return wholeComplex
    .filter((name) => touched.some((head) => sameName(head, name)))
    .reduce((so, name) => withValue(so, [name], valueAt(desired, [name])), body);
}

/** As we want it, else as the target has it. What neither says cannot be said. */
function alwaysSaid(desired: ScimUser, current: ScimUser | null, { alwaysSend }: Profile): JsonObject {
  const said = alwaysSend.flatMap((name): [string, Json][] => {
    const value = valueAt(desired, [name]) ?? valueAt(current ?? {}, [name]);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(said);
}

/** To clear what each PATCH has to say would be to reset it; it stays as the target has it. */
export function resetsAlwaysSent({ path, after }: Difference, { alwaysSend }: Profile): boolean {
  const [head, ...parts] = path;
  const cleared = parts.length === 0 && withoutBlanks(after) === undefined;
  return cleared && alwaysSend.some((name) => sameName(name, head));
}

/** The core URN and those of the extensions in use, in a stable order, each once. */
export function schemasOf(names: readonly string[]): string[] {
  return [CORE_URN, ...[...new Set(names.filter(isUrn))].sort()];
}

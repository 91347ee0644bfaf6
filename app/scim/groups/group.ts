/**
 * A Group as a server sent it, read leniently: names in any case, members as bare texts or numbers, a lone member
 * without a list. A member is told apart by its id alone, since ids are unique over all resources; its `type` is
 * read-only and spelled in any case. Pure. Source: draft-scim-core-schema-01 sections 5 and 8.
 */
import { fitsIntoAddress, opaqueText } from '../opaque-text.ts';
import {
  CORE_URN,
  isJsonList,
  isJsonObject,
  isUrn,
  type Json,
  type JsonObject,
  keyOf,
  memberOf,
  sameName,
} from '../resource.ts';
import { versionIn } from '../version.ts';

export type Group = {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly members: readonly Member[];
  /** Everything that the target told, as it spelled it. */
  readonly told: JsonObject;
  /** ETag or meta.version, where the target has versions. */
  readonly version?: string;
};

export type Member = {
  /** The id of a user or a group. */
  readonly value: string;
  /** As the target spells it: `User`, `group`. */
  readonly type?: string;
  readonly display?: string;
};

/**
 * @param knownId the id the group was asked for by, for servers that leave it out of the answer
 * @returns null where this is not a group: it has no displayName, or neither brings an id nor was asked for by one
 */
export function readGroup(body: JsonObject, knownId: string | null = null, etag?: string): Group | null {
  const id = opaqueText(memberOf(body, 'id')) ?? knownId;
  const displayName = opaqueText(memberOf(body, 'displayName'));
  if (id === null || displayName === null || !fitsIntoAddress(id)) return null;
  const version = versionIn(memberOf(body, 'meta'), etag);
  return {
    id,
    displayName,
    externalId: opaqueText(memberOf(body, 'externalId')),
    members: elementsOf(memberOf(body, 'members')).flatMap(memberIn),
    told: body,
    ...(version === undefined ? {} : { version }),
  };
}

/** Whether the target says who belongs to the group; many leave an empty list out. */
export function showsMembers(group: Group): boolean {
  return isJsonList(memberOf(group.told, 'members'));
}

/** What a PUT sends: the group as it was read, members that we cannot read as well, with what is to change. */
export function groupBody(
  group: Group,
  changes: {
    readonly displayName?: string;
    readonly add?: readonly string[];
    readonly remove?: readonly string[];
  },
): JsonObject {
  const { displayName = group.displayName, add = [], remove = [] } = changes;
  // Where they are not shown and none is to change, nobody can say that there are none.
  const isUnknown = !showsMembers(group) && add.length + remove.length === 0;
  const gone = new Set(remove);
  const kept = elementsOf(memberOf(group.told, 'members')).filter(
    (element) => !memberIn(element).some(({ value }) => gone.has(value)),
  );
  const ours = ['id', 'meta', 'schemas', 'displayName', 'members'].map(
    (name) => keyOf(group.told, name) ?? name,
  );
  const rest = Object.entries(group.told).filter(([name]) => !ours.includes(name));
  return {
    schemas: [
      CORE_URN,
      ...rest.map(([name]) => name).filter((name) => isUrn(name) && !sameName(name, CORE_URN)),
    ],
    ...Object.fromEntries(rest),
    displayName,
    ...(isUnknown ? {} : { members: [...kept, ...add.map((value) => ({ value }))] }),
  };
}

function elementsOf(members: Json | undefined): readonly Json[] {
  if (members === undefined || members === null || members === '') return [];
  return isJsonList(members) ? members : [members];
}

function memberIn(element: Json): readonly Member[] {
  const value = opaqueText(isJsonObject(element) ? memberOf(element, 'value') : element);
  if (value === null) return [];
  if (!isJsonObject(element)) return [{ value }];
  const [type, display] = [opaqueText(memberOf(element, 'type')), opaqueText(memberOf(element, 'display'))];
  return [{ value, ...(type === null ? {} : { type }), ...(display === null ? {} : { display }) }];
}

/**
 * How a person is named inside Landbridge: by source and stable id, never by DN, userName or mail, since those
 * three change with a marriage or a move (design.md, "identity").
 */

/** The source's own unchanging id in canonical text: lower-case UUID for entryUUID, the employee id for HR. */
export type StableId = string & { readonly brand: 'StableId' };

/** `source:stableId`, the one key under which everything about a person is kept. */
export type PersonKey = string & { readonly brand: 'PersonKey' };

/** A source name is a plain word, so that the first `:` of a key always ends it. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Longest id we take: ids become Redis keys and URL segments. */
const MAX_ID_LENGTH = 256;

/**
 * Canonical form of an id that a source gave as text. UUIDs are folded to lower case (RFC 4530 compares them
 * without case); anything else is kept as it is, trimmed.
 * @returns null where the text cannot serve as an id: empty, too long, with control characters or U+FFFD, which
 *   is what undecodable bytes leave behind.
 */
export function toStableId(text: string): StableId | null {
  const id = text.trim();
  if (id === '' || id.length > MAX_ID_LENGTH) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we look for
  if (/[\u0000-\u001f\u007f\ufffd]/.test(id)) return null;
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  return (isUuid ? id.toLowerCase() : id) as StableId;
}

export function personKey(source: string, id: StableId): PersonKey {
  return `${source}:${id}` as PersonKey;
}

/** @returns null where the text is not `source:stableId` */
export function parsePersonKey(text: string): { key: PersonKey; source: string; id: StableId } | null {
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  const source = text.slice(0, colon);
  const id = toStableId(text.slice(colon + 1));
  if (!SOURCE_NAME.test(source) || id === null) return null;
  return { key: personKey(source, id), source, id };
}

/** The source that a person's key begins with. */
export function sourceOfKey(key: PersonKey): string {
  return key.slice(0, key.indexOf(':'));
}

/** The stable id that a person's key ends with. */
export function stableIdOfKey(key: PersonKey): StableId {
  return key.slice(key.indexOf(':') + 1) as StableId;
}

/**
 * A group of a source, where it stands beside people in queues, holds and logs: `group/source:stableId`. No source name
 * holds a slash, so that no person's key begins like that.
 */
export type GroupKey = string & { readonly brand: 'GroupKey' };

/** Whoever work at a target is about. */
export type WorkKey = PersonKey | GroupKey;

const GROUP = 'group/';

export function groupKey(source: string, id: StableId): GroupKey {
  return `${GROUP}${source}:${id}` as GroupKey;
}

export function isGroupKey(key: string): key is GroupKey {
  return key.startsWith(GROUP);
}

/** The source and the stable id that a group's key is made of. */
export function partsOfGroupKey(key: GroupKey): { readonly source: string; readonly id: StableId } {
  const colon = key.indexOf(':');
  return { source: key.slice(GROUP.length, colon), id: key.slice(colon + 1) as StableId };
}

/** @returns null where the text is not `group/source:id` */
export function parseGroupKey(text: string): GroupKey | null {
  const parsed = isGroupKey(text) ? parsePersonKey(text.slice(GROUP.length)) : null;
  return parsed === null ? null : groupKey(parsed.source, parsed.id);
}

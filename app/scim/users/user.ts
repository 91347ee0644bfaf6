/**
 * Reads a User as a server sent it, leniently: an id may come as a number, `active` as text, core names in any case.
 * Attributes that we do not know are kept. Pure. Source: draft-scim-core-schema-01 sections 5 and 6; names are not
 * case-sensitive (draft-scim-api-01, 3.8).
 */
import { type Account, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';

const CORE_NAMES: ReadonlyMap<string, string> = new Map(
  [
    ...['id', 'meta', 'schemas', 'externalId', 'userName', 'name', 'displayName', 'nickName', 'profileUrl'],
    ...['title', 'userType', 'preferredLanguage', 'locale', 'timezone', 'active', 'emails', 'phoneNumbers'],
    ...['ims', 'photos', 'addresses', 'groups', 'entitlements', 'roles', 'x509Certificates'],
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * @param knownId the id the user was asked for by, for servers that leave it out of the answer
 * @returns null where this is not a user: it has no userName, or neither brings an id nor was asked for by one
 */
export function readUser(body: JsonObject, knownId: string | null = null, etag?: string): Account | null {
  const { id: rawId, meta, schemas: _schemas, password: _password, ...attributes } = canonicalNames(body);
  const id = opaqueText(rawId) ?? knownId;
  const userName = opaqueText(attributes.userName);
  if (id === null || userName === null || !fitsIntoAddress(id)) return null;
  const externalId = opaqueText(attributes.externalId);
  const version = etag ?? versionOf(meta);
  return {
    id,
    user: {
      ...attributes,
      userName,
      ...(externalId === null ? {} : { externalId }),
      ...activeOf(attributes.active),
    },
    ...(version === undefined ? {} : { version }),
  };
}

/** Dots lead out of `/Users/`, and a lone surrogate has no percent-encoding: neither can name an account. */
function fitsIntoAddress(id: string): boolean {
  return id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id);
}

function canonicalNames(body: JsonObject): JsonObject {
  const spelled = Object.entries(body).map(([name, value]): [string, Json] => {
    const core = CORE_NAMES.get(name.toLowerCase()) ?? name;
    return [core !== name && Object.hasOwn(body, core) ? name : core, value];
  });
  return Object.fromEntries(spelled);
}

function opaqueText(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function activeOf(value: Json | undefined): { active?: Json } {
  if (typeof value !== 'string') return {};
  const word = value.toLowerCase();
  return word === 'true' || word === 'false' ? { active: word === 'true' } : {};
}

function versionOf(meta: Json | undefined): string | undefined {
  const version = isJsonObject(meta) ? ownValue(meta, 'version') : undefined;
  return typeof version === 'string' && version !== '' ? version : undefined;
}

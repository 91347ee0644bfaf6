/**
 * How attributes are named and shaped in what a client sends: canonical spelling, read-only ones, bare lists. What one
 * kind of server makes of a user is in `user-rules.ts`. Source: draft-scim-core-schema-01, sections 3 and 5 to 8.
 */
import { isList, isObject, type Json, type JsonObject, memberOf } from './json.ts';
import { ScimError } from './scim-error.ts';

export const CORE_URN = 'urn:scim:schemas:core:1.0';
export const ENTERPRISE_URN = 'urn:scim:schemas:extension:enterprise:1.0';
export const LEANKIT_URN = 'urn:scim:schemas:extension:leankit:user:1.0';
export const SLACK_GUEST_URN = 'urn:scim:schemas:extension:slack:guest:1.0';
export const SLACK_PROFILE_URN = 'urn:scim:schemas:extension:slack:profile:1.0';
export const KNOWN_URNS = [CORE_URN, ENTERPRISE_URN, LEANKIT_URN, SLACK_GUEST_URN, SLACK_PROFILE_URN];

export const MULTI_VALUED: ReadonlySet<string> = new Set([
  'emails',
  'phoneNumbers',
  'ims',
  'photos',
  'addresses',
  'entitlements',
  'roles',
  'x509Certificates',
  'members',
]);
const SINGULAR = [
  ...['userName', 'externalId', 'name', 'displayName', 'nickName', 'profileUrl', 'title', 'userType'],
  ...[
    'preferredLanguage',
    'locale',
    'timezone',
    'active',
    'id',
    'meta',
    'schemas',
    'groups',
    'password',
    'verified',
  ],
];
const SUB_ATTRIBUTES = [
  ...['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'],
  ...['licenseType', 'lastAccess', 'administrator', 'boardCreator', 'dateFormat', 'created', 'location'],
  ...['value', 'type', 'primary', 'display', 'operation'],
];
const CANONICAL: ReadonlyMap<string, string> = new Map(
  [...SINGULAR, ...MULTI_VALUED, ...SUB_ATTRIBUTES, ...KNOWN_URNS].map((name) => [name.toLowerCase(), name]),
);

/** What may be sent but not set; echoing a GET back is legal. */
const READ_ONLY: ReadonlySet<string> = new Set(['id', 'meta', 'schemas', 'groups']);
/** Dropped at any depth: its text is never kept or echoed. */
const PASSWORD = 'password';
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A resource without what belongs to the server (`id`, `meta`, `schemas`) and without the password. */
export type Attributes = JsonObject;

/** The spelling the target answers with, where it knows the name. */
export function canonicalName(name: string): string {
  return CANONICAL.get(name.toLowerCase()) ?? name;
}

/**
 * Reads what a client sent: canonical names, read-only attributes dropped, bare multi-values written out.
 * @param nulls SCIM 1.1 equates null with absence in a whole resource, and leaves it undefined in a PATCH
 */
export function readAttributes(body: JsonObject, nulls: 'absent' | 'refused'): Attributes {
  const read: [string, Json][] = [];
  for (const [sent, value] of Object.entries(body)) {
    const name = canonicalName(sent);
    if (!isKept(name)) continue;
    const cleaned = clean(name, value, nulls);
    if (cleaned !== undefined) read.push([name, cleaned]);
  }
  return Object.fromEntries(read);
}

/** Whether a top-level attribute of this name may be stored. */
export function isKept(name: string): boolean {
  return !READ_ONLY.has(name) && !UNSAFE.has(name) && name !== PASSWORD;
}

/** Whether the body sets a password. */
export function setsPassword(body: JsonObject): boolean {
  const password = memberOf(body, PASSWORD);
  return typeof password === 'string' && password !== '';
}

function clean(name: string, value: Json, nulls: 'absent' | 'refused'): Json | undefined {
  if (value === null) {
    if (nulls === 'absent') return undefined;
    throw new ScimError(400, `${name} is null; list it in meta.attributes to remove it.`);
  }
  if (isList(value)) {
    const items = value.map((item) => clean(name, item, nulls)).filter((item) => item !== undefined);
    return MULTI_VALUED.has(name) ? items.map((item) => (isObject(item) ? item : { value: item })) : items;
  }
  if (!isObject(value)) return value;
  const parts: [string, Json][] = [];
  for (const [sent, part] of Object.entries(value)) {
    const partName = canonicalName(sent);
    if (UNSAFE.has(partName) || partName === PASSWORD || (name === LEANKIT_URN && partName === 'lastAccess'))
      continue;
    const cleaned = clean(partName, part, nulls);
    if (cleaned !== undefined) parts.push([partName, cleaned]);
  }
  return Object.fromEntries(parts);
}

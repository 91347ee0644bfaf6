/**
 * How a user's attributes are named and shaped in this target: canonical spelling, read-only ones, defaults, checks.
 *
 * Works on values only; who holds which name is decided in `user-store.ts`. Attributes nobody knows are kept, since it
 * is not documented whether the real target refuses them. Source: draft-scim-core-schema-01 sections 3, 5 and 6; the
 * extension's fields and defaults follow the vendor's user provisioning pages.
 */
import { z } from 'zod';
import { isList, isObject, type Json, type JsonObject, memberOf } from './json.ts';
import { ScimError } from './scim-error.ts';

export const CORE_URN = 'urn:scim:schemas:core:1.0';
export const ENTERPRISE_URN = 'urn:scim:schemas:extension:enterprise:1.0';
export const LEANKIT_URN = 'urn:scim:schemas:extension:leankit:user:1.0';

const MULTI_VALUED: ReadonlySet<string> = new Set([
  'emails',
  'phoneNumbers',
  'ims',
  'photos',
  'addresses',
  'entitlements',
  'roles',
  'x509Certificates',
]);
const SINGULAR = [
  ...['userName', 'externalId', 'name', 'displayName', 'nickName', 'profileUrl', 'title', 'userType'],
  ...['preferredLanguage', 'locale', 'timezone', 'active', 'id', 'meta', 'schemas', 'groups', 'password'],
];
const SUB_ATTRIBUTES = [
  ...['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'],
  ...['licenseType', 'lastAccess', 'administrator', 'boardCreator', 'dateFormat', 'created', 'location'],
  ...['value', 'type', 'primary', 'display', 'operation'],
];
const CANONICAL: ReadonlyMap<string, string> = new Map(
  [...SINGULAR, ...MULTI_VALUED, ...SUB_ATTRIBUTES, CORE_URN, ENTERPRISE_URN, LEANKIT_URN].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** What may be sent but not set; echoing a GET back is legal. */
const READ_ONLY: ReadonlySet<string> = new Set(['id', 'meta', 'schemas', 'groups']);
/** Dropped at any depth: its text is never kept or echoed. */
const PASSWORD = 'password';
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const EXTENSION_DEFAULTS = {
  licenseType: 'full',
  administrator: false,
  boardCreator: false,
  dateFormat: 'mm/dd/yyyy',
};

/** A user without what belongs to the server (`id`, `meta`, `schemas`) and without the password. */
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

/** Whether a top-level attribute of this name is stored with the user. */
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

/** Adds what the target sets by itself, and carries over the one field no client may write. */
export function withDefaults(attributes: Attributes, lastAccess: Json | undefined): Attributes {
  const sent = attributes[LEANKIT_URN];
  const extension = sent === undefined || isObject(sent) ? { ...EXTENSION_DEFAULTS, ...sent } : sent;
  const kept = lastAccess === undefined || !isObject(extension) ? extension : { ...extension, lastAccess };
  return { active: true, ...attributes, [LEANKIT_URN]: kept };
}

export function lastAccessOf(attributes: Attributes): Json | undefined {
  const extension = attributes[LEANKIT_URN];
  return isObject(extension) ? extension['lastAccess'] : undefined;
}

const text = z.string();
const multiValued = z
  .array(z.looseObject({ type: text.optional(), primary: z.boolean().optional() }))
  .optional();
const userSchema = z.looseObject({
  userName: text.refine((value) => value.trim() !== '', 'must not be empty'),
  externalId: text.optional(),
  active: z.boolean(),
  name: z
    .looseObject({ familyName: text.optional(), givenName: text.optional(), formatted: text.optional() })
    .optional(),
  displayName: text.optional(),
  nickName: text.optional(),
  title: text.optional(),
  timezone: text.optional(),
  locale: text.optional(),
  preferredLanguage: text.optional(),
  ...Object.fromEntries([...MULTI_VALUED].map((name) => [name, multiValued])),
  [ENTERPRISE_URN]: z.looseObject({}).optional(),
  [LEANKIT_URN]: z.looseObject({
    licenseType: text,
    administrator: z.boolean(),
    boardCreator: z.boolean(),
    dateFormat: z.enum(['mm/dd/yyyy', 'dd/mm/yyyy', 'yyyy/mm/dd']),
  }),
});

/** @throws ScimError 400 that names the attribute and what it must be */
export function checkUser(attributes: Attributes): string {
  const result = userSchema.safeParse(attributes);
  if (result.success) return result.data.userName;
  const issue = result.error.issues[0];
  throw new ScimError(400, `${issue?.path.join('.') ?? 'user'}: ${issue?.message ?? 'is not valid'}`);
}

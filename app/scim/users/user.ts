/**
 * Reads a User as a server sent it, leniently: names in any case at each level, extensions as the profile spells their
 * URNs, ids and other texts that came as numbers, `active` and `primary` as text, lists as bare texts or as a lone
 * element. Attributes that we do not know are kept as they are. It judges no value. Pure. Source:
 * draft-scim-core-schema-01 sections 3.2, 5, 6 and 7; names ignore case (draft-scim-api-01, 3.8).
 */
import { fitsIntoAddress, opaqueText } from '../opaque-text.ts';
import {
  type Account,
  ENTERPRISE_URN,
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  sameName,
} from '../resource.ts';
import { versionIn } from '../version.ts';

type Spellings = ReadonlyMap<string, string>;

const LISTS = [
  'emails',
  'phoneNumbers',
  'ims',
  'photos',
  'groups',
  'entitlements',
  'roles',
  'x509Certificates',
];

const ATTRIBUTES = spellings([
  ...['id', 'meta', 'schemas', 'externalId', 'userName', 'name', 'displayName', 'nickName', 'profileUrl'],
  ...['title', 'userType', 'preferredLanguage', 'locale', 'timezone', 'active', 'password', 'addresses'],
  ...LISTS,
]);
const NAME_PARTS = spellings([
  ...['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'],
]);
const ELEMENT_PARTS = spellings([
  ...['value', 'type', 'primary', 'display', 'operation'],
  ...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'],
]);
const ENTERPRISE_PARTS = spellings([
  ...['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'],
]);
const MANAGER_PARTS = spellings(['managerId', 'displayName']);

/** What of a User's body is text, and may come as a number. */
const TEXTS: ReadonlySet<string> = new Set([
  'externalId',
  'userName',
  'value',
  'employeeNumber',
  'managerId',
]);
/** What is true or false, and may come as text. */
const BOOLEANS: ReadonlySet<string> = new Set(['active', 'primary']);

export type Reading = {
  /** The id the user was asked for by, for servers that leave it out of the answer. */
  readonly knownId?: string | null;
  /** The header of the answer, where the answer is this user and nothing else. */
  readonly etag?: string | undefined;
  /** The URNs of the extensions, as they shall be spelled. */
  readonly extensions?: readonly string[];
};

/** @returns null where this is not a user: it has no userName, or neither brings an id nor was asked for by one */
export function readUser(
  body: JsonObject,
  { knownId = null, etag, extensions = [] }: Reading = {},
): Account | null {
  const spelled = withSpellings(body, ATTRIBUTES, extensions);
  const { id: rawId, meta, schemas: _schemas, password: _password, ...attributes } = spelled;
  const id = opaqueText(rawId) ?? knownId;
  const userName = opaqueText(attributes.userName);
  if (id === null || userName === null || !fitsIntoAddress(id)) return null;
  const version = versionIn(meta, etag);
  const user = Object.entries(attributes).map(([name, value]): [string, Json] => [
    name,
    attributeOf(name, value),
  ]);
  return {
    id,
    user: { ...Object.fromEntries(user), userName },
    ...(version === undefined ? {} : { version }),
  };
}

function attributeOf(name: string, value: Json): Json {
  if (LISTS.includes(name) || name === 'addresses') return listOf(name, value);
  if (name === 'name') return partsOf(value, NAME_PARTS);
  if (sameName(name, ENTERPRISE_URN)) return enterpriseOf(value);
  return leafOf(name, value);
}

/** A list of bare texts stands for their values (draft-scim-core-schema-01, 3.2); an address has no value. */
function listOf(name: string, value: Json): Json {
  if (value === null || value === '') return value;
  const elements = isJsonList(value) ? value : [value];
  return elements.map((element) => {
    if (isJsonObject(element)) return partsOf(element, ELEMENT_PARTS);
    const bare = element !== null && !isJsonList(element) && name !== 'addresses';
    return bare ? { value: leafOf('value', element) } : element;
  });
}

function enterpriseOf(value: Json): Json {
  const parts = partsOf(value, ENTERPRISE_PARTS);
  if (!isJsonObject(parts) || parts.manager === undefined) return parts;
  return { ...parts, manager: partsOf(parts.manager, MANAGER_PARTS) };
}

function partsOf(value: Json, known: Spellings): Json {
  if (!isJsonObject(value)) return value;
  const parts = Object.entries(withSpellings(value, known, []));
  return Object.fromEntries(parts.map(([name, part]): [string, Json] => [name, leafOf(name, part)]));
}

function leafOf(name: string, value: Json): Json {
  if (TEXTS.has(name) && typeof value === 'number') return String(value);
  if (!BOOLEANS.has(name) || typeof value !== 'string') return value;
  const word = value.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : value;
}

/** Known names as the schema spells them. Where a server says a name twice, its other spelling stays what it is. */
function withSpellings(object: JsonObject, known: Spellings, extensions: readonly string[]): JsonObject {
  const spelled = Object.entries(object).map(([name, value]): [string, Json] => {
    const right = known.get(name.toLowerCase()) ?? extensions.find((urn) => sameName(urn, name)) ?? name;
    return [right !== name && Object.hasOwn(object, right) ? name : right, value];
  });
  return Object.fromEntries(spelled);
}

function spellings(names: readonly string[]): Spellings {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}

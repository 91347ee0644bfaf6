/**
 * The shape of a SCIM 1.1 User inside Landbridge, how its attributes are named, and what counts as a value.
 * Source: draft-scim-core-schema-01 sections 3, 5 and 6.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

export const CORE_URN = 'urn:scim:schemas:core:1.0';

export const ENTERPRISE_URN = 'urn:scim:schemas:extension:enterprise:1.0';

/**
 * A User as we want it or as a target has it, without `id`, `meta` and `schemas`: those belong to the envelope.
 * Extension attributes stand under their URN, as on the wire.
 */
export type ScimUser = { readonly userName: string } & { readonly [attribute: string]: Json };

/** A user as the target holds it. `id` is opaque text, never a number (agileplace.md section 2). */
export type Account = {
  readonly id: string;
  /** Everything the target told us, except `id`, `meta`, `schemas`. */
  readonly user: ScimUser;
  /** ETag or meta.version, where the target has versions. */
  readonly version?: string;
};

/** Where an attribute stands: `['userName']`, `['name','familyName']`, `['urn:…:user:1.0','boardCreator']`. */
export type AttributePath = readonly [string, ...string[]];

/** A path as SCIM 1.1 writes it: `name.familyName`, `urn:…:user:1.0:boardCreator` (draft-scim-api-01, 3.8). */
export function formatPath(path: AttributePath, afterUrn: ':' | '.' = ':'): string {
  const [head, ...rest] = path;
  if (!isUrn(head)) return path.join('.');
  return rest.length === 0 ? head : `${head}${afterUrn}${rest.join('.')}`;
}

export function isUrn(name: string): boolean {
  return /^urn:/i.test(name);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What the object itself says under this name; never what it inherits (`constructor`, `toString`). */
export function ownValue(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Under which key the object says what is asked for. Attribute names ignore case at every depth, extension URNs as
 * well (draft-scim-api-01, 3.8); where a server sends two spellings of one name, the exact one is meant.
 */
export function keyOf(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const folded = name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === folded);
}

/** What the object says under this name, however it spells it. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  const key = keyOf(object, name);
  return key === undefined ? undefined : object[key];
}

/** Whether both names mean one attribute. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What stands at the path; undefined where nothing is said there. */
export function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  const value = path.reduce<Json | undefined>(
    (so, name) => (isJsonObject(so) ? memberOf(so, name) : undefined),
    object,
  );
  return withoutBlanks(value);
}

/**
 * A copy of `object` with `value` at `path`, or without anything there where `value` is undefined. What is there
 * already keeps its spelling.
 */
export function withValue(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [asked, ...rest] = path;
  if (asked === undefined) return object;
  const name = keyOf(object, asked) ?? asked;
  const { [name]: old, ...others } = object;
  if (rest.length === 0) return value === undefined ? others : { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) && isJsonObject(old) ? old : {};
  const changed = withValue(inner, rest, value);
  return Object.keys(changed).length === 0 ? others : { ...object, [name]: changed };
}

/**
 * The value without what says nothing: `null`, `""`, `[]` and `{}` at any depth. SCIM 1.1 gives none of them the
 * meaning "remove", and servers differ over them (O-09, O-16), so they are neither sent nor compared.
 * @returns undefined where nothing is left
 */
export function withoutBlanks(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (isJsonList(value)) {
    const kept = value.map(withoutBlanks).filter((item) => item !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (isJsonObject(value)) {
    const kept = objectWithoutBlanks(value);
    return Object.keys(kept).length === 0 ? undefined : kept;
  }
  return value;
}

/** The attributes that say something. */
export function objectWithoutBlanks(object: JsonObject): JsonObject {
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(object)) {
    const said = withoutBlanks(value);
    if (said !== undefined) kept.push([name, said]);
  }
  return Object.fromEntries(kept);
}

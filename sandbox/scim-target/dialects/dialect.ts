/**
 * A dialect: how one kind of SCIM 1.1 server behaves, as data. What the drafts leave open, and what a server does
 * otherwise, stands here; the routes read it. Each file beside this one says where its facts come from.
 */
import type { z } from 'zod';
import type { JsonObject } from '../json.ts';
import type { Limits, SetLimits } from '../limits.ts';
import type { RateHeaderStyle } from '../rate-headers.ts';

export type Dialect = {
  readonly name: string;
  /** Path of the service: what stands before `/Users`. */
  readonly base: string;
  readonly users: UserHabits;
  readonly groups: GroupHabits | null;
  readonly resource: ResourceHabits;
  readonly list: ListHabits;
  readonly filter: FilterHabits;
  readonly versions: VersionHabits | null;
  readonly errors: ErrorShape;
  /** Content-Type of JSON answers. */
  readonly jsonType: string;
  readonly methodOverride: boolean;
  /** Whether a body without `schemas` is refused. */
  readonly wantsSchemas: boolean;
  /** Whether a user who is being written to cannot be written to by another request: 429. */
  readonly oneWriteAtATime: boolean;
  /** Set where PATCH and DELETE of a resource that is not there are an internal error; else they are 404. */
  readonly missing?: 500;
  readonly signIn: readonly ('basic' | 'bearer')[];
  /** Where tokens come from: `/io/auth/token` by password, `/oauth/token` by client credentials, or not from here. */
  readonly tokens: 'minted' | 'oauth' | 'elsewhere';
  readonly bulk: BulkLimits | null;
  /** What is in force where the command line says nothing; null: no limit. */
  readonly limits: Limits | SetLimits | null;
  readonly rateHeaders: RateHeaderStyle;
  /** The answer at `/ServiceProviderConfigs`; null where there is none. */
  readonly config: JsonObject | null;
  /** One list of schemas, one schema for each kind of resource by its name, or none. */
  readonly schemas: 'list' | 'by-name' | 'none';
};

export type UserHabits = {
  /** The extensions of the User that `/Schemas` and the checks below know. */
  readonly extensions: Readonly<Record<string, z.ZodType>>;
  /** What the server sets where nothing was sent; objects are filled up part by part. */
  readonly defaults: JsonObject;
  /** Attributes that must be there, beyond userName. */
  readonly required: readonly string[];
  /** The attributes that are kept. `everything`: also those that nobody knows. */
  readonly stores: 'everything' | Readonly<Record<string, 'whole' | readonly string[]>>;
  /** Lists of which only one element is kept, the primary or the first, and whether more are refused. */
  readonly single: Readonly<Record<string, 'refused' | 'one-kept'>>;
  /** `slack`: see slack-rules.ts. `one-of-a-type`: see gateway-rules.ts. */
  readonly keeps: 'as-sent' | 'slack' | 'one-of-a-type';
  /** What never changes once a user is made. */
  readonly fixed: readonly string[];
  readonly createStatus: 200 | 201;
  readonly patch: PatchFlavour;
  /** `deactivates`: the user stays, with `active` false. `whole`: the answer is the user that was removed. */
  readonly remove: {
    readonly effect: 'removes' | 'deactivates';
    readonly status: 200 | 204;
    readonly answer: 'empty' | 'whole';
  };
  /** Set where an account's id is the userName that it was made with; else it is a number. */
  readonly ids?: 'first-name';
  /** Set where names that differ in case alone are two names when an account is made. */
  readonly names?: 'exact';
};

/**
 * `letter`: draft-scim-api-01, 3.3.2. `by-type`: list elements are merged by their type (patch-lists.ts). `uaa`: see
 * uaa-patch.ts. `slack`: see slack-rules.ts. `gateway`: see gateway-rules.ts. `status`: active and password only,
 * anything else is 501.
 */
export type PatchFlavour = 'letter' | 'by-type' | 'uaa' | 'slack' | 'gateway' | 'status';

export type GroupHabits = {
  /** Set before a name that has none, and not needed in a search. */
  readonly prefix: string;
  readonly uniqueNames: boolean;
  /** How a member's type is written; null where it is not. */
  readonly memberTypes: { readonly user: string; readonly group: string } | null;
  readonly memberDisplay: boolean;
  readonly patchStatus: 200 | 204;
  readonly remove: { readonly status: 200 | 204; readonly answer: 'empty' | 'whole' };
};

/** How one resource is written. */
export type ResourceHabits = {
  readonly showsSchemas: boolean;
  readonly meta: readonly ('created' | 'lastModified' | 'location' | 'version')[];
  /** With milliseconds and Z, without a zone, or with an offset. */
  readonly times: 'utc' | 'zoneless' | 'offset';
  /** The word in `meta.location` that the vendor writes. */
  readonly usersWord: 'Users' | 'users';
  /** Whether `name.formatted` is made up of the parts. */
  readonly writesWholeName: boolean;
  readonly showsPrimary: boolean;
};

export type ListHabits = {
  readonly key: 'Resources' | 'resources';
  readonly schemas: readonly string[];
  /** The page's size, the number returned, or not there (and `startIndex` neither). */
  readonly itemsPerPage: 'size' | 'returned' | 'absent';
  readonly defaultCount: number;
  readonly maxCount: number;
  /** `stubs`: no more than id, name and meta. */
  readonly shows: 'whole' | 'stubs';
};

export type FilterHabits = {
  readonly operators: readonly FilterOperator[];
  /** Whether `and`, `or` and brackets are understood. */
  readonly joins: boolean;
  /** The attributes that users can be found by, or those that they cannot. */
  readonly users: { readonly only: readonly string[] } | { readonly allBut: readonly string[] };
  /** Names of its own: what is asked for, and what it means. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Set where a filter that is not understood is an internal error; else it is 400. */
  readonly refusal?: 500;
};

export type FilterOperator = 'eq' | 'co' | 'sw' | 'pr' | 'gt' | 'ge' | 'lt' | 'le';
export const EVERY_OPERATOR: readonly FilterOperator[] = ['eq', 'co', 'sw', 'pr', 'gt', 'ge', 'lt', 'le'];

export type VersionHabits = {
  readonly form: 'integer' | 'weak' | 'bare';
  /** Whether the ETag header is sent. */
  readonly header: boolean;
  /** `required`: PUT and PATCH without it are 400. */
  readonly ifMatch: 'ignored' | 'honoured' | 'required';
  readonly mismatch: 409 | 412;
};

/**
 * `number-code`, `string-code` and `number-but-409` (which is a string): a list of Errors; `slack`: one error, not in a
 * list; `uaa`: as Spring writes it.
 */
export type ErrorShape = 'string-code' | 'number-code' | 'number-but-409' | 'slack' | 'uaa';

export type BulkLimits = { readonly maxOperations: number; readonly maxPayloadSize: number };

/**
 * A profile: how one kind of target really behaves, as data. It says what the protocol leaves open or what the target
 * does otherwise. Discovery does not override it, since servers say untrue things about themselves
 * (agileplace.md section 5, ServiceProviderConfigs); `landbridge check target` shows where a live target differs.
 */
import type { FilterAbilities } from '../filter/abilities.ts';
import type { AttributePath } from '../resource.ts';
import type { HttpMethod } from '../wire/client.ts';

export type Profile = {
  readonly name: string;
  /** Where the kinds of resources are, from the base URL. Groups are in `groups`, bulk requests in `bulk`. */
  readonly usersPath: string;
  /** Which ways of signing in the target has, of those that Landbridge knows. */
  readonly auth: readonly AuthKind[];
  /** Where a token is minted from name and password, from the root of the origin; null where it cannot be. */
  readonly mintPath: string | null;

  /**
   * How an account is changed. `patch`: with the differences alone, and by PUT where the target turns out not to take
   * PATCH. `put`: the account is read and sent back whole.
   */
  readonly update: 'patch' | 'put';
  /**
   * How a PATCH changes a list that is there already. `replace`: named in `meta.attributes` and sent whole.
   * `elements`: what goes by `operation: "delete"`, what comes or changes as itself. `overwrite`: sent whole, since the
   * target takes a list in a PATCH for the whole list.
   */
  readonly listChanges: 'replace' | 'elements' | 'overwrite';
  /** What stands between an extension's URN and the attribute where `meta.attributes` names it. */
  readonly afterUrnInPatch: ':' | '.';
  /** Complex attributes of which a PATCH always sends every wanted part, because a lone part may not merge. */
  readonly wholeComplex: readonly string[];
  /**
   * Attributes that each PATCH has to say, because leaving them out resets them. What we do not want ourselves is sent
   * as the target has it, so it is read before.
   */
  readonly alwaysSend: readonly string[];
  /** What only the target sets, beyond what SCIM 1.1 says so of every user: never part of a PUT. */
  readonly readOnly: readonly AttributePath[];
  /**
   * If-Match with PUT, PATCH and DELETE. `never`: the target has no ETags. `echo`: the version last seen, where the
   * target showed one. `required`: the same, and where none has been seen the account is read first. `any`: `*`.
   */
  readonly ifMatch: 'never' | 'echo' | 'required' | 'any';
  /** How access is taken away: by `active: false`, or by DELETE where that only switches the account off. */
  readonly deactivate: 'active' | 'delete';
  /** What DELETE does to a user. */
  readonly deletes: 'removes' | 'deactivates' | 'unknown';
  /** The statuses by which a create says that it worked; any other of 2xx is believed as well. */
  readonly created: readonly number[];

  readonly filter: FilterAbilities;
  /**
   * Whether users can be looked for by `externalId`. `unproven`: ask, and read a refusal of the filter (400, 501) as
   * "cannot be found that way", so that the look-up by userName decides. `unsupported`: do not ask.
   */
  readonly externalIdSearch: 'supported' | 'unproven' | 'unsupported';
  /**
   * Set where a mail address that is sent as userName becomes another name: what the target's search calls the mail
   * address, by which such an account is looked for instead.
   */
  readonly addressSearch?: 'email';
  /** What a list shows of each user: all of it, or little more than the id, so that each is read by itself. */
  readonly listShows: 'whole' | 'stubs';
  /** How many users to ask for in one page of a listing; no more than the target gives. */
  readonly pageSize: number;
  /** What `startIndex` counts: users from 1, as the draft has it, or pages from 0. */
  readonly paging: 'index1' | 'page0';
  /** The extensions of the User that the target knows, by URN. */
  readonly extensions: readonly string[];
  /**
   * The attributes of the User outside extensions that are documented for the target, or stand in its source; null
   * where nobody says which, or any of SCIM 1.1 may be there.
   */
  readonly documented: readonly string[] | null;
  /** Attributes without which the target makes no account, beyond userName. */
  readonly required: readonly string[];

  readonly groups: GroupHabits | null;
  readonly bulk: BulkLimits | null;
  readonly limits: LimitScheme;
};

export type AuthKind = 'basic' | 'bearer' | 'minted' | 'oauth2';

export type GroupHabits = {
  readonly path: string;
  /** How members are changed: by the difference alone, or with the whole group. */
  readonly update: 'patch' | 'put';
  /** How many members go into one PATCH at most. */
  readonly membersPerRequest: number;
  /** Set where a group's name comes back behind the name of the store that it is kept in: `PRIMARY/engineers`. */
  readonly namesCarryStore?: true;
};

export type BulkLimits = {
  readonly path: string;
  readonly maxOperations: number;
  readonly maxPayloadBytes: number;
};

/** How the target limits requests. What its answers say goes before what stands here. */
export type LimitScheme = {
  /** Whose requests are counted together. */
  readonly scope: 'user' | 'organisation' | 'unknown';
  /** How its answers tell what is left: by headers, by Retry-After alone once it is too late, or not at all. */
  readonly told: 'headers' | 'retry-after' | 'nothing' | 'unknown';
  /** Limits that the vendor documents, for where no answer tells. A request counts in each that it belongs to. */
  readonly sets: readonly LimitSet[];
};

export type LimitSet = {
  readonly name: string;
  readonly methods: readonly HttpMethod[];
  /** Which resources: the path that a request goes to. */
  readonly resources: 'users' | 'groups' | 'any';
  readonly perMinute: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
};

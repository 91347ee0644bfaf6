/**
 * A profile: how one kind of target really behaves, as data. It says what the protocol leaves open or what the target
 * does otherwise. Discovery does not override it, since servers say untrue things about themselves
 * (agileplace.md section 5, ServiceProviderConfigs).
 */
import type { AttributePath } from '../resource.ts';

export type Profile = {
  readonly name: string;
  /**
   * How an account is changed. `patch`: with the differences alone, and by PUT where the target turns out not to take
   * PATCH. `put`: the account is read and sent back whole.
   */
  readonly update: 'patch' | 'put';
  /** What only the target sets, beyond what SCIM 1.1 says so of every user: never part of a PUT. */
  readonly readOnly: readonly AttributePath[];
  /** Complex attributes of which a PATCH always sends every wanted part, because a lone part may not merge. */
  readonly wholeComplex: readonly string[];
  /** True where each PATCH has to say `active`, because leaving it out resets it. */
  readonly alwaysSendActive: boolean;
  /**
   * Whether users can be looked for by `externalId`. `unproven`: ask, and read a refusal of the filter (400, 501) as
   * "cannot be found that way", so that the look-up by userName decides. `unsupported`: do not ask.
   */
  readonly externalIdSearch: 'supported' | 'unproven' | 'unsupported';
  /** How many users to ask for in one page of a listing; no more than the target gives. */
  readonly pageSize: number;
  /** What `startIndex` counts: users from 1, as the draft has it, or pages from 0. */
  readonly paging: 'index1' | 'page0';
  /** Where a token is minted from name and password, from the root of the origin; null where it cannot be. */
  readonly mintPath: string | null;
};

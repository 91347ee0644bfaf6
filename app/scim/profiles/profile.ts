/**
 * A profile: how one kind of target really behaves, as data. It says what the protocol leaves open or what the target
 * does otherwise. Discovery does not override it, since servers say untrue things about themselves
 * (agileplace.md section 5, ServiceProviderConfigs).
 */

export type Profile = {
  readonly name: string;
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

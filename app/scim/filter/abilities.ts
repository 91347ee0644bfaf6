/** What a target's search understands of the SCIM 1.1 filter grammar, and how it wants parts of it spelled. */

export type FilterOperator = 'eq' | 'co' | 'sw' | 'pr' | 'gt' | 'ge' | 'lt' | 'le';

export const EVERY_OPERATOR: readonly FilterOperator[] = ['eq', 'co', 'sw', 'pr', 'gt', 'ge', 'lt', 'le'];

export type FilterAbilities = {
  /** The operators that can be relied on; a target may understand more. */
  readonly operators: readonly FilterOperator[];
  /** Whether expressions can be joined by `and` and `or`, and put into brackets. */
  readonly joins: boolean;
  /** What stands between an extension's URN and the attribute: a colon, as draft-scim-api-01, 3.8 has it, or a dot. */
  readonly afterUrn: ':' | '.';
  /** Whether a boolean is written bare, as the draft has it, or as a quoted text. */
  readonly booleans: 'bare' | 'quoted';
  /** Which attributes of a user can be asked for. Default: every one. */
  readonly attributes?: FilterableAttributes;
};

export type FilterableAttributes =
  | { readonly only: readonly string[] }
  | { readonly allBut: readonly string[] };

/** Everything in the draft, spelled as the draft does. */
export const BY_THE_LETTER: FilterAbilities = {
  operators: EVERY_OPERATOR,
  joins: true,
  afterUrn: ':',
  booleans: 'bare',
};

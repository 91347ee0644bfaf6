/** The public face of the SCIM 1.1 client. What is not named here is internal. */
export { applied } from './applied.ts';
export type { AuthOptions } from './auth/sign-in.ts';
export { createTokenFile } from './auth/token-file.ts';
export type { TokenAtTarget, TokenInUse, TokensAtTarget } from './auth/tokens-at-target.ts';
export type { BulkOperation, BulkOptions, BulkResult, BulkSent, BulkTarget } from './bulk/bulk-target.ts';
export {
  createScimTarget,
  type ScimTarget,
  type ScimTargetOptions,
} from './create-scim-target.ts';
export { type Difference, differences } from './differences.ts';
export type { Discovery } from './discovery/discovery.ts';
export type { Schema, SchemaAttribute } from './discovery/schema.ts';
export type { AuthenticationScheme, ServiceProviderConfig } from './discovery/service-provider-config.ts';
export type { FilterAbilities, FilterOperator } from './filter/abilities.ts';
export { allOf, anyOf, type Filter, type FilterValue, present, where } from './filter/expression.ts';
export { FilterError } from './filter/filter-error.ts';
export { formatFilter } from './filter/format.ts';
export { matchesFilter } from './filter/matches.ts';
export { parseFilter } from './filter/parse.ts';
export { reduceFilter } from './filter/reduce.ts';
export { groupLookUpRequests, groupWriteRequests } from './groups/expected-requests.ts';
export type { Group, Member } from './groups/group.ts';
export type {
  GroupCreated,
  GroupMatch,
  GroupRemoved,
  GroupTarget,
  GroupWritten,
  ListedGroups,
  MembersChanged,
  NewGroup,
} from './groups/group-target.ts';
export type { MemberChange } from './groups/member-changes.ts';
export { checkTarget, type TargetCheck, type TargetReport } from './probing/check-target.ts';
export { PROFILE_NAMES, type Profile, profileNamed } from './profiles/index.ts';
export { type Account, type AttributePath, formatPath, type Json, type ScimUser } from './resource.ts';
export type { Call, Created, ListCall, ListEnd, Listed, Match, Removed, Target, Updated } from './target.ts';
export { lookUpRequests, writeRequests } from './users/expected-requests.ts';
export { findsByAddress } from './users/look-up.ts';

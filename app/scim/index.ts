/** The public face of the SCIM 1.1 client. What is not named here is internal. */
export { applied } from './applied.ts';
export { createTokenFile } from './auth/token-file.ts';
export {
  type AuthOptions,
  createScimTarget,
  type ScimTarget,
  type ScimTargetOptions,
} from './create-scim-target.ts';
export { type Difference, differences } from './differences.ts';
export { PROFILE_NAMES, type Profile, profileNamed } from './profiles/index.ts';
export { type Account, type AttributePath, formatPath, type Json, type ScimUser } from './resource.ts';
export type { Call, Created, Listed, Match, Target, Updated } from './target.ts';

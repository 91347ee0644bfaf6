/**
 * Planview AgilePlace (formerly LeanKit), as its User Provisioning API pages describe it (agileplace.md sections 2, 4
 * and 5): PATCH leaves omitted values alone, but whether a lone `name.givenName` keeps the family name is not said,
 * and neither is whether `externalId` can be filtered on.
 */
import type { Profile } from './profile.ts';

export const agileplace: Profile = {
  name: 'agileplace',
  wholeComplex: ['name'],
  alwaysSendActive: false,
  externalIdSearch: 'unproven',
  mintPath: '/io/auth/token',
};

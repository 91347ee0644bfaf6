/**
 * SCIM 1.1 by the letter (draft-scim-api-01, draft-scim-core-schema-01), for a target that nothing else is known of.
 * PATCH and filters are optional there (3.3.2, 3.2.2.1), so neither is relied on: a refused PATCH becomes a PUT, and a
 * refused search by `externalId` leaves the look-up to userName.
 */
import type { Profile } from './profile.ts';

export const generic: Profile = {
  name: 'generic',
  update: 'patch',
  readOnly: [['urn:scim:schemas:extension:enterprise:1.0', 'manager', 'displayName']],
  wholeComplex: [],
  alwaysSendActive: false,
  externalIdSearch: 'unproven',
  pageSize: 100,
  paging: 'index1',
  mintPath: null,
};

/**
 * SCIM 1.1 by the letter (draft-scim-api-01, draft-scim-core-schema-01), for a target that nothing else is known of.
 * PATCH and filters are optional there (3.3.2, 3.2.2.1), so neither is relied on: a refused PATCH becomes a PUT, and a
 * refused search by `externalId` leaves the look-up to userName.
 */
import { EVERY_OPERATOR } from '../filter/abilities.ts';
import { ENTERPRISE_URN } from '../resource.ts';
import type { Profile } from './profile.ts';

export const generic: Profile = {
  name: 'generic',
  usersPath: '/Users',
  auth: ['bearer', 'basic', 'oauth2'],
  mintPath: null,
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: ':',
  wholeComplex: [],
  alwaysSend: [],
  readOnly: [[ENTERPRISE_URN, 'manager', 'displayName']],
  ifMatch: 'echo',
  deactivate: 'active',
  deletes: 'removes',
  created: [201],
  filter: { operators: EVERY_OPERATOR, joins: true, afterUrn: ':', booleans: 'bare' },
  externalIdSearch: 'unproven',
  listShows: 'whole',
  pageSize: 100,
  paging: 'index1',
  extensions: [ENTERPRISE_URN],
  documented: null,
  required: [],
  groups: { path: '/Groups', update: 'patch', membersPerRequest: 100 },
  bulk: null,
  limits: { scope: 'unknown', told: 'unknown', sets: [] },
};

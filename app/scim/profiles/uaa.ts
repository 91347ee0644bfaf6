/**
 * Cloud Foundry UAA, as its source (cloudfoundry/uaa: ScimUserEndpoints.java, ScimUser.java) and its docs/UAA-APIs.rst
 * have it. PUT and PATCH without If-Match are refused with 400, and the ETag is a quoted whole number. A PATCH sets
 * `active` and `verified` whatever it says, and both are true where it says nothing: one that leaves `active` out
 * switches the account on again. E-mail addresses of a PATCH are added to those that are there, and of several only
 * the primary one is kept, so a list is named in `meta.attributes` before it is sent. Lists come as `resources`, a
 * hundred at a time unless asked for others. A create without exactly one e-mail address is refused (ScimUtils.java).
 *
 * What DELETE does depends on the installation (`scim.delete.deactivate`). Limits are an experiment that an operator
 * may switch on (docs/UAA-Rate-Limiting.md); no header is documented. A search by `externalId` is not shown anywhere.
 */
import { EVERY_OPERATOR } from '../filter/abilities.ts';
import type { Profile } from './profile.ts';

export const uaa: Profile = {
  name: 'uaa',
  usersPath: '/Users',
  auth: ['oauth2', 'bearer'],
  mintPath: null,
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: ':',
  wholeComplex: ['name'],
  alwaysSend: ['active', 'verified'],
  readOnly: [['approvals'], ['lastLogonTime'], ['passwordLastModified'], ['previousLogonTime'], ['zoneId']],
  ifMatch: 'required',
  deactivate: 'active',
  deletes: 'unknown',
  created: [201],
  filter: { operators: EVERY_OPERATOR, joins: true, afterUrn: ':', booleans: 'bare' },
  externalIdSearch: 'unproven',
  listShows: 'whole',
  pageSize: 100,
  paging: 'index1',
  extensions: [],
  documented: [
    ...['userName', 'externalId', 'name', 'emails', 'phoneNumbers', 'displayName', 'nickName', 'profileUrl'],
    ...['title', 'userType', 'preferredLanguage', 'locale', 'timezone', 'active', 'verified', 'origin'],
  ],
  required: ['emails'],
  groups: { path: '/Groups', update: 'patch', membersPerRequest: 100 },
  bulk: null,
  limits: { scope: 'unknown', told: 'unknown', sets: [] },
};

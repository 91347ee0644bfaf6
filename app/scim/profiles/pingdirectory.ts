/**
 * PingDirectory by its SCIM 1.1 servlet, as the vendor's summary of protocol support has it (docs.pingidentity.com,
 * PingDirectory Server Administration Guide): PUT, PATCH, bulk, filters, sorting, paging, method override, basic and
 * bearer credentials. ETags need configuration, and the vendor's own sample server (pingidentity/scim) says it has
 * none: one that is shown is sent back, none is waited for.
 *
 * The vendor's SDK merges the elements of a list by `type` and deletes them by everything they say, otherwise than the
 * draft; so a list is cleared by name and sent whole. Which attributes there are, what `active` does, the largest page
 * and the limits of `/Bulk` are set in each installation: the numbers here are small on purpose.
 */
import { EVERY_OPERATOR } from '../filter/abilities.ts';
import { ENTERPRISE_URN } from '../resource.ts';
import type { Profile } from './profile.ts';

export const pingdirectory: Profile = {
  name: 'pingdirectory',
  usersPath: '/Users',
  auth: ['basic', 'bearer', 'oauth2'],
  mintPath: null,
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: ':',
  wholeComplex: ['name'],
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
  bulk: { path: '/Bulk', maxOperations: 100, maxPayloadBytes: 1024 * 1024 },
  limits: { scope: 'unknown', told: 'unknown', sets: [] },
};

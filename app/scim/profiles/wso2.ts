/**
 * WSO2 Identity Server by its SCIM 1.1 endpoints, `https://host:9443/wso2/scim`, as their page describes them
 * (wso2/docs-is, en/docs/develop/scim-1.1-apis.md): a PATCH of `name.familyName` alone keeps the given name; lists and
 * searches show id, userName and meta and nothing else, without startIndex and itemsPerPage; only eq is understood, and
 * only userName is said to be searched by; DELETE removes; `/Bulk` is there.
 *
 * Not documented, and so not relied on: paging, ETags, limits of requests and of `/Bulk` (the numbers here are small on
 * purpose), what `active` does, and any extension. The vendor recommends its SCIM 2.0 endpoints for new work.
 */
import type { Profile } from './profile.ts';

export const wso2: Profile = {
  name: 'wso2',
  usersPath: '/Users',
  auth: ['basic', 'bearer', 'oauth2'],
  mintPath: null,
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: ':',
  wholeComplex: [],
  alwaysSend: [],
  readOnly: [],
  ifMatch: 'never',
  deactivate: 'active',
  deletes: 'removes',
  created: [201],
  filter: { operators: ['eq'], joins: false, afterUrn: ':', booleans: 'bare' },
  externalIdSearch: 'unsupported',
  listShows: 'stubs',
  pageSize: 100,
  paging: 'index1',
  extensions: [],
  documented: null,
  required: [],
  groups: { path: '/Groups', update: 'patch', membersPerRequest: 100, namesCarryStore: true },
  bulk: { path: '/Bulk', maxOperations: 50, maxPayloadBytes: 256 * 1024 },
  limits: { scope: 'unknown', told: 'unknown', sets: [] },
};

/**
 * An application that was written to be provisioned by Okta over SCIM 1.1: it does what Okta asks for, and nothing else
 * may be counted on (okta/okta-developer-docs, docs/reference/scim/scim-11). Okta looks users up by `userName eq` alone,
 * reads a hundred at a time, and changes them by PUT of what it has just read; only newer applications get a PATCH, of
 * `active` and the password. It never sends DELETE and never If-Match, although `meta.version` is in its examples. Its
 * sample of a conflict has the error's code as a number.
 *
 * Not known, and so not relied on: what DELETE does, and any limit of requests. An extension is each application's own.
 */
import type { Profile } from './profile.ts';

export const oktaStyle: Profile = {
  name: 'okta-style',
  usersPath: '/Users',
  auth: ['bearer', 'basic', 'oauth2'],
  mintPath: null,
  update: 'put',
  listChanges: 'overwrite',
  afterUrnInPatch: ':',
  wholeComplex: ['name'],
  alwaysSend: [],
  readOnly: [],
  ifMatch: 'never',
  deactivate: 'active',
  deletes: 'unknown',
  created: [200, 201],
  filter: { operators: ['eq'], joins: false, afterUrn: ':', booleans: 'bare' },
  externalIdSearch: 'unproven',
  listShows: 'whole',
  pageSize: 100,
  paging: 'index1',
  extensions: [],
  documented: null,
  required: [],
  groups: { path: '/Groups', update: 'put', membersPerRequest: 100 },
  bulk: null,
  limits: { scope: 'unknown', told: 'unknown', sets: [] },
};

/**
 * An application as Okta wants it for SCIM 1.1 (okta/okta-developer-docs, reference/scim/scim-11): the profile goes by
 * PUT, and PATCH is for `active` and the password alone; the only operator is `eq`; pages are of 100. The code of an
 * error is a number, `meta.version` is no ETag, and most of Okta's samples answer as `text/json`. A create may answer
 * 200, as PingOne Directory does (docs.pingidentity.com, SCIM 1.1 developer guide): here it does, so that 201 is not
 * relied on.
 */
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';
import { providerConfig } from './provider-config.ts';

export const oktaStyle: Dialect = {
  ...generic,
  name: 'okta-style',
  users: {
    ...generic.users,
    createStatus: 200,
    patch: 'status',
    remove: { effect: 'removes', status: 204, answer: 'empty' },
  },
  groups: {
    ...generic.groups,
    memberTypes: null,
    patchStatus: 204,
    remove: { status: 204, answer: 'empty' },
  },
  resource: { ...generic.resource, meta: ['created', 'lastModified', 'version'], times: 'offset' },
  filter: { ...generic.filter, operators: ['eq'], joins: false },
  versions: { form: 'bare', header: false, ifMatch: 'ignored', mismatch: 412 },
  errors: 'number-code',
  jsonType: 'text/json;charset=UTF-8',
  methodOverride: false,
  tokens: 'elsewhere',
  config: providerConfig({ patch: true, maxResults: 100, etag: false }),
  schemas: 'none',
};

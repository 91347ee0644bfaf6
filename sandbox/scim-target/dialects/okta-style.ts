/**
 * An application as Okta wants it for SCIM 1.1 (okta/okta-developer-docs, reference/scim/scim-11): the profile goes by
 * PUT, and PATCH is for `active` and the password alone; the only operator is `eq`; pages are of 100. The code of an
 * error is a number, `meta.version` is no ETag, and most of Okta's samples answer as `text/json`. A create may answer
 * 200, as PingOne Directory does (docs.pingidentity.com, SCIM 1.1 developer guide): here it does, so that 201 is not
 * relied on.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN } from '../attributes.ts';
import type { Dialect } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const oktaStyle: Dialect = {
  name: 'okta-style',
  base: '/scim/v1',
  users: {
    extensions: { [ENTERPRISE_URN]: z.looseObject({}).optional() },
    defaults: { active: true },
    required: [],
    stores: 'everything',
    single: {},
    keeps: 'as-sent',
    fixed: [],
    createStatus: 200,
    patch: 'status',
    remove: { effect: 'removes', status: 204, answer: 'empty' },
  },
  groups: {
    prefix: '',
    uniqueNames: false,
    memberTypes: null,
    memberDisplay: true,
    patchStatus: 204,
    remove: { status: 204, answer: 'empty' },
  },
  resource: {
    showsSchemas: true,
    meta: ['created', 'lastModified', 'version'],
    times: 'offset',
    usersWord: 'Users',
    writesWholeName: false,
    showsPrimary: true,
  },
  list: {
    key: 'Resources',
    schemas: [CORE_URN],
    itemsPerPage: 'returned',
    defaultCount: 100,
    maxCount: 100,
    shows: 'whole',
  },
  filter: { operators: ['eq'], joins: false, users: { allBut: [] }, aliases: {} },
  versions: { form: 'bare', header: false, ifMatch: 'ignored', mismatch: 412 },
  errors: 'number-code',
  jsonType: 'text/json;charset=UTF-8',
  methodOverride: false,
  wantsSchemas: false,
  oneWriteAtATime: false,
  signIn: ['basic', 'bearer'],
  tokens: 'elsewhere',
  bulk: null,
  limits: null,
  rateHeaders: 'none',
  config: providerConfig({ patch: true, maxResults: 100, etag: false }),
  schemas: 'none',
};

/**
 * SCIM 1.1 by the letter of draft-scim-api-01 and draft-scim-core-schema-01: what the drafts make optional is there.
 * Versions are weak ETags, a stale If-Match is 412, and a create that repeats a userName is 409. The other dialects
 * say what they do otherwise.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN } from '../attributes.ts';
import { type Dialect, EVERY_OPERATOR } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const generic = {
  name: 'generic',
  base: '/scim/v1',
  users: {
    extensions: { [ENTERPRISE_URN]: z.looseObject({}).optional() },
    defaults: { active: true },
    required: [],
    stores: 'everything',
    single: {},
    keeps: 'as-sent',
    fixed: [],
    createStatus: 201,
    patch: 'letter',
    remove: { effect: 'removes', status: 200, answer: 'empty' },
  },
  groups: {
    prefix: '',
    uniqueNames: false,
    memberTypes: { user: 'User', group: 'Group' },
    memberDisplay: true,
    patchStatus: 200,
    remove: { status: 200, answer: 'empty' },
  },
  resource: {
    showsSchemas: true,
    meta: ['created', 'lastModified', 'location', 'version'],
    times: 'utc',
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
  filter: { operators: EVERY_OPERATOR, joins: true, users: { allBut: [] }, aliases: {} },
  versions: { form: 'weak', header: true, ifMatch: 'honoured', mismatch: 412 },
  errors: 'string-code',
  jsonType: 'application/json',
  methodOverride: true,
  wantsSchemas: false,
  oneWriteAtATime: false,
  signIn: ['basic', 'bearer'],
  tokens: 'oauth',
  bulk: null,
  limits: null,
  rateHeaders: 'none',
  config: providerConfig({ patch: true, maxResults: 100, etag: true }),
  schemas: 'list',
} satisfies Dialect;

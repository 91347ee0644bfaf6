/**
 * Ping Identity PingDirectory: the most complete SCIM 1.1 server (docs.pingidentity.com, summary of SCIM 1.1 protocol
 * support). PATCH does as the SDK that it is built on: elements of a list are merged by `type` and deleted by equality
 * (pingidentity/scim, Diff.java), so of two work addresses one is left. Versions are switched on, as it can be set up.
 * Chosen, since they are configuration there: the limits of bulk requests, and that the name of a group is there once.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN } from '../attributes.ts';
import { type Dialect, EVERY_OPERATOR } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const pingdirectory: Dialect = {
  name: 'pingdirectory',
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
    patch: 'by-type',
    remove: { effect: 'removes', status: 200, answer: 'empty' },
  },
  groups: {
    prefix: '',
    uniqueNames: true,
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
  tokens: 'elsewhere',
  bulk: { maxOperations: 1000, maxPayloadSize: 1_000_000 },
  limits: null,
  rateHeaders: 'none',
  config: providerConfig({ patch: true, maxResults: 100, etag: true }),
  schemas: 'list',
};

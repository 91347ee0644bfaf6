/**
 * WSO2 Identity Server's SCIM 1.1 (wso2/docs-is, `en/docs/develop/scim-1.1-apis.md`): the only operator is `eq`, lists
 * show no more than id, name and meta and do not say where they begin, group names come back with their user store
 * before them, times have no zone, and `primary` is forgotten. DELETE answers 200. The page gives no limits of bulk
 * requests: those here are chosen.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN } from '../attributes.ts';
import type { Dialect } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const wso2: Dialect = {
  name: 'wso2',
  base: '/wso2/scim',
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
    prefix: 'PRIMARY/',
    uniqueNames: true,
    memberTypes: null,
    memberDisplay: true,
    patchStatus: 200,
    remove: { status: 200, answer: 'empty' },
  },
  resource: {
    showsSchemas: true,
    meta: ['lastModified', 'location', 'created'],
    times: 'zoneless',
    usersWord: 'Users',
    writesWholeName: false,
    showsPrimary: false,
  },
  list: {
    key: 'Resources',
    schemas: [CORE_URN],
    itemsPerPage: 'absent',
    defaultCount: 1000,
    maxCount: 1000,
    shows: 'stubs',
  },
  filter: { operators: ['eq'], joins: false, users: { allBut: [] }, aliases: {} },
  versions: null,
  errors: 'string-code',
  jsonType: 'application/json',
  methodOverride: false,
  wantsSchemas: false,
  oneWriteAtATime: false,
  signIn: ['basic', 'bearer'],
  tokens: 'elsewhere',
  bulk: { maxOperations: 1000, maxPayloadSize: 1_000_000 },
  limits: null,
  rateHeaders: 'none',
  config: providerConfig({ patch: true, maxResults: 1000, etag: false }),
  schemas: 'none',
};

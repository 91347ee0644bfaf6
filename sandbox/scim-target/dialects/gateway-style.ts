/**
 * A SCIM gateway before a store of its own, as it was met on jelhub/scimgateway 4.5.12 with its in-memory store. It
 * knows an account by the name that it was made with, and the elements of a list by their type (gateway-rules.ts).
 * Names are told apart by case where one is made and not where one is looked for. Much that is the client's doing is
 * answered with 500: a filter that it does not take, and a PATCH or DELETE of somebody who is not there. Versions are
 * shown in `meta.version` and not heeded.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN } from '../attributes.ts';
import type { Dialect } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const gatewayStyle: Dialect = {
  name: 'gateway-style',
  base: '',
  users: {
    extensions: { [ENTERPRISE_URN]: z.looseObject({}).optional() },
    defaults: { active: true },
    required: [],
    stores: 'everything',
    single: {},
    keeps: 'one-of-a-type',
    fixed: [],
    createStatus: 201,
    patch: 'gateway',
    remove: { effect: 'removes', status: 204, answer: 'empty' },
    ids: 'first-name',
    names: 'exact',
  },
  groups: {
    prefix: '',
    uniqueNames: true,
    memberTypes: null,
    memberDisplay: true,
    patchStatus: 200,
    remove: { status: 204, answer: 'empty' },
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
    defaultCount: 200,
    maxCount: 200,
    shows: 'whole',
  },
  filter: {
    operators: ['eq', 'co', 'sw', 'gt', 'ge', 'lt', 'le'],
    joins: false,
    users: { allBut: [] },
    aliases: {},
    refusal: 500,
  },
  versions: { form: 'weak', header: false, ifMatch: 'ignored', mismatch: 412 },
  errors: 'number-but-409',
  jsonType: 'application/scim+json',
  methodOverride: false,
  wantsSchemas: false,
  oneWriteAtATime: false,
  missing: 500,
  signIn: ['basic', 'bearer'],
  tokens: 'elsewhere',
  bulk: null,
  limits: null,
  rateHeaders: 'none',
  config: providerConfig({ patch: true, maxResults: 200, etag: false }),
  schemas: 'list',
};

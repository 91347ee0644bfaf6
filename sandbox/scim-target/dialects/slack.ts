/**
 * Slack's SCIM API 1.1 (docs.slack.dev: SCIM API reference and rate limits; its Java SDK for the shape of errors, one
 * and not in a list). A create needs a userName and an e-mail address; every body needs `schemas`. A filter knows every
 * operator, but users are found by `userName` and `email` alone. `externalId` is taken at a create and never changed.
 * DELETE switches a user off and removes a group. While a user is being written to, another write to them is 429.
 *
 * Limits are the organisation's, in sets of endpoints, and told by Retry-After alone. The page does not say how a limit
 * and its burst work together: here a set holds a burst and fills up at its rate. Nor does it give the status of a
 * DELETE and of a PATCH of a group: those here are chosen.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN, SLACK_GUEST_URN, SLACK_PROFILE_URN } from '../attributes.ts';
import { type Dialect, EVERY_OPERATOR } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

export const slack: Dialect = {
  name: 'slack',
  base: '/scim/v1',
  users: {
    extensions: {
      [ENTERPRISE_URN]: z.looseObject({}).optional(),
      [SLACK_GUEST_URN]: z.looseObject({ type: z.literal('multi') }).optional(),
      [SLACK_PROFILE_URN]: z.looseObject({}).optional(),
    },
    defaults: { active: true },
    required: ['emails'],
    stores: 'everything',
    single: { roles: 'one-kept', addresses: 'one-kept', photos: 'one-kept' },
    keeps: 'slack',
    fixed: ['externalId'],
    createStatus: 201,
    patch: 'slack',
    remove: { effect: 'deactivates', status: 200, answer: 'empty' },
  },
  groups: {
    prefix: '',
    uniqueNames: false,
    memberTypes: null,
    memberDisplay: true,
    patchStatus: 204,
    remove: { status: 200, answer: 'empty' },
  },
  resource: {
    showsSchemas: true,
    meta: ['created', 'location'],
    times: 'utc',
    usersWord: 'Users',
    writesWholeName: false,
    showsPrimary: true,
  },
  list: {
    key: 'Resources',
    schemas: [CORE_URN],
    itemsPerPage: 'returned',
    defaultCount: 10,
    maxCount: 1000,
    shows: 'whole',
  },
  filter: {
    operators: EVERY_OPERATOR,
    joins: true,
    users: { only: ['userName', 'emails'] },
    aliases: { email: 'emails' },
  },
  versions: null,
  errors: 'slack',
  jsonType: 'application/json; charset=utf-8',
  methodOverride: false,
  wantsSchemas: true,
  oneWriteAtATime: true,
  signIn: ['bearer'],
  tokens: 'elsewhere',
  bulk: null,
  limits: {
    sets: [
      { name: 'writes', methods: WRITES, resources: 'any', perMinute: 600, burst: 180 },
      { name: 'reads', methods: ['GET'], resources: 'any', perMinute: 1000, burst: 1000 },
      { name: 'get user', methods: ['GET'], resources: 'user', perMinute: 300, burst: 300 },
      { name: 'create user', methods: ['POST'], resources: 'users', perMinute: 180, burst: 20 },
      { name: 'update user', methods: ['PUT', 'PATCH'], resources: 'user', perMinute: 180, burst: 20 },
      { name: 'delete user', methods: ['DELETE'], resources: 'user', perMinute: 180, burst: 20 },
    ],
  },
  rateHeaders: 'retry-after',
  config: providerConfig({ patch: true, maxResults: 1000, etag: false }),
  schemas: 'by-name',
};

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
import { SLACK_GUEST_URN, SLACK_PROFILE_URN } from '../attributes.ts';
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';
import { providerConfig } from './provider-config.ts';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

export const slack: Dialect = {
  ...generic,
  name: 'slack',
  users: {
    ...generic.users,
    extensions: {
      ...generic.users.extensions,
      [SLACK_GUEST_URN]: z.looseObject({ type: z.literal('multi') }).optional(),
      [SLACK_PROFILE_URN]: z.looseObject({}).optional(),
    },
    required: ['emails'],
    single: { roles: 'one-kept', addresses: 'one-kept', photos: 'one-kept' },
    keeps: 'slack',
    fixed: ['externalId'],
    patch: 'slack',
    remove: { effect: 'deactivates', status: 200, answer: 'empty' },
  },
  groups: { ...generic.groups, memberTypes: null, patchStatus: 204 },
  resource: { ...generic.resource, meta: ['created', 'location'] },
  list: { ...generic.list, defaultCount: 10, maxCount: 1000 },
  filter: { ...generic.filter, users: { only: ['userName', 'emails'] }, aliases: { email: 'emails' } },
  versions: null,
  errors: 'slack',
  jsonType: 'application/json; charset=utf-8',
  methodOverride: false,
  wantsSchemas: true,
  oneWriteAtATime: true,
  signIn: ['bearer'],
  tokens: 'elsewhere',
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

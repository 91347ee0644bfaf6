/**
 * Planview AgilePlace (formerly LeanKit), as its User Provisioning API pages describe it: users only, no versions, a
 * leankit extension with defaults of its own, and a discovery that denies the PATCH and password changes which it has.
 * A client that believes that answer would do worse than it could.
 */
import { z } from 'zod';
import { CORE_URN, ENTERPRISE_URN, LEANKIT_URN } from '../attributes.ts';
import { type Dialect, EVERY_OPERATOR } from './dialect.ts';
import { providerConfig } from './provider-config.ts';

export const agileplace: Dialect = {
  name: 'agileplace',
  base: '/io/scim/v1',
  users: {
    extensions: {
      [ENTERPRISE_URN]: z.looseObject({}).optional(),
      [LEANKIT_URN]: z.looseObject({
        licenseType: z.string(),
        administrator: z.boolean(),
        boardCreator: z.boolean(),
        dateFormat: z.enum(['mm/dd/yyyy', 'dd/mm/yyyy', 'yyyy/mm/dd']),
      }),
    },
    defaults: {
      active: true,
      [LEANKIT_URN]: {
        licenseType: 'full',
        administrator: false,
        boardCreator: false,
        dateFormat: 'mm/dd/yyyy',
      },
    },
    required: [],
    stores: 'everything',
    single: {},
    keeps: 'as-sent',
    fixed: [],
    createStatus: 201,
    patch: 'letter',
    remove: { effect: 'removes', status: 204, answer: 'empty' },
  },
  groups: null,
  resource: {
    showsSchemas: false,
    meta: ['created', 'location'],
    times: 'utc',
    usersWord: 'users',
    writesWholeName: true,
    showsPrimary: true,
  },
  list: {
    key: 'Resources',
    schemas: [CORE_URN, LEANKIT_URN],
    itemsPerPage: 'size',
    defaultCount: 50,
    maxCount: 200,
    shows: 'whole',
  },
  filter: { operators: EVERY_OPERATOR, joins: true, users: { allBut: ['timezone'] }, aliases: {} },
  versions: null,
  errors: 'string-code',
  jsonType: 'application/json; charset=utf-8',
  methodOverride: true,
  wantsSchemas: false,
  oneWriteAtATime: false,
  signIn: ['basic', 'bearer'],
  tokens: 'minted',
  bulk: null,
  limits: { points: 120, windowSeconds: 60 },
  rateHeaders: 'x',
  config: {
    ...providerConfig({ patch: false, maxResults: 200, etag: false }),
    authenticationSchemes: [
      { name: 'HTTP Basic', description: 'E-mail address and password', type: 'httpbasic', primary: false },
      {
        name: 'OAuth Bearer Token',
        description: 'Token from /io/auth/token',
        type: 'oauthbearertoken',
        primary: true,
      },
    ],
  },
  schemas: 'none',
};

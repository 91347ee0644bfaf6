/**
 * Planview AgilePlace (formerly LeanKit), as its User Provisioning API pages describe it: users only, no versions, a
 * leankit extension with defaults of its own, and a discovery that denies the PATCH and password changes which it has.
 * A client that believes that answer would do worse than it could.
 */
import { z } from 'zod';
import { CORE_URN, LEANKIT_URN } from '../attributes.ts';
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';
import { providerConfig } from './provider-config.ts';

export const agileplace: Dialect = {
  ...generic,
  name: 'agileplace',
  base: '/io/scim/v1',
  users: {
    ...generic.users,
    extensions: {
      ...generic.users.extensions,
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
    remove: { effect: 'removes', status: 204, answer: 'empty' },
  },
  groups: null,
  resource: {
    ...generic.resource,
    showsSchemas: false,
    meta: ['created', 'location'],
    usersWord: 'users',
    writesWholeName: true,
  },
  list: {
    ...generic.list,
    schemas: [CORE_URN, LEANKIT_URN],
    itemsPerPage: 'size',
    defaultCount: 50,
    maxCount: 200,
  },
  filter: { ...generic.filter, users: { allBut: ['timezone'] } },
  versions: null,
  jsonType: 'application/json; charset=utf-8',
  tokens: 'minted',
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

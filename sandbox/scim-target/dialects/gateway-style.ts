/**
 * A SCIM gateway before a store of its own, as it was met on jelhub/scimgateway 4.5.12 with its in-memory store. It
 * knows an account by the name that it was made with, and the elements of a list by their type (gateway-rules.ts).
 * Names are told apart by case where one is made and not where one is looked for. Much that is the client's doing is
 * answered with 500: a filter that it does not take, and a PATCH or DELETE of somebody who is not there. Versions are
 * shown in `meta.version` and not heeded.
 */
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';
import { providerConfig } from './provider-config.ts';

export const gatewayStyle: Dialect = {
  ...generic,
  name: 'gateway-style',
  base: '',
  users: {
    ...generic.users,
    keeps: 'one-of-a-type',
    patch: 'gateway',
    remove: { effect: 'removes', status: 204, answer: 'empty' },
    ids: 'first-name',
    names: 'exact',
  },
  groups: {
    ...generic.groups,
    uniqueNames: true,
    memberTypes: null,
    remove: { status: 204, answer: 'empty' },
  },
  list: { ...generic.list, defaultCount: 200, maxCount: 200 },
  filter: {
    ...generic.filter,
    operators: ['eq', 'co', 'sw', 'gt', 'ge', 'lt', 'le'],
    joins: false,
    refusal: 500,
  },
  versions: { form: 'weak', header: false, ifMatch: 'ignored', mismatch: 412 },
  errors: 'number-but-409',
  jsonType: 'application/scim+json',
  methodOverride: false,
  missing: 500,
  tokens: 'elsewhere',
  config: providerConfig({ patch: true, maxResults: 200, etag: false }),
};

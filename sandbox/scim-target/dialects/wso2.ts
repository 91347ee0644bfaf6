/**
 * WSO2 Identity Server's SCIM 1.1 (wso2/docs-is, `en/docs/develop/scim-1.1-apis.md`): the only operator is `eq`, lists
 * show no more than id, name and meta and do not say where they begin, group names come back with their user store
 * before them, times have no zone, and `primary` is forgotten. DELETE answers 200. The page gives no limits of bulk
 * requests: those here are chosen.
 */
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';
import { providerConfig } from './provider-config.ts';

export const wso2: Dialect = {
  ...generic,
  name: 'wso2',
  base: '/wso2/scim',
  groups: { ...generic.groups, prefix: 'PRIMARY/', uniqueNames: true, memberTypes: null },
  resource: {
    ...generic.resource,
    meta: ['lastModified', 'location', 'created'],
    times: 'zoneless',
    showsPrimary: false,
  },
  list: { ...generic.list, itemsPerPage: 'absent', defaultCount: 1000, maxCount: 1000, shows: 'stubs' },
  filter: { ...generic.filter, operators: ['eq'], joins: false },
  versions: null,
  methodOverride: false,
  tokens: 'elsewhere',
  bulk: { maxOperations: 1000, maxPayloadSize: 1_000_000 },
  config: providerConfig({ patch: true, maxResults: 1000, etag: false }),
  schemas: 'none',
};

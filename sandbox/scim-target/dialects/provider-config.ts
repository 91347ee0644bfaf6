/**
 * A service provider configuration (draft-scim-core-schema-01, section 9). What it says about bulk requests is put in
 * by `discovery.ts`, since the command line can change that.
 */
import { CORE_URN } from '../attributes.ts';
import type { JsonObject } from '../json.ts';

export function providerConfig(says: {
  readonly patch: boolean;
  readonly maxResults: number;
  readonly etag: boolean;
}): JsonObject {
  return {
    schemas: [CORE_URN],
    patch: { supported: says.patch },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: says.maxResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: says.etag },
    xmlDataFormat: { supported: false },
    authenticationSchemes: [
      { name: 'HTTP Basic', description: 'Name and password', type: 'httpbasic', primary: false },
      { name: 'OAuth Bearer Token', description: 'Bearer token', type: 'oauthbearertoken', primary: true },
    ],
  };
}

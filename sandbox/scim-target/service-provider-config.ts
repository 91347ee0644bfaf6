/**
 * What this target says it can do. It denies PATCH and password changes, which it has: the real one is reported to,
 * and a client that believes the answer would do worse than it could.
 */
import { CORE_URN } from './attributes.ts';
import type { JsonObject } from './json.ts';

export const SERVICE_PROVIDER_CONFIG: JsonObject = {
  schemas: [CORE_URN],
  patch: { supported: false },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 200 },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: false },
  xmlDataFormat: { supported: false },
  authenticationSchemes: [
    { name: 'HTTP Basic', description: 'E-mail address and password', type: 'httpbasic', primary: false },
    {
      name: 'OAuth Bearer Token',
      description: 'Token from /io/auth/token',
      type: 'oauthbearertoken',
      primary: true,
    },
  ],
};

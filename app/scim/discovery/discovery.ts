/**
 * What a service tells about itself. Nothing is decided on it, so that a service which does not tell, or not to us, is no
 * failure: the answer is null. Failures that concern every request (no connection, 401, a page) are thrown as ever.
 */
import type { JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import type { ScimTargetParts } from '../users/look-up.ts';
import { readSchemas, type Schema } from './schema.ts';
import { readServiceProviderConfig, type ServiceProviderConfig } from './service-provider-config.ts';

export interface Discovery {
  /** @returns null where the service does not say */
  serviceProviderConfig(call: Call): Promise<ServiceProviderConfig | null>;
  /** @returns null where the service does not say */
  schemas(call: Call): Promise<readonly Schema[] | null>;
}

export function discoveryOver(parts: ScimTargetParts): Discovery {
  return {
    serviceProviderConfig: async (call) => {
      const body = await told('/ServiceProviderConfigs', parts, call);
      return body === null ? null : readServiceProviderConfig(body);
    },
    schemas: async (call) => {
      const body = await told('/Schemas', parts, call);
      return body === null ? null : readSchemas(body);
    },
  };
}

async function told(path: string, parts: ScimTargetParts, call: Call): Promise<JsonObject | null> {
  const { client, basePath, name } = parts;
  const request = {
    method: 'GET',
    path: `${basePath}${path}`,
    what: `GET ${path.slice(1)} at ${name}`,
  } as const;
  const answer = await client.send(request, call);
  return answer.kind === 'resource' ? answer.body : null;
}

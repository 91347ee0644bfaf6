/**
 * What a service says of itself at `/ServiceProviderConfigs` (draft-scim-core-schema-01, 9), read leniently. It is what
 * the service claims and no more: some claim untrue things (agileplace.md section 5), so nothing here overrides a
 * profile. What is left out is null: neither yes nor no. Pure.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf } from '../resource.ts';
import { booleanIn, booleanOf, textIn, textOf, wholeNumberIn } from './lenient.ts';

/** Okta's agents ask a service with this extension which parts of provisioning it has. */
const OKTA_URN = 'urn:okta:schemas:scim:providerconfig:1.0';

export type ServiceProviderConfig = {
  readonly documentationUrl: string | null;
  readonly patch: boolean | null;
  readonly bulk: {
    readonly supported: boolean | null;
    readonly maxOperations: number | null;
    /** In bytes. */
    readonly maxPayloadSize: number | null;
  };
  readonly filter: { readonly supported: boolean | null; readonly maxResults: number | null };
  readonly changePassword: boolean | null;
  readonly sort: boolean | null;
  readonly etag: boolean | null;
  readonly xmlDataFormat: boolean | null;
  readonly authenticationSchemes: readonly AuthenticationScheme[];
  /** Okta's extension: `GROUP_PUSH`, `IMPORT_NEW_USERS` and the like; null where the service has none. */
  readonly userManagementCapabilities: readonly string[] | null;
};

export type AuthenticationScheme = {
  readonly name: string | null;
  /** `oauthbearertoken`, `httpbasic` and the like. */
  readonly type: string | null;
  readonly description: string | null;
  readonly specUrl: string | null;
  readonly documentationUrl: string | null;
  readonly primary: boolean | null;
};

export function readServiceProviderConfig(body: JsonObject): ServiceProviderConfig {
  const bulk = blockOf(body, 'bulk');
  const filter = blockOf(body, 'filter');
  const supported = (name: string) => booleanIn(blockOf(body, name), 'supported');
  return {
    documentationUrl: textIn(body, 'documentationUrl'),
    patch: supported('patch'),
    bulk: {
      supported: supported('bulk'),
      maxOperations: wholeNumberIn(bulk, 'maxOperations'),
      maxPayloadSize: wholeNumberIn(bulk, 'maxPayloadSize'),
    },
    filter: { supported: supported('filter'), maxResults: wholeNumberIn(filter, 'maxResults') },
    changePassword: supported('changePassword'),
    sort: supported('sort'),
    etag: supported('etag'),
    xmlDataFormat: supported('xmlDataFormat'),
    authenticationSchemes: schemesIn(memberOf(body, 'authenticationSchemes')),
    userManagementCapabilities: capabilitiesIn(
      memberOf(blockOf(body, OKTA_URN), 'userManagementCapabilities'),
    ),
  };
}

/** `{"supported": true}`; a bare `true` says the same. */
function blockOf(body: JsonObject, name: string): JsonObject {
  const block = memberOf(body, name);
  if (isJsonObject(block)) return block;
  return booleanOf(block) === null ? {} : { supported: booleanOf(block) };
}

function schemesIn(value: Json | undefined): readonly AuthenticationScheme[] {
  const schemes = isJsonList(value) ? value : [value ?? null];
  return schemes.filter(isJsonObject).map((scheme) => ({
    name: textIn(scheme, 'name'),
    type: textIn(scheme, 'type'),
    description: textIn(scheme, 'description'),
    specUrl: textIn(scheme, 'specUrl'),
    documentationUrl: textIn(scheme, 'documentationUrl'),
    primary: booleanIn(scheme, 'primary'),
  }));
}

function capabilitiesIn(value: Json | undefined): readonly string[] | null {
  if (!isJsonList(value)) return null;
  return value.flatMap((capability) => textOf(capability) ?? []);
}

/** The configuration the demo runs with: a real one, with short waits so that the story does not drag. */

export type Places = {
  readonly ldapsUrl: string;
  readonly caFile: string;
  readonly readerDn: string;
  readonly peopleBase: string;
  readonly groupsBase: string;
  readonly suffix: string;
  readonly scimUrl: string;
  readonly scimUser: string;
  readonly tokenFile: string;
  readonly mappingFile: string;
  /** Of the mapping. */
  readonly environment: string;
  /** SHA-256 of the API token. */
  readonly tokenHash: string;
};

/** Secrets come from the environment, as they would in production. */
export function landbridgeYaml(places: Places): string {
  const text = JSON.stringify;
  return `version: 1
environment: ${places.environment}
sources:
  corp:
    kind: ldap
    urls: [${text(places.ldapsUrl)}]
    tls: { ca: ${text(places.caFile)}, serverName: localhost }
    bindDn: ${text(places.readerDn)}
    password: '\${env:DEMO_LDAP_PASSWORD}'
    people: { base: ${text(places.peopleBase)} }
    groups: { base: ${text(places.groupsBase)} }
    lookupBase: ${text(places.suffix)}
    poll: { every: 1s, sweepEvery: 3s, timeout: 5s }
targets:
  agileplace:
    profile: agileplace
    baseUrl: ${text(places.scimUrl)}
    auth:
      kind: minted
      username: ${text(places.scimUser)}
      password: '\${env:DEMO_SCIM_PASSWORD}'
      keep: { file: ${text(places.tokenFile)} }
    timeout: 5s
mappings: [${text(places.mappingFile)}]
policy: { lease: 10s }
http: { port: 0 }
inbound:
  tokens:
    - { name: demo, scopes: ['events:write', reprovision, read, admin], sha256: ${places.tokenHash} }
`;
}

/** The public face of the configuration. */
export { revealCertificate } from './client-certificate-schema.ts';
export { fileFormat } from './file-source-schema.ts';
export { configJsonSchema, type JsonSchema } from './json-schema.ts';
export { type LoadedConfig, type LoadInput, loadConfig, type Readable } from './load.ts';
export { plainName } from './plain-name.ts';
export { formatProblem, type Problem } from './problem.ts';
export { proxyProblems } from './proxy-environment.ts';
export { configFile, readConfigFile } from './read-config-file.ts';
export type {
  Config,
  FileSourceConfig,
  LdapSourceConfig,
  MappingFile,
  SourceConfig,
  TargetConfig,
} from './schema.ts';
export { Secret, SecretUnavailable } from './secret.ts';
export type { Knowledge } from './surroundings.ts';
export type { TokenPlace } from './target-auth-schema.ts';
export {
  type Caller,
  hashToken,
  type InboundToken,
  newToken,
  SCOPES,
  type Scope,
  verifyToken,
} from './tokens.ts';

/**
 * One installation as its files describe it: the configuration and the compiled mappings, checked against each other.
 * Everything that can be found wrong before the start is found here, all at once.
 */
import { dirname } from 'node:path';
import {
  type Config,
  formatProblem,
  type Knowledge,
  type LdapSourceConfig,
  proxyProblems,
  type Readable,
  readConfigFile,
  revealCertificate,
} from './config/index.ts';
import { fileLayout } from './file-source-options.ts';
import { fingerprintOf, notingFiles } from './fingerprint.ts';
import {
  type Around,
  formatMappingProblem,
  isGroupFile,
  loadGroupMapping,
  loadMapping,
  type Mapping,
  type WrittenGroupMapping,
  type WrittenMapping,
} from './mapping/index.ts';
import { misfits } from './mapping-routes.ts';
import { mappingSurroundings } from './mapping-surroundings.ts';
import { failingTests } from './mapping-tests.ts';
import { PROFILE_NAMES, profileNamed } from './scim/index.ts';
import { readsOf } from './source-reads.ts';
import { fileOptionProblems } from './sources/file/index.ts';
import {
  BadSourceOptions,
  checkOptions,
  DIALECT_NAMES,
  filterProblem,
  isDn,
  isWithin,
  type LdapSourceOptions,
  TRACKING_NAMES,
} from './sources/ldap/index.ts';
import { restsOnSource } from './sync/joined-news.ts';

export type Installation = {
  readonly config: Config;
  readonly mappings: readonly WrittenMapping[];
  readonly groupMappings: readonly WrittenGroupMapping[];
  /** Of all that decides about accounts. */
  readonly fingerprint: string;
  /** Things that are allowed and probably not meant. */
  readonly warnings: readonly string[];
};

export type LoadedInstallation =
  | { readonly ok: true; readonly installation: Installation }
  | {
      readonly ok: false;
      /** Lines for an operator, each naming file, line and mend. */
      readonly problems: readonly string[];
      /** Where they stand. */
      readonly files: readonly string[];
    };

/** What the configuration has to be right about, and other rooms know. */
export const KNOWLEDGE: Knowledge = {
  profiles: PROFILE_NAMES,
  dialects: DIALECT_NAMES,
  trackings: TRACKING_NAMES,
  filterProblem,
  isDn,
  isWithin,
};

type Problem = { readonly file: string; readonly line: string };

/**
 * @param file the path of landbridge.yaml
 * @param tests whether failing tests of mappings count, as `policy.mappingTests` says, or are left to whoever runs them
 */
export function loadInstallation(
  file: string,
  env: NodeJS.ProcessEnv,
  tests: 'count' | 'leave' = 'count',
): LoadedInstallation {
  const loaded = readConfigFile(file, env, KNOWLEDGE);
  const config = loaded.ok ? loaded.config : null;
  const readable = loaded.ok ? readableIn(loaded.config) : loaded.readable;
  const outside = mappingSurroundings(dirname(file), readable.environment, config);
  const files = notingFiles(outside.files);
  const around = { ...outside, files };
  const { mappings, groupMappings, mistakes, warnings } = loadedFiles(readable, around);
  const failing =
    tests === 'leave' || config === null ? [] : failingTests([...mappings, ...groupMappings], new Date());
  const problems: readonly Problem[] = [
    ...(loaded.ok ? [] : loaded.problems.map((found) => ({ file, line: formatProblem(found) }))),
    ...mistakes,
    ...misfits({ mappings, groupMappings }, readable, config, file),
    ...(config === null ? [] : optionProblems(config, mappings, file)).map((line) => ({ file, line })),
    ...(config !== null && usesProxyOfEnvironment(config) ? proxyProblems(env) : []).map((line) => ({
      file,
      line,
    })),
    ...(config?.policy.mappingTests === 'refuse' ? failing : []),
  ];
  if (config === null || problems.length > 0) {
    // Mappings that include the same fragment tell of the same mistakes.
    const lines = new Set(problems.map(({ line }) => line));
    const at = new Set(problems.map((problem) => problem.file));
    return { ok: false, problems: [...lines], files: [...at] };
  }
  const told = [...new Set(warnings), ...failing.map(({ line }) => line), ...idle(config, mappings)];
  const fingerprint = fingerprintOf(config, files);
  return { ok: true, installation: { config, mappings, groupMappings, fingerprint, warnings: told } };
}

/** Every mapping file that can be read, of people and of groups. */
function loadedFiles({ mappings: files }: Readable, around: Around) {
  const isOfGroups = new Set(files.filter(({ file, text }) => isGroupFile(file, text)));
  const people = files
    .filter((one) => !isOfGroups.has(one))
    .map(({ file, text }) => loadMapping(file, text, around));
  const groups = [...isOfGroups].map(({ file, text }) => loadGroupMapping(file, text, around));
  const compiled = [...people, ...groups];
  const mistakes = compiled.flatMap((result) => (result.ok ? [] : result.problems));
  return {
    mappings: people.flatMap((result) => (result.ok ? [result.mapping] : [])),
    groupMappings: groups.flatMap((result) => (result.ok ? [result.mapping] : [])),
    mistakes: mistakes.map((found) => ({ file: found.file, line: formatMappingProblem(found) })),
    warnings: compiled.flatMap((result) => (result.ok ? result.warnings.map(formatMappingProblem) : [])),
  };
}

function usesProxyOfEnvironment({ targets }: Config): boolean {
  return Object.values(targets).some(({ proxy }) => proxy === undefined);
}

function readableIn({ mappings, sources, targets, environment }: Config): Readable {
  return { mappings, sources: Object.keys(sources), targets: Object.keys(targets), environment };
}

/** What an LDAP source is given, from its configuration and from what the mappings read. */
export function ldapOptions(
  name: string,
  source: LdapSourceConfig,
  mappings: readonly Mapping[],
  now: () => Date,
): LdapSourceOptions {
  const { tls, people, groups, lookupBase, poll } = source;
  return {
    name,
    urls: source.urls,
    tls: tls.mode,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    ...logInOptions(source),
    referrals: source.referrals,
    directory: DIALECT_NAMES.find((known) => known === source.directory) ?? 'auto',
    tracking: TRACKING_NAMES.find((known) => known === source.tracking) ?? 'auto',
    people,
    ...(groups === undefined ? {} : { groups }),
    ...(lookupBase === undefined ? {} : { lookupBase }),
    reads: readsOf(name, mappings),
    pageSize: poll.pageSize,
    timeoutMs: poll.timeout,
    overlapMs: poll.overlap,
    now,
  };
}

/** The key is taken now, like the certificate: one that was replaced meanwhile would not fit it. */
function logInOptions(
  source: LdapSourceConfig,
): Pick<LdapSourceOptions, 'bind' | 'bindDn' | 'password' | 'clientCertificate'> {
  const { bind, bindDn, password } = source;
  const shown =
    source.tls.clientCertificate === undefined ? null : revealCertificate(source.tls.clientCertificate);
  return {
    bind,
    ...(bindDn === undefined ? {} : { bindDn }),
    ...(password === undefined ? {} : { password: () => password.reveal() }),
    ...(shown === null ? {} : { clientCertificate: () => shown }),
  };
}

/** What only shows where the whole is right, such as an attribute that a mapping reads and LDAP cannot name. */
function optionProblems(config: Config, mappings: readonly Mapping[], file: string): string[] {
  const sources = Object.entries(config.sources).flatMap(([name, source]) => {
    if (source.kind === 'ldap') return ldapProblems(name, source, mappings, file);
    if (source.kind !== 'file') return [];
    const problems = fileOptionProblems({ format: fileLayout(source) });
    return problems.map((problem) => `${file} sources.${name}.${problem}.`);
  });
  return [...sources, ...authProblems(config, file)];
}

/** Not every kind of target takes every kind of credential. */
function authProblems(config: Config, file: string): string[] {
  return Object.entries(config.targets).flatMap(([name, { auth, profile: profileName }]) => {
    const profile = profileNamed(profileName);
    if (profile === null || profile.auth.includes(auth.kind)) return [];
    return [
      `${file} targets.${name}.auth.kind: ${auth.kind}, which targets with profile ${profileName} do not take. Use ${orList(profile.auth)}.`,
    ];
  });
}

/** `a`, `a or b`, `a, b or c` */
function orList(words: readonly string[]): string {
  const last = words.slice(-2).join(' or ');
  return [...words.slice(0, -2), last].join(', ');
}

function ldapProblems(
  name: string,
  source: LdapSourceConfig,
  mappings: readonly Mapping[],
  file: string,
): string[] {
  try {
    checkOptions(ldapOptions(name, source, mappings, () => new Date()));
    return [];
  } catch (error) {
    if (!(error instanceof BadSourceOptions)) throw error;
    return error.problems.map((problem) => `${file} sources.${name}: ${problem}`);
  }
}

function idle(config: Config, mappings: readonly Mapping[]): string[] {
  return [
    ...Object.keys(config.sources)
      .filter((name) => !mappings.some((mapping) => restsOnSource(mapping, name)))
      .map((name) => `source ${name} is mapped to no target: its people go nowhere`),
    ...Object.keys(config.targets)
      .filter((name) => !mappings.some(({ target }) => target === name))
      .map((name) => `target ${name} is mapped from no source: nobody is kept there`),
  ];
}

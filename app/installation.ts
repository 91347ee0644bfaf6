/**
 * One installation as its files describe it: the configuration and the compiled mappings, checked against each other.
 * Everything that can be found wrong before the start is found here, all at once.
 */
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
import { formatMappingProblem, loadMapping, type Mapping } from './mapping/index.ts';
import { PROFILE_NAMES, profileNamed } from './scim/index.ts';
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

export type Installation = {
  readonly config: Config;
  readonly mappings: readonly Mapping[];
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

/** Attributes by which an operator asks for people, read whether a mapping needs them or not. */
const NAMING_ATTRIBUTES = ['uid', 'mail'];

/** @param file the path of landbridge.yaml */
export function loadInstallation(file: string, env: NodeJS.ProcessEnv): LoadedInstallation {
  const loaded = readConfigFile(file, env, KNOWLEDGE);
  const readable = loaded.ok ? readableIn(loaded.config) : loaded.readable;
  const compiled = readable.mappings.map(({ file: name, text }) => loadMapping(name, text));
  const mappings = compiled.flatMap((result) => (result.ok ? [result.mapping] : []));
  const problems: readonly Problem[] = [
    ...(loaded.ok ? [] : loaded.problems.map((found) => ({ file, line: formatProblem(found) }))),
    ...compiled
      .flatMap((result) => (result.ok ? [] : result.problems))
      .map((found) => ({ file: found.file, line: formatMappingProblem(found) })),
    ...mappings.flatMap((mapping) =>
      misfits(mapping, readable, mappings, file).map((line) => ({ file: mapping.file, line })),
    ),
    ...(loaded.ok ? optionProblems(loaded.config, mappings, file) : []).map((line) => ({ file, line })),
    ...(loaded.ok && usesProxyOfEnvironment(loaded.config) ? proxyProblems(env) : []).map((line) => ({
      file,
      line,
    })),
  ];
  if (!loaded.ok || problems.length > 0) {
    const files = new Set(problems.map((problem) => problem.file));
    return { ok: false, problems: problems.map(({ line }) => line), files: [...files] };
  }
  const { config } = loaded;
  const warnings = compiled.flatMap((result) => (result.ok ? result.warnings.map(formatMappingProblem) : []));
  return { ok: true, installation: { config, mappings, warnings: [...warnings, ...idle(config, mappings)] } };
}

function usesProxyOfEnvironment({ targets }: Config): boolean {
  return Object.values(targets).some(({ proxy }) => proxy === undefined);
}

function readableIn({ mappings, sources, targets }: Config): Readable {
  return { mappings, sources: Object.keys(sources), targets: Object.keys(targets) };
}

/** The attributes that are read of a source's people. */
export function readsOf(source: string, mappings: readonly Mapping[]): readonly string[] {
  const read = mappings.filter((mapping) => mapping.source === source).flatMap(({ reads }) => reads);
  return [...new Set([...read, ...NAMING_ATTRIBUTES])];
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

/** A mapping leads from a source to a target, both of which must exist, and no second one leads the same way. */
function misfits(mapping: Mapping, known: Readable, all: readonly Mapping[], file: string): string[] {
  const problems: string[] = [];
  const { source, target } = mapping;
  if (known.sources?.includes(source) === false)
    problems.push(unknown(mapping, 'source', source, known.sources, file));
  if (known.targets?.includes(target) === false)
    problems.push(unknown(mapping, 'target', target, known.targets, file));
  const first = all.find((other) => other.source === source && other.target === target);
  if (first !== mapping) {
    problems.push(`${mapping.file}: ${first?.file} maps ${source} to ${target} already. Join the two files.`);
  }
  return problems;
}

function unknown(
  mapping: Mapping,
  what: 'source' | 'target',
  name: string,
  known: readonly string[],
  file: string,
): string {
  return `${mapping.file}: ${what} ${name} is not in ${file}, which has ${known.join(', ')}. Rename one of them.`;
}

function idle(config: Config, mappings: readonly Mapping[]): string[] {
  return [
    ...Object.keys(config.sources)
      .filter((name) => !mappings.some(({ source }) => source === name))
      .map((name) => `source ${name} is mapped to no target: its people go nowhere`),
    ...Object.keys(config.targets)
      .filter((name) => !mappings.some(({ target }) => target === name))
      .map((name) => `target ${name} is mapped from no source: nobody is kept there`),
  ];
}

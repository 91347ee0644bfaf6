/**
 * One installation as its files describe it: the configuration and the compiled mappings, checked against each other.
 * Everything that can be found wrong before the start is found here, all at once.
 */
import { type Config, formatProblem, type LdapSourceConfig, readConfigFile } from './config/index.ts';
import { formatMappingProblem, loadMapping, type Mapping } from './mapping/index.ts';
import { PROFILE_NAMES, profileNamed } from './scim/index.ts';
import { BadSourceOptions, checkOptions, type LdapSourceOptions } from './sources/ldap/index.ts';

export type Installation = {
  readonly config: Config;
  readonly mappings: readonly Mapping[];
  /** Things that are allowed and probably not meant. */
  readonly warnings: readonly string[];
};

export type LoadedInstallation =
  | { readonly ok: true; readonly installation: Installation }
  /** Lines for an operator, each naming file, line and mend. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Attributes by which an operator asks for people, read whether a mapping needs them or not. */
const NAMING_ATTRIBUTES = ['uid', 'mail'];

/** @param file the path of landbridge.yaml */
export function loadInstallation(file: string, env: NodeJS.ProcessEnv): LoadedInstallation {
  const loaded = readConfigFile(file, env);
  if (!loaded.ok) return { ok: false, problems: loaded.problems.map(formatProblem) };
  const { config } = loaded;
  const compiled = config.mappings.map(({ file: name, text }) => loadMapping(name, text));
  const mappings = compiled.flatMap((result) => (result.ok ? [result.mapping] : []));
  const problems = [
    ...compiled.flatMap((result) => (result.ok ? [] : result.problems.map(formatMappingProblem))),
    ...mappings.flatMap((mapping) => misfits(mapping, config, mappings, file)),
    ...profileProblems(config, file),
    ...Object.entries(config.sources).flatMap(([name, source]) =>
      source.kind === 'ldap' ? ldapProblems(name, source, mappings, file) : [],
    ),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const warnings = compiled.flatMap((result) => (result.ok ? result.warnings.map(formatMappingProblem) : []));
  return { ok: true, installation: { config, mappings, warnings: [...warnings, ...idle(config, mappings)] } };
}

/** What an LDAP source is given, from its configuration and from what the mappings read. */
export function ldapOptions(
  name: string,
  source: LdapSourceConfig,
  mappings: readonly Mapping[],
  now: () => Date,
): LdapSourceOptions {
  const { tls, people, groups, lookupBase, poll } = source;
  const read = mappings.filter((mapping) => mapping.source === name).flatMap(({ reads }) => reads);
  return {
    name,
    urls: source.urls,
    tls: tls.mode,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    bindDn: source.bindDn,
    password: () => source.password.reveal(),
    people,
    ...(groups === undefined ? {} : { groups }),
    ...(lookupBase === undefined ? {} : { lookupBase }),
    reads: [...new Set([...read, ...NAMING_ATTRIBUTES])],
    pageSize: poll.pageSize,
    timeoutMs: poll.timeout,
    overlapMs: poll.overlap,
    now,
  };
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
function misfits(mapping: Mapping, config: Config, all: readonly Mapping[], file: string): string[] {
  const problems: string[] = [];
  const { source, target } = mapping;
  if (config.sources[source] === undefined)
    problems.push(unknown(mapping, 'source', source, config.sources, file));
  if (config.targets[target] === undefined)
    problems.push(unknown(mapping, 'target', target, config.targets, file));
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
  known: Readonly<Record<string, unknown>>,
  file: string,
): string {
  return `${mapping.file}: ${what} ${name} is not in ${file}, which has ${Object.keys(known).join(', ')}. Rename one of them.`;
}

function profileProblems(config: Config, file: string): string[] {
  return Object.entries(config.targets)
    .filter(([, { profile }]) => profileNamed(profile) === null)
    .map(
      ([name, { profile }]) =>
        `${file} targets.${name}.profile: ${profile} is not known. Use one of ${PROFILE_NAMES.join(', ')}.`,
    );
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

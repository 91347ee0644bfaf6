/**
 * Holds where mappings lead from and to against the configuration: source and target exist, no two mappings lead the
 * same way, and groups go where their members have accounts.
 */
import type { Config, Readable } from './config/index.ts';
import type { GroupMapping, Mapping } from './mapping/index.ts';
import { profileNamed } from './scim/index.ts';

type Mappings = { readonly mappings: readonly Mapping[]; readonly groupMappings: readonly GroupMapping[] };

type Misfit = { readonly file: string; readonly line: string };

/**
 * @param config null where it is not right
 * @param file that of the configuration, for messages
 */
export function misfits(
  { mappings, groupMappings }: Mappings,
  known: Readable,
  config: Config | null,
  file: string,
): readonly Misfit[] {
  const ofPeople = mappings.flatMap((mapping) =>
    placed(mapping, [...routeMisfits(mapping, known, mappings, file), ...joinMisfits(mapping, known, file)]),
  );
  const ofGroups = groupMappings.flatMap((mapping) =>
    placed(mapping, [
      ...routeMisfits(mapping, known, groupMappings, file),
      ...groupMisfits(mapping, mappings, config),
    ]),
  );
  return [...ofPeople, ...ofGroups];
}

function placed({ file }: Leading, lines: readonly string[]): readonly Misfit[] {
  return lines.map((line) => ({ file, line }));
}

/** Who is joined comes from sources that are read. */
function joinMisfits({ joins = [] }: Mapping, known: Readable, file: string): string[] {
  const { sources } = known;
  if (sources === undefined || sources === null) return [];
  return joins
    .filter(({ source }) => !sources.includes(source))
    .map(
      ({ source, where }) =>
        `${where} join.${source}: source ${source} is not in ${file}, which has ${sources.join(', ')}. Rename one of them.`,
    );
}

type Leading = { readonly file: string; readonly source: string; readonly target: string };

/** Members of groups are people who have accounts, so people have to be mapped the same way; and not every target has groups. */
function groupMisfits(mapping: GroupMapping, mappings: readonly Mapping[], config: Config | null): string[] {
  const { file, source, target } = mapping;
  const problems: string[] = [];
  if (!mappings.some((one) => one.source === source && one.target === target)) {
    problems.push(
      `${file}: no mapping makes accounts at ${target} for people of ${source}, so its groups would be empty. Map the people as well.`,
    );
  }
  const profile = profileNamed(config?.targets[target]?.profile ?? '');
  if (profile?.groups === null) {
    problems.push(`${file}: target ${target} has profile ${profile.name}, which has no groups. Take it out.`);
  }
  return problems;
}

/** A mapping leads from a source to a target, both of which must exist, and no second one leads the same way. */
function routeMisfits<M extends Leading>(
  mapping: M,
  known: Readable,
  all: readonly M[],
  file: string,
): string[] {
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
  mapping: Leading,
  what: 'source' | 'target',
  name: string,
  known: readonly string[],
  file: string,
): string {
  return `${mapping.file}: ${what} ${name} is not in ${file}, which has ${known.join(', ')}. Rename one of them.`;
}

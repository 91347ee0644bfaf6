/**
 * Reads a configuration: text, environment and referred files in, a checked `Config` or all its problems out, together
 * with what can be read in spite of them, so that its mappings can be checked in the same round.
 * A pure function of what it is given; `read-config-file.ts` gives it the real world.
 */
import { dirname } from 'node:path';
import { environmentIn } from './environment.ts';
import { describeIssues, type Finding } from './issues.ts';
import { childValue, configJsonSchema } from './json-schema.ts';
import { formatField, type Problem } from './problem.ts';
import { type Config, configSchema, type MappingFile, mappingFileSchema } from './schema.ts';
import type { Surroundings } from './surroundings.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

export type LoadInput = {
  /** Name for messages; relative paths in the file start at its folder. */
  readonly file: string;
  readonly text: string;
} & Pick<Surroundings, 'env' | 'readFile' | 'knowledge'>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly readable: Readable };

/** What a configuration that was refused says all the same. */
export type Readable = {
  readonly mappings: readonly MappingFile[];
  /** Names, right or wrong; null where it cannot be told which there are. */
  readonly sources: readonly string[] | null;
  readonly targets: readonly string[] | null;
  /** Which environment mapping files are read for. */
  readonly environment: string | null;
};

/** Checks the whole file and reports every problem at once, in the order of its lines. */
export function loadConfig({ file, text, ...outside }: LoadInput): LoadedConfig {
  const around = { ...outside, folder: dirname(file) };
  const yaml = readYaml(text);
  const found = yaml.problems.map((problem): Problem => ({ file, field: '', ...problem }));
  const readable = readableParts(yaml, around);
  if (!yaml.isSound) return { ok: false, problems: found, readable };
  const result = configSchema(around).safeParse(yaml.value);
  if (!result.success) {
    const findings = describeIssues(result.error.issues, configJsonSchema(), yaml.value);
    found.push(...findings.map((finding) => placed(finding, file, yaml)));
  } else if (found.length === 0) return { ok: true, config: result.data };
  return { ok: false, problems: found.toSorted(byPlace), readable };
}

function readableParts({ value, isSound }: YamlFile, around: Surroundings): Readable {
  const files = childValue(value, 'mappings');
  const schema = mappingFileSchema(around);
  const mappings = (Array.isArray(files) ? files : []).flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });
  const namesIn = (part: string): readonly string[] | null => {
    const entries = childValue(value, part);
    if (!isSound || typeof entries !== 'object' || entries === null || Array.isArray(entries)) return null;
    const names = Object.keys(entries);
    return names.length === 0 ? null : names;
  };
  const environment = environmentIn(childValue(value, 'environment'), around);
  return { mappings, sources: namesIn('sources'), targets: namesIn('targets'), environment };
}

function placed({ path, message }: Finding, file: string, yaml: YamlFile): Problem {
  return { file, ...yaml.positionOf(path), field: formatField(path), message };
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

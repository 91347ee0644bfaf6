/**
 * Reads a configuration: text, environment and referred files in, a checked `Config` or all its problems out.
 * A pure function of what it is given; `read-config-file.ts` gives it the real world.
 */
import { dirname } from 'node:path';
import { describeIssues, type Finding } from './issues.ts';
import { configJsonSchema } from './json-schema.ts';
import { formatField, type Problem } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import type { Surroundings } from './surroundings.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

export type LoadInput = {
  /** Name for messages; relative paths in the file start at its folder. */
  readonly file: string;
  readonly text: string;
} & Pick<Surroundings, 'env' | 'readFile'>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks the whole file and reports every problem at once, in the order of its lines. */
export function loadConfig({ file, text, env, readFile }: LoadInput): LoadedConfig {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) {
    return { ok: false, problems: yaml.problems.map((problem) => ({ file, field: '', ...problem })) };
  }
  const result = configSchema({ env, readFile, folder: dirname(file) }).safeParse(yaml.value);
  if (result.success) return { ok: true, config: result.data };
  const schema = configJsonSchema();
  const findings = describeIssues(result.error.issues, schema, yaml.value);
  return { ok: false, problems: inFileOrder(findings, file, yaml) };
}

function inFileOrder(findings: readonly Finding[], file: string, yaml: YamlFile): readonly Problem[] {
  return findings
    .map(({ path, message }) => ({ file, ...yaml.positionOf(path), field: formatField(path), message }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

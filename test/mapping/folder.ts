/** A folder of invented files around a mapping, for the tests of what a mapping names outside itself. */
import { type Around, formatMappingProblem, loadMapping, type Mapping } from '../../app/mapping/index.ts';

export const MAIN = 'mappings/main.yaml';

/** By the path from the folder of the configuration. */
export type Folder = Readonly<Record<string, string>>;

export function around(folder: Folder, more: Partial<Around> = {}): Around {
  return {
    files: {
      read(path) {
        const text = folder[path];
        return text === undefined ? { ok: false, message: 'does not exist' } : { ok: true, text };
      },
    },
    environment: null,
    target: () => null,
    source: () => null,
    ...more,
  };
}

/** A mapping with these lines behind its head, which has five lines; attributes are the caller's. */
export function main(...lines: readonly string[]): string {
  const head = ['version: 1', 'source: corp', 'target: agileplace', 'resource: User', 'match: [userName]'];
  return `${[...head, ...lines].join('\n')}\n`;
}

/** The lines an operator sees of what is wrong. */
export function told(text: string, folder: Folder = {}, more: Partial<Around> = {}): readonly string[] {
  const loaded = loadMapping(MAIN, text, around(folder, more));
  return loaded.ok ? [] : loaded.problems.map(formatMappingProblem);
}

/** The lines an operator sees of what is allowed and probably not meant. */
export function warned(text: string, folder: Folder = {}, more: Partial<Around> = {}): readonly string[] {
  const loaded = loadMapping(MAIN, text, around(folder, more));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatMappingProblem).join('\n'));
  return loaded.warnings.map(formatMappingProblem);
}

export function loaded(text: string, folder: Folder = {}, more: Partial<Around> = {}): Mapping {
  const result = loadMapping(MAIN, text, around(folder, more));
  if (!result.ok) throw new Error(result.problems.map(formatMappingProblem).join('\n'));
  return result.mapping;
}

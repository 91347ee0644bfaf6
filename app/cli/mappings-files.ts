/**
 * Mapping files as the commands about them load them: those of the configuration, or those that are named, for one
 * environment or for each. A configuration that is not right otherwise, such as one without its secrets, keeps nobody
 * from looking at its mappings.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { formatProblem, type LoadedConfig, readConfigFile } from '../config/index.ts';
import { KNOWLEDGE } from '../installation.ts';
import {
  environmentsOf,
  isGroupFile,
  type LoadedGroupMapping,
  type LoadedMapping,
  loadGroupMapping,
  loadMapping,
} from '../mapping/index.ts';
import { mappingSurroundings } from '../mapping-surroundings.ts';
import { CannotStart } from './cannot-start.ts';

export type LoadedFile = {
  readonly file: string;
  /** null where none is chosen, or the file has none. */
  readonly environment: string | null;
  readonly loaded: LoadedMapping | LoadedGroupMapping;
};

export type FilesWish = {
  /** The path of landbridge.yaml. */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Paths of mapping files; empty: those of the configuration. */
  readonly files: readonly string[];
  /** A name; or null: the one of the configuration; or `each`. */
  readonly environment: { readonly name: string | null } | 'each';
};

type Text = { readonly folder: string; readonly file: string; readonly text: string };

/** @throws CannotStart where there are none, or one cannot be read */
export function mappingFiles({ file, env, files, environment }: FilesWish): readonly LoadedFile[] {
  const config = readConfigFile(file, env, KNOWLEDGE);
  const chosen = config.ok ? config.config.environment : config.readable.environment;
  return textsOf(file, files, config).flatMap((text) => {
    const names =
      environment === 'each'
        ? eachOf(text)
        : [environment.name ?? (eachOf(text)[0] === null ? null : chosen)];
    return names.map((name) => ({ file: text.file, environment: name, loaded: loadIn(name, text, config) }));
  });
}

function eachOf({ file, text }: Text): readonly (string | null)[] {
  const names = environmentsOf(file, text);
  return names.length === 0 ? [null] : names;
}

function loadIn(environment: string | null, { folder, file, text }: Text, config: LoadedConfig) {
  const around = mappingSurroundings(folder, environment, config.ok ? config.config : null);
  return isGroupFile(file, text) ? loadGroupMapping(file, text, around) : loadMapping(file, text, around);
}

function textsOf(file: string, files: readonly string[], config: LoadedConfig): readonly Text[] {
  const folder = dirname(file);
  if (files.length > 0) return files.map((path) => textAt(path, folder));
  const { mappings } = config.ok ? config.config : config.readable;
  if (mappings.length > 0) return mappings.map((mapping) => ({ folder, ...mapping }));
  const problems = config.ok ? [] : config.problems.map(formatProblem);
  throw new CannotStart([...problems, 'No mapping file can be read.'].join('\n'));
}

/** A file in the folder of the configuration goes by the name that it has there. */
function textAt(path: string, folder: string): Text {
  const inside = relative(resolve(folder), resolve(path)).split(sep).join('/');
  const isOutside = inside.startsWith('../');
  try {
    const text = readFileSync(path, 'utf8');
    return isOutside ? { folder: dirname(path), file: basename(path), text } : { folder, file: inside, text };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new CannotStart(`${path} cannot be read (${why}). Name a mapping file.`);
  }
}

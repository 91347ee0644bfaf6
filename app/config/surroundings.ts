/**
 * What a configuration may refer to outside itself: environment variables and files. Passed in, so that reading a
 * configuration is a function of its input and a test needs no real environment.
 */
import { resolve } from 'node:path';

export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text. Throws as `readFileSync` does. */
  readonly readFile: (path: string) => string;
  /** Relative paths start here: the folder of the configuration file. */
  readonly folder: string;
};

/** For making a JSON Schema, where nothing is looked up. */
export const NO_SURROUNDINGS: Surroundings = {
  env: {},
  readFile: () => '',
  folder: '/',
};

export function absolutePath(around: Surroundings, path: string): string {
  return resolve(around.folder, path);
}

/** Why a file could not be read, in words; the system's own code for what has no better name. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const words: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EISDIR: 'is a folder',
  };
  return words[code] ?? `cannot be read (${code})`;
}

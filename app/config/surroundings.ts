/**
 * What a configuration may refer to outside itself: environment variables, files, and what other rooms know. Passed
 * in, so that reading a configuration is a function of its input and a test needs no real environment.
 */
import { resolve } from 'node:path';

export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text. Throws as `readFileSync` does. */
  readonly readFile: (path: string) => string;
  /** Relative paths start here: the folder of the configuration file. */
  readonly folder: string;
  readonly knowledge: Knowledge;
};

/** What other rooms know of the values that are configured for them; this room stands alone. */
export type Knowledge = {
  /** The profiles that a target can have. */
  readonly profiles: readonly string[];
  /** The kinds of directory that are known, and the ways in which their changes are followed. */
  readonly dialects: readonly string[];
  readonly trackings: readonly string[];
  /** @returns what is wrong with an LDAP filter, null where nothing is */
  readonly filterProblem: (filter: string) => string | null;
  readonly isDn: (text: string) => boolean;
  /** Whether `dn` is `base` or stands below it. */
  readonly isWithin: (dn: string, base: string) => boolean;
};

/** For making a JSON Schema, where nothing is looked up. */
export const NO_SURROUNDINGS: Surroundings = {
  env: {},
  readFile: () => '',
  folder: '/',
  knowledge: {
    profiles: [],
    dialects: [],
    trackings: [],
    filterProblem: () => null,
    isDn: () => true,
    isWithin: () => true,
  },
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

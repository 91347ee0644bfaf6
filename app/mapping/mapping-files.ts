/**
 * What a mapping may refer to outside itself, passed in so that loading one is a function of its input: the files that
 * it names, and the environment that is chosen. Decides where a path that is written in one of its files leads: it
 * starts at the folder of that file, and never leaves the folder of the configuration, so that a mapping can be read,
 * moved and reviewed with nothing but that folder.
 */
import { posix } from 'node:path';

export type MappingFiles = {
  /** @param path from the folder of the configuration, with / between folders */
  readonly read: (path: string) => FileRead;
};

export type FileRead =
  | { readonly ok: true; readonly text: string }
  /** `message` goes on after "names a file that": `does not exist`. */
  | { readonly ok: false; readonly message: string };

/** Of a mapping that stands alone. */
export const NO_FILES: MappingFiles = { read: () => ({ ok: false, message: 'does not exist' }) };

export type Led =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string };

/**
 * @param from the file in which the path is written
 * @returns the path from the folder of the configuration, or what is wrong with it
 */
export function leadsTo(written: string, from: string): Led {
  if (written.trim() === '') return { ok: false, message: 'is empty. Write the path of a file.' };
  if (written.includes('\\')) return { ok: false, message: 'has a backslash. Write / between folders.' };
  if (/^(\/|[A-Za-z]:)/.test(written)) {
    return { ok: false, message: 'is an absolute path. Write it as seen from the folder of this file.' };
  }
  const path = posix.normalize(posix.join(posix.dirname(from), written));
  if (path.startsWith('../') || posix.isAbsolute(path)) {
    return {
      ok: false,
      message: 'leads out of the folder of landbridge.yaml. Put the file into that folder.',
    };
  }
  return { ok: true, path };
}

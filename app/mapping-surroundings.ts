/**
 * What mapping files are loaded in, from the disk and from the configuration: the files that they name, the environment,
 * what is known of each target and source. The only place where loading a mapping touches the real world.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config, FileSourceConfig } from './config/index.ts';
import { fileLayout } from './file-source-options.ts';
import type { Around, FileRead, MappingFiles, SourceAttributes, TargetAttributes } from './mapping/index.ts';
import { findsByAddress, profileNamed } from './scim/index.ts';
import { csvAttributes } from './sources/file/index.ts';

const LARGEST_FILE = 64 * 1024 * 1024;
/** Of a file of people, enough for its headings. */
const BEGINNING = 64 * 1024;

/**
 * @param folder that of the configuration
 * @param config null where it is not right, so that nothing is known of targets and sources
 */
export function mappingSurroundings(
  folder: string,
  environment: string | null,
  config: Config | null,
): Around {
  return {
    files: mappingFiles(folder),
    environment,
    target: (name) => targetAttributes(config?.targets[name]?.profile),
    source: (name) => sourceAttributes(config?.sources[name]),
  };
}

function mappingFiles(folder: string): MappingFiles {
  return {
    read(path): FileRead {
      try {
        const place = resolve(folder, path);
        const found = statSync(place);
        if (!found.isFile()) return { ok: false, message: 'is no file' };
        if (found.size > LARGEST_FILE) return { ok: false, message: 'is larger than 64 MiB' };
        return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place)) };
      } catch (error) {
        return { ok: false, message: whyUnread(error) };
      }
    },
  };
}

function whyUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8',
  };
  return words[code] ?? `cannot be read (${code})`;
}

function targetAttributes(profileName: string | undefined): TargetAttributes | null {
  const profile = profileName === undefined ? null : profileNamed(profileName);
  if (profile === null) return null;
  const { name, extensions, documented, readOnly, required } = profile;
  const findsByMail = findsByAddress(profile);
  return { profile: name, extensions, documented, readOnly, required, findsByMail };
}

function sourceAttributes(source: Config['sources'][string] | undefined): SourceAttributes | null {
  switch (source?.kind) {
    case 'ldap':
      return { kind: 'directory' };
    case 'file':
      return columnsOf(source);
    case 'events':
    case undefined:
      return null;
  }
}

/** Null where there is no one file to look into, or none yet: a read of the source says what is wrong. */
function columnsOf(source: FileSourceConfig): SourceAttributes | null {
  const layout = fileLayout(source);
  const beginning = layout.kind === 'csv' ? beginningOf(source.path) : null;
  if (layout.kind !== 'csv' || beginning === null) return null;
  const names = csvAttributes(new TextDecoder(source.encoding).decode(beginning), layout);
  return names === null ? null : { kind: 'columns', file: source.path, names };
}

function beginningOf(path: string): Uint8Array | null {
  try {
    if (!statSync(path).isFile()) return null;
    const file = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(BEGINNING);
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

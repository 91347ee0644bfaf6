/**
 * The programs of an installation and how to start them. They are found beside this file, so that the built program
 * starts built entries and a checkout run through a loader starts its sources.
 */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from './cannot-start.ts';

export type EntryName = 'web' | 'worker';

const ENTRIES: Readonly<Record<EntryName, string>> = { web: '../main', worker: '../../workers/main' };

/** The module to run. @throws CannotStart where it was not built */
export function entryUrl(name: EntryName): URL {
  const url = new URL(`${ENTRIES[name]}${extname(import.meta.url)}`, import.meta.url);
  if (!existsSync(url)) throw new CannotStart(`${name} is not built. Run: npm run setup`);
  return url;
}

/** The command line that runs an entry in a process of its own, with the loader this process has. */
export function entryCommand(name: EntryName): {
  readonly command: string;
  readonly args: readonly string[];
} {
  return { command: process.execPath, args: [...process.execArgv, fileURLToPath(entryUrl(name))] };
}

/**
 * Which file is to be read: the one that the path names, or the newest of those that a folder or pattern names. Looks
 * only into that one folder, whatever a pattern says, and follows symbolic links.
 */
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SourceUnavailable } from '../../errors.ts';
import type { FileSourceOptions } from './options.ts';

/** What tells a file from what stood there before, without reading it. */
export type Print = {
  readonly name: string;
  readonly size: number;
  /** When its content changed last, in nanoseconds since 1970, in digits. */
  readonly modified: string;
  /**
   * The same for whatever about it, such as its place: one that was moved there, or away and back, is not the same. Its
   * number (inode) says no more, and some network file systems give it another one at each look.
   */
  readonly changed: string;
};

export type Located = {
  readonly path: string;
  readonly print: Print;
  /** Whether it was chosen among others. */
  readonly chosen: boolean;
};

type Place = Pick<FileSourceOptions, 'name' | 'path' | 'newest' | 'format'>;

const ENDINGS = { csv: ['.csv', '.tsv', '.txt'], ldif: ['.ldif', '.ldf'] } as const;
/** Files that stand beside others: uploads under way, and what `companion` is about. */
const NEVER = ['.done', '.sha256', '.part', '.filepart', '.tmp', '~'];

const byName = new Intl.Collator('en', { numeric: true });

/** @throws SourceUnavailable where there is none, or it may not be looked at */
export async function newestFile(place: Place): Promise<Located> {
  const { path } = place;
  const name = basename(path);
  if (/[*?]/.test(name)) return await newestIn(place, dirname(path), matcher(name));
  const found = await look(place, path);
  if (found.isDirectory()) return await newestIn(place, path, endsLike(place));
  if (!found.isFile())
    throw new SourceUnavailable(`source ${place.name}: ${path} is neither a file nor a folder`);
  return { path, print: printOf(name, found), chosen: false };
}

/** Below 0 where `a` is older than `b`. */
export function compareAge(a: Print, b: Print, newest: FileSourceOptions['newest']): number {
  if (newest === 'name') return byName.compare(a.name, b.name);
  const difference = BigInt(a.modified) - BigInt(b.modified);
  return difference === 0n ? byName.compare(a.name, b.name) : difference < 0n ? -1 : 1;
}

export function samePrint(a: Print, b: Print): boolean {
  return a.name === b.name && a.changed === b.changed && sameContent(a, b);
}

/** Of one file, at two times. */
export function sameContent(a: Print, b: Print): boolean {
  return a.size === b.size && a.modified === b.modified;
}

export function printOf(name: string, { size, mtimeNs, ctimeNs }: BigIntStats): Print {
  return {
    name,
    size: Number(size),
    modified: String(mtimeNs),
    changed: String(ctimeNs),
  };
}

/** @throws SourceUnavailable saying what is wrong with a file of ours, which `error` tells */
export function cannotUse(source: string, path: string, error: unknown): SourceUnavailable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'does not exist',
    ENOTDIR: 'does not exist: a part of the path is no folder',
    EACCES: 'may not be read by this user: grant it, or run Landbridge as another one',
    EPERM: 'may not be read by this user: grant it, or run Landbridge as another one',
    EISDIR: 'is a folder',
    ELOOP: 'is a symbolic link that leads to itself',
  };
  return new SourceUnavailable(`source ${source}: ${path} ${words[code] ?? `cannot be read (${code})`}`);
}

async function newestIn(place: Place, folder: string, isMeant: (name: string) => boolean): Promise<Located> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotUse(place.name, folder, error);
  });
  let newest: Located | null = null;
  for (const name of names.filter((each) => isMeant(each) && !NEVER.some((end) => each.endsWith(end)))) {
    const path = join(folder, name);
    const found = await stat(path, { bigint: true }).catch(() => null);
    // Gone again, or a link to nowhere.
    if (found?.isFile() !== true) continue;
    const print = printOf(name, found);
    if (newest === null || compareAge(print, newest.print, place.newest) > 0)
      newest = { path, print, chosen: true };
  }
  if (newest === null) throw new SourceUnavailable(`source ${place.name}: no file matches ${place.path}`);
  return newest;
}

async function look({ name }: Place, path: string): Promise<BigIntStats> {
  return await stat(path, { bigint: true }).catch((error: unknown) => {
    throw cannotUse(name, path, error);
  });
}

/** `*` for any characters, `?` for one. As in a shell, neither stands for the dot of a hidden file. */
function matcher(pattern: string): (name: string) => boolean {
  const signs = [...pattern];
  return (name) => fits([...name], signs) && (pattern.startsWith('.') || !name.startsWith('.'));
}

/** Where it goes wrong, the last `*` takes one character more. A regular expression would take hours for some names. */
function fits(name: readonly string[], pattern: readonly string[]): boolean {
  let sign = 0;
  let star: { readonly sign: number; at: number } | null = null;
  for (let at = 0; at < name.length; ) {
    const wanted = pattern[sign];
    if (wanted === '*') {
      sign += 1;
      star = { sign, at };
    } else if (wanted === '?' || wanted === name[at]) {
      sign += 1;
      at += 1;
    } else if (star !== null) {
      star.at += 1;
      ({ sign, at } = star);
    } else return false;
  }
  return pattern.slice(sign).every((left) => left === '*');
}

function endsLike({ format }: Place): (name: string) => boolean {
  const endings = ENDINGS[format.kind];
  return (name) => !name.startsWith('.') && endings.some((ending) => name.toLowerCase().endsWith(ending));
}

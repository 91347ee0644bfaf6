/** Files as an SFTP server leaves them, and sources over them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { rename, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';
import {
  type CsvFormat,
  createFileSource,
  type FileSourceOptions,
  type LdifFormat,
} from '../../../app/sources/file/index.ts';
import type { Source, SourceItem, Watermark } from '../../../app/sources/source.ts';

export const never = new AbortController().signal;

export const CSV: CsvFormat = {
  kind: 'csv',
  delimiter: ',',
  quote: '"',
  id: 'id',
  columns: {},
  lists: {},
  where: {},
  groups: null,
  trailer: null,
};

export const LDIF: LdifFormat = {
  kind: 'ldif',
  id: 'entryUUID',
  people: '(objectClass=inetOrgPerson)',
  groups: { filter: '(objectClass=groupOfNames)', memberAttribute: 'member', nameAttribute: 'cn' },
};

const folders: string[] = [];
// Here, since a test itself cannot order anything for after the last one.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, removed after the last test of the file. */
export function inbox() {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-inbox-'));
  folders.push(folder);
  const at = (name: string) => join(folder, name);
  return {
    folder,
    at,
    /** Written under another name and moved to its place, as careful servers do. */
    async deliver(name: string, content: string | Buffer): Promise<void> {
      await writeFile(at(`${name}.filepart`), content);
      await rename(at(`${name}.filepart`), at(name));
    },
    /** Written in place, as most servers do. */
    async write(name: string, content: string | Buffer): Promise<void> {
      await writeFile(at(name), content);
    },
    /** As if it had been modified then. */
    async date(name: string, time: string): Promise<void> {
      await utimes(at(name), new Date(time), new Date(time));
    },
  };
}

export function optionsFor(path: string, change: Partial<FileSourceOptions> = {}): FileSourceOptions {
  return {
    name: 'hr',
    path,
    format: path.endsWith('.ldif') ? LDIF : CSV,
    encoding: 'utf-8',
    newest: 'modified',
    companion: 'none',
    settleMs: 0,
    reads: ['mail', 'sn', 'givenName', 'title', 'status'],
    now: () => new Date(),
    sleep: async (milliseconds, signal) => await sleep(milliseconds, undefined, { signal }),
    ...change,
  };
}

export function sourceFor(path: string, change: Partial<FileSourceOptions> = {}): Source {
  return createFileSource(optionsFor(path, change));
}

export type Told = {
  /** Stable id to attributes, in the order of the file. */
  readonly people: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly entries: readonly Extract<SourceItem, { kind: 'person' }>['entry'][];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly rejected: readonly string[];
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

/** Reads to the end and sorts what was told. */
export async function tell(
  source: Source,
  since: Watermark | null = null,
  everyone = since === null,
): Promise<Told> {
  const items: SourceItem[] = [];
  for await (const item of source.read({ since, everyone }, never)) items.push(item);
  const end = items.at(-1);
  if (end?.kind !== 'end') throw new Error('the last item is not the end');
  const entries = items.flatMap((item) => (item.kind === 'person' ? [item.entry] : []));
  return {
    entries,
    people: Object.fromEntries(entries.map(({ stableId, attributes }) => [stableId, { ...attributes }])),
    groups: Object.fromEntries(
      items.flatMap((item) => (item.kind === 'group' ? [[item.group.name, item.group.members]] : [])),
    ),
    rejected: items.flatMap((item) => (item.kind === 'rejected' ? [item.where] : [])),
    end,
  };
}

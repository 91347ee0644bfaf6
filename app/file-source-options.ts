/** What a file source is given, from its configuration. Decides nothing that the configuration does not say. */
import { type FileSourceConfig, fileFormat } from './config/index.ts';
import type { CsvFormat, FileSourceOptions, LdifFormat } from './sources/file/index.ts';

/** @param reads the attributes that mappings read */
export function fileSourceOptions(
  name: string,
  source: FileSourceConfig,
  reads: readonly string[],
  time: Pick<FileSourceOptions, 'now' | 'sleep'>,
): FileSourceOptions {
  return {
    name,
    path: source.path,
    format: fileLayout(source),
    encoding: source.encoding,
    newest: source.newest,
    companion: source.complete.companion,
    settleMs: source.complete.settle,
    reads,
    ...time,
  };
}

/** How the file is laid out, by its format. */
export function fileLayout({ csv, ldif, ...source }: FileSourceConfig): CsvFormat | LdifFormat {
  if (fileFormat(source) === 'ldif' || csv === undefined)
    return { kind: 'ldif', id: ldif.id, people: ldif.people, groups: ldif.groups ?? null };
  return { kind: 'csv', ...csv, groups: csv.groups ?? null, trailer: csv.trailer ?? null };
}

/**
 * What a file source is told. The configuration has checked each value; what depends on both (a filter that is
 * readable, but not by us) is checked here.
 */
import { parseFilter } from '../ldap/filters/filter-text.ts';
import { filterRefusal } from './ldif/matches.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

/** How a CSV file is laid out. Columns are named by their headings, whose case and signs do not matter. */
export type CsvFormat = {
  readonly kind: 'csv';
  readonly delimiter: string;
  /** Null: quotes mean nothing. */
  readonly quote: string | null;
  /** The column of the stable id. */
  readonly id: string;
  /** Attribute to the column that has it; any other column is named after its heading. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns with several values in a cell, and what stands between them. */
  readonly lists: Readonly<Record<string, string>>;
  /** Whoever has none of these values in each of these columns is not read. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** The column that names the groups of a person; null where there is none. */
  readonly groups: { readonly column: string; readonly separator: string } | null;
  /** What the first cell of a last row says whose second cell counts the rows; null where there is no such row. */
  readonly trailer: string | null;
};

export type LdifFormat = {
  readonly kind: 'ldif';
  /** The attribute of the stable id. */
  readonly id: string;
  /** RFC 4515. */
  readonly people: string;
  readonly groups: {
    readonly filter: string;
    readonly memberAttribute: string;
    readonly nameAttribute: string;
  } | null;
};

export type FileSourceOptions = {
  readonly name: string;
  /** Absolute: a file, a folder, or a folder with a pattern in place of the file's name (`*`, `?`). */
  readonly path: string;
  readonly format: CsvFormat | LdifFormat;
  readonly encoding: Encoding;
  /** Which of several files is the newest: the one that was modified last, or the last one by name. */
  readonly newest: 'modified' | 'name';
  /** A file beside it that says that it is whole: `people.csv.done`, or `people.csv.sha256` with its digest. */
  readonly companion: 'none' | 'done' | 'sha256';
  /** A file that was modified less than this ago may still be growing. */
  readonly settleMs: number;
  /** The attributes that mappings read. */
  readonly reads: readonly string[];
  readonly now: () => Date;
  /** @throws where it is aborted */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** @returns what cannot work, each beginning with the field below the source; empty where everything can */
export function fileOptionProblems({ format }: Pick<FileSourceOptions, 'format'>): readonly string[] {
  if (format.kind === 'csv') return [];
  const filters = { 'ldif.people': format.people, 'ldif.groups.filter': format.groups?.filter };
  return Object.entries(filters).flatMap(([field, text]) => {
    if (text === undefined) return [];
    const parsed = parseFilter(text);
    const problem = parsed.ok ? filterRefusal(parsed.filter) : parsed.problem;
    return problem === null ? [] : [`${field}: ${problem}`];
  });
}

/**
 * A lookup table that stands in a CSV file: `{ csv: sites.csv, key: code, value: zone }`. The file is UTF-8, parted by
 * commas, and its first line has the headings. Strict, since a row that was half read would give somebody the wrong
 * value: whatever is doubtful is told with the file and line it stands in, and never with what stands there.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { didYouMean } from './did-you-mean.ts';
import type { Position } from './file-problem.ts';
import { foldKey } from './fold-key.ts';
import { entryOf, type Located } from './yaml-tree.ts';

export type CsvProblem = { readonly at: Position; readonly message: string };

export type CsvTable = {
  /** Keys are folded by `foldKey`. */
  readonly entries: ReadonlyMap<string, string>;
  readonly problems: readonly CsvProblem[];
};

/** Headings of the two columns. */
export type CsvColumns = { readonly key: string; readonly value: string };

type Row = { readonly line: number; readonly cells: readonly string[] };

/** One problem of a kind is often one of thousands. */
const MOST_PROBLEMS = 10;

const LONGEST_ROW = 1024 * 1024;

const FAULTS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH:
    'this row has more or fewer cells than there are headings. Put cells with a comma in double quotes.',
  CSV_QUOTE_NOT_CLOSED: 'a cell that begins with a double quote is never closed. Close it.',
  INVALID_OPENING_QUOTE:
    'a double quote stands inside a cell without quotes. Quote the cell, and write it twice.',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind the closing quote of a cell. Write inner quotes twice.',
  CSV_MAX_RECORD_SIZE: 'this row is longer than 1 MiB. Look for a double quote that is not closed.',
};

/** Whether a table is one of these: it has the key `csv`. In a table that is written out, write it `CSV`. */
export function isCsvTable(node: Located): boolean {
  return entryOf(node, 'csv') !== undefined;
}

/**
 * @param file its name, for places
 * @param text what the file says, with or without a byte order mark
 */
export function readCsvTable(file: string, text: string, columns: CsvColumns): CsvTable {
  const read = rowsOf(file, text);
  if (!read.ok) return { entries: new Map(), problems: [read.problem] };
  const [headings, ...rows] = read.rows;
  const at = (line: number): Position => ({ file, line, column: 1 });
  if (headings === undefined) {
    const message = 'the file is empty. Its first line has the headings.';
    return { entries: new Map(), problems: [{ at: at(1), message }] };
  }
  const key = columnOf(headings.cells, columns.key);
  const value = columnOf(headings.cells, columns.value);
  if (typeof key !== 'number' || typeof value !== 'number') {
    const faults = [key, value].filter((found) => typeof found === 'string');
    const problems = [...new Set(faults)].map((message) => ({ at: at(headings.line), message }));
    return { entries: new Map(), problems };
  }
  return entriesOf(rows, key, value, at);
}

function entriesOf(
  rows: readonly Row[],
  key: number,
  value: number,
  at: (line: number) => Position,
): CsvTable {
  const entries = new Map<string, string>();
  const lines = new Map<string, number>();
  const problems: CsvProblem[] = [];
  for (const { line, cells } of rows) {
    const folded = foldKey((cells[key] ?? '').trim());
    const before = lines.get(folded);
    if (folded === '')
      problems.push({ at: at(line), message: 'this row has no key. Write one, or delete it.' });
    else if (before === undefined) {
      lines.set(folded, line);
      entries.set(folded, (cells[value] ?? '').trim());
    } else {
      const message = `the key of this row stands in line ${before} already: case makes no difference. Keep one.`;
      problems.push({ at: at(line), message });
    }
  }
  return { entries, problems: shortened(problems) };
}

function shortened(problems: readonly CsvProblem[]): readonly CsvProblem[] {
  const shown = problems.slice(0, MOST_PROBLEMS);
  const last = shown.at(-1);
  const more = problems.length - shown.length;
  if (last === undefined || more === 0) return shown;
  return [
    ...shown,
    { at: last.at, message: `and ${more} more rows below have no key or one that is there already.` },
  ];
}

function rowsOf(
  file: string,
  text: string,
):
  | { readonly ok: true; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly problem: CsvProblem } {
  try {
    const rows: Row[] = [];
    let countedTwice = 0;
    parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
      on_record(cells, { lines }) {
        countedTwice += pairsIn(cells);
        rows.push({ line: lines - countedTwice, cells });
        return null;
      },
    });
    return { ok: true, rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { code, lines } = error;
    const line = typeof lines === 'number' ? lines : 1;
    const message = FAULTS[code] ?? `this row is no CSV (${code}). Export the file again.`;
    return { ok: false, problem: { at: { file, line, column: 1 }, message } };
  }
}

/** Line breaks of two characters within cells: csv-parse 7.0.3 counts each as two lines. */
function pairsIn(cells: readonly string[]): number {
  return cells.reduce((pairs, cell) => pairs + cell.split('\r\n').length - 1, 0);
}

/** @returns the number of the column, or what is wrong with the headings */
function columnOf(headings: readonly string[], wanted: string): number | string {
  const names = headings.map((heading) => heading.trim());
  const found = names.indexOf(wanted.trim());
  if (found >= 0) {
    const isTwice = names.indexOf(wanted.trim(), found + 1) >= 0;
    return isTwice ? `has two columns "${wanted}". Rename one of them.` : found;
  }
  if (names.length === 1 && /[;\t]/.test(names[0] ?? ''))
    return 'is not parted by commas. Export it with commas.';
  return `has no column "${wanted}".${didYouMean(wanted, names) || ' Name a heading of its first line.'}`;
}

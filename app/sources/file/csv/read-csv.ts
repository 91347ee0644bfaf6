/**
 * Reads the rows of a CSV file (RFC 4180, with the delimiters and quotes of the configuration) as they come, a row at a
 * time. What a row is, is decided in `rows.ts`.
 *
 * A quote that is not closed, or closed in the middle of a cell, ends the reading there: from then on nobody knows
 * which rows are rows.
 */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { FileItem } from '../item.ts';
import type { CsvFormat, Encoding } from '../options.ts';
import { createRowReader } from './rows.ts';

/** A row that is longer is none: a quote was opened and never closed. */
const LONGEST_ROW_BYTES = 1_048_576;

const MISTAKES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'whose quote is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'with text behind a closing quote',
  INVALID_OPENING_QUOTE: 'with a quote within a cell that is not quoted',
  CSV_MAX_RECORD_SIZE: 'of more than 1 MiB',
};

export type CsvSettings = {
  readonly format: CsvFormat;
  readonly encoding: Encoding;
  readonly reads: ReadonlySet<string>;
  /** Whether something beside the file has said that it is whole. */
  readonly isKnownWhole: boolean;
};

/** @throws whatever the text throws */
export async function* readCsv(
  text: AsyncIterable<string>,
  settings: CsvSettings,
): AsyncGenerator<FileItem, void> {
  const { delimiter, quote } = settings.format;
  const rows = createRowReader(settings);
  const ending = { last: '' };
  /** Of the row that was parsed last; it is taken some rows later. */
  let line = 0;
  const lineOf = new WeakMap<readonly string[], number>();
  let countedTwice = 0;
  const parser = parse({
    delimiter,
    quote: quote ?? false,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW_BYTES,
    on_record: (cells: string[], { lines }) => {
      countedTwice += pairsIn(cells);
      line = lines - countedTwice;
      lineOf.set(cells, line);
      return cells;
    },
  });
  // What goes wrong before the parser comes out of it.
  pipeline(Readable.from(remembering(text, ending)), parser, () => {});
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>)
      yield* rows.take({ line: lineOf.get(cells) ?? 0, cells });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its own message may hold what stands in the file, and its line is where it gave up.
    const mistake = MISTAKES[error.code] ?? `that is no CSV (${error.code})`;
    yield { kind: 'problem', problem: `has a row behind line ${line} ${mistake}` };
    return;
  }
  yield* rows.end(settings.isKnownWhole || ending.last === '\n' || ending.last === '\r');
}

/** Line breaks of two characters within cells: csv-parse 7.0.3 counts each as two lines. */
function pairsIn(cells: readonly string[]): number {
  return cells.reduce((pairs, cell) => pairs + cell.split('\r\n').length - 1, 0);
}

async function* remembering(
  text: AsyncIterable<string>,
  ending: { last: string },
): AsyncGenerator<string, void> {
  for await (const chunk of text) {
    ending.last = chunk.at(-1) ?? ending.last;
    yield chunk;
  }
}

/** What the attributes of a CSV file's people are called, told from the beginning of its text. */
import { CsvError, parse } from 'csv-parse/sync';
import type { CsvFormat } from '../options.ts';
import { readHeadings } from './columns.ts';

/**
 * @param text the beginning of the file, with all of its first row
 * @returns names in small letters, or null where the headings cannot be used
 */
export function csvAttributes(text: string, format: CsvFormat): readonly string[] | null {
  const [headings] = firstRow(text, format);
  if (headings === undefined) return null;
  const read = readHeadings(headings, format);
  return 'columns' in read ? read.columns.all.map(({ attribute }) => attribute) : null;
}

/** The headings as they are written; none where the file is no CSV. @param text as above */
export function csvHeadings(text: string, format: Pick<CsvFormat, 'delimiter' | 'quote'>): readonly string[] {
  const [headings = []] = firstRow(text, format);
  return headings.map((heading) => heading.trim()).filter((heading) => heading !== '');
}

/** Without the row where it is no CSV: a read of the file says what is wrong. */
function firstRow(
  text: string,
  { delimiter, quote }: Pick<CsvFormat, 'delimiter' | 'quote'>,
): readonly string[][] {
  try {
    const record_delimiter = ['\r\n', '\n', '\r'];
    return parse(text, { bom: true, delimiter, quote: quote ?? false, record_delimiter, to: 1 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [];
  }
}

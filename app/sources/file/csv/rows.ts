/**
 * What each row of a CSV file is, in the order of the rows: headings, people, a trailer. Decides without input or
 * output what may be believed.
 *
 * The last row is believed only where something shows that it is whole: the line break behind it, or a trailer. A
 * name that was cut off in an upload looks like a name.
 */
import { toStableId } from '../../../person/anchor.ts';
import { type Entry, toAttributes } from '../../../person/entry.ts';
import { idName } from '../../../person/member-names.ts';
import { UNDECODABLE } from '../decode.ts';
import { groupId } from '../gather-groups.ts';
import type { FileItem } from '../item.ts';
import type { CsvFormat, Encoding } from '../options.ts';
import { type Columns, foldValue, readHeadings } from './columns.ts';

export type Row = { readonly line: number; readonly cells: readonly string[] };

export type RowReader = {
  take(row: Row): readonly FileItem[];
  /** @param closed whether the last row ended with a line break, or the file is known to be whole */
  end(closed: boolean): readonly FileItem[];
};

type Settings = {
  readonly format: CsvFormat;
  readonly encoding: Encoding;
  /** Folded names of the attributes that mappings read. */
  readonly reads: ReadonlySet<string>;
};

export function createRowReader({ format, encoding, reads }: Settings): RowReader {
  let columns: Columns | null = null;
  let unusable = false;
  let rows = 0;
  let trailer: Row | null = null;
  let last: Row | null = null;

  function readFirst(row: Row): readonly FileItem[] {
    const read = readHeadings(row.cells, format);
    if ('columns' in read) {
      columns = read.columns;
      return [];
    }
    unusable = true;
    return read.problems.map(problem);
  }

  function believe(row: Row): readonly FileItem[] {
    if (unusable) return [];
    if (columns === null) return readFirst(row);
    if (row.cells.every((cell) => cell.trim() === '')) return [];
    if (trailer !== null) return [reject(row, 'stands behind the trailer')];
    if (isTrailer(row, format)) {
      trailer = row;
      return [];
    }
    rows += 1;
    const { length } = row.cells;
    if (length !== columns.all.length)
      return [reject(row, `has ${length} instead of ${columns.all.length} columns`)];
    if (row.cells.some((cell) => cell.includes(UNDECODABLE)))
      return [reject(row, `holds characters that are not ${encoding}`)];
    return [toItem(row, columns, reads)];
  }

  return {
    take(row) {
      const before = last;
      last = row;
      return before === null ? [] : believe(before);
    },
    end(closed) {
      if (last === null) return [problem('is empty: not even headings stand in it')];
      const isWhole = closed || isTrailer(last, format);
      const items = isWhole ? believe(last) : [problem(`ends in the middle of line ${last.line}`)];
      if (format.trailer === null || unusable) return items;
      return [...items, ...trailerProblems(trailer, rows).map(problem)];
    },
  };
}

function isTrailer({ cells }: Row, { trailer }: CsvFormat): boolean {
  return trailer !== null && cells[0]?.trim() === trailer;
}

function trailerProblems(trailer: Row | null, rows: number): readonly string[] {
  if (trailer === null) return ['has no trailer: it ends too early'];
  const count = trailer.cells[1]?.trim() ?? '';
  if (!/^\d{1,12}$/.test(count)) return ['has a trailer without a count'];
  return Number(count) === rows
    ? []
    : [`has another number of rows (${rows}) than its trailer says (${Number(count)})`];
}

function toItem(row: Row, columns: Columns, reads: ReadonlySet<string>): FileItem {
  const { line, cells } = row;
  const stableId = toStableId(cells[columns.id] ?? '');
  const isMeant = columns.where.every(({ at, values }) => values.has(foldValue(cells[at] ?? '')));
  if (!isMeant) return { kind: 'outside', line, stableId };
  if (stableId === null) return reject(row, 'has no usable id');
  const { groups } = columns;
  const entry: Entry = {
    stableId,
    ...(groups === null ? {} : { memberNames: [idName(stableId)] }),
    revision: '',
    attributes: toAttributes(
      columns.all.flatMap(({ attribute, separator }, index) =>
        reads.has(attribute) ? [[attribute, valuesIn(cells[index] ?? '', separator)] as const] : [],
      ),
    ),
  };
  const named = groups === null ? [] : valuesIn(cells[groups.at] ?? '', groups.separator);
  if (named.some((name) => groupId(name) === null))
    return reject(row, 'names a group whose name cannot be used');
  return { kind: 'person', line, entry, groups: named };
}

/** A blank cell has no value. Several values are trimmed, one is left as it stands. */
function valuesIn(cell: string, separator: string | null): readonly string[] {
  if (separator === null) return cell.trim() === '' ? [] : [cell];
  return cell
    .split(separator)
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function reject({ line }: Row, why: string): FileItem {
  return { kind: 'rejected', line, why };
}

function problem(words: string): FileItem {
  return { kind: 'problem', problem: words };
}

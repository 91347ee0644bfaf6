/**
 * What stands in a mapping's lookup tables, written out or in CSV files. A CSV file is read once, however many
 * environments use it.
 */
import { type CsvColumns, isCsvTable, readCsvTable } from './csv-table.ts';
import { foldKey } from './fold-key.ts';
import { leadsTo, type MappingFiles } from './mapping-files.ts';
import type { Report } from './report.ts';
import { CSV_TABLE, WRITTEN_TABLE } from './schema.ts';
import { checkShape } from './shape.ts';
import { entryOf, type Located } from './yaml-tree.ts';

/** Keys are folded by `foldKey`. */
export type TableEntries = ReadonlyMap<string, string>;

export type Tables = {
  /** What is wrong with the table is reported; its entries are those that can be told. */
  readonly entriesOf: (name: string, node: Located) => TableEntries;
};

const NO_ENTRIES: TableEntries = new Map();

export function createTables(files: MappingFiles, report: Report): Tables {
  const known = new Map<string, TableEntries>();
  return {
    entriesOf(name, node) {
      if (!isCsvTable(node)) return writtenEntries(name, node, report);
      const field = `tables.${name}`;
      const said = checkShape(node, CSV_TABLE, report, field);
      const csv = entryOf(node, 'csv');
      if (said === null || csv === undefined) return NO_ENTRIES;
      const { at } = csv.value;
      const led = leadsTo(said.csv, at.file);
      if (!led.ok) {
        report.problem(at, `${field}.csv`, led.message);
        return NO_ENTRIES;
      }
      const key = JSON.stringify([led.path, said.key, said.value]);
      const entries = known.get(key) ?? csvEntries(led.path, said);
      known.set(key, entries);
      return entries;

      function csvEntries(path: string, columns: CsvColumns): TableEntries {
        const read = files.read(path);
        if (!read.ok) {
          const mend = 'Correct the path; it starts at the folder of this file.';
          report.problem(at, `${field}.csv`, `names a file that ${read.message}. ${mend}`);
          return NO_ENTRIES;
        }
        const table = readCsvTable(path, read.text, columns);
        for (const problem of table.problems) report.problem(problem.at, field, problem.message);
        return table.entries;
      }
    },
  };
}

function writtenEntries(table: string, node: Located, report: Report): TableEntries {
  checkShape(node, WRITTEN_TABLE, report, `tables.${table}`);
  const entries = new Map<string, string>();
  if (node.kind !== 'map') return entries;
  for (const { key, keyAt, value } of node.entries) {
    const folded = foldKey(key);
    if (entries.has(folded)) {
      const message = 'is there already: case makes no difference. Keep one.';
      report.problem(keyAt, `tables.${table}.${key}`, message);
    }
    if (value.kind === 'scalar' && typeof value.value === 'string') entries.set(folded, value.value);
  }
  return entries;
}

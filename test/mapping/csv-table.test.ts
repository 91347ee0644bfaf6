/** Lookup tables in CSV files: what is taken, and what is told of a file that cannot be believed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsvTable } from '../../app/mapping/csv-table.ts';
import { foldKey } from '../../app/mapping/fold-key.ts';
import { type Folder, loaded, MAIN, main, told } from './folder.ts';
import { NOW, person } from './people.ts';

const COLUMNS = { key: 'code', value: 'zone' };
const ATTRIBUTES = `attributes: { userName: '= id', active: true, timezone: '= lookup("siteOf", e.l)' }`;
const TEXT = main('tables: { siteOf: { csv: sites.csv, key: code, value: zone } }', ATTRIBUTES);

function zone(folder: Folder, l: string): unknown {
  const mapped = loaded(TEXT, folder).map(person({ l }), NOW);
  return mapped.kind === 'in-scope' ? mapped.user['timezone'] : mapped;
}

test('a table is looked up in a CSV file, its key without case and its columns by their headings', () => {
  const csv = '\ufeffzone,name,code\r\nEurope/Amsterdam,"Dam, square",AMS\r\n\r\n"Europe/Berlin",x, ber \r\n';
  const folder = { 'mappings/sites.csv': csv };
  expect(['ams', 'BER', 'Dam, square'].map((code) => zone(folder, code))).toEqual([
    'Europe/Amsterdam',
    'Europe/Berlin',
    undefined,
  ]);
});

describe('a file that cannot be believed is told with its line, and never with what stands there', () => {
  test.each([
    [
      'no file',
      null,
      `${MAIN}:6:26 tables.siteOf.csv: names a file that does not exist. Correct the path; it starts at the folder of this file.`,
    ],
    [
      'an empty one',
      '',
      'mappings/sites.csv:1:1 tables.siteOf: the file is empty. Its first line has the headings.',
    ],
    [
      'a column that is not there',
      'cod,zone\n',
      'mappings/sites.csv:1:1 tables.siteOf: has no column "code". Did you mean "cod"?',
    ],
    [
      'another delimiter',
      'code;zone\nAMS;x\n',
      'mappings/sites.csv:1:1 tables.siteOf: is not parted by commas. Export it with commas.',
    ],
    [
      'a heading twice',
      'code,zone,zone\n',
      'mappings/sites.csv:1:1 tables.siteOf: has two columns "zone". Rename one of them.',
    ],
    [
      'a cell too many',
      'code,zone\nAMS,x\nBER,y,z\n',
      'mappings/sites.csv:3:1 tables.siteOf: this row has more or fewer cells than there are headings. Put cells with a comma in double quotes.',
    ],
    [
      'an open quote',
      'code,zone\nAMS,"x\n',
      'mappings/sites.csv:2:1 tables.siteOf: a cell that begins with a double quote is never closed. Close it.',
    ],
    [
      'a quote inside',
      'code,zone\nAMS,x"y\n',
      'mappings/sites.csv:2:1 tables.siteOf: a double quote stands inside a cell without quotes. Quote the cell, and write it twice.',
    ],
    [
      'a key twice',
      'code,zone\nAMS,x\n"B\r\nC",x\nams,y\n',
      'mappings/sites.csv:5:1 tables.siteOf: the key of this row stands in line 2 already: case makes no difference. Keep one.',
    ],
    [
      'a row without key',
      'code,zone\n ,x\n',
      'mappings/sites.csv:2:1 tables.siteOf: this row has no key. Write one, or delete it.',
    ],
  ])('%s', (_what, csv, problem) => {
    expect(told(TEXT, csv === null ? {} : { 'mappings/sites.csv': csv })).toEqual([problem]);
  });

  test('thousands of the same', () => {
    const csv = `code,zone\n${'AMS,x\n'.repeat(5000)}`;
    const problems = told(TEXT, { 'mappings/sites.csv': csv });
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)).toBe(
      'mappings/sites.csv:12:1 tables.siteOf: and 4989 more rows below have no key or one that is there already.',
    );
  });
});

test.each([
  [
    '{ csv: sites.csv, key: code }',
    '6:19 tables.siteOf.value: is missing. Add it: The heading of the column with the values.',
  ],
  [
    '{ csv: sites.csv, key: code, value: zone, delimiter: x }',
    '6:61 tables.siteOf.delimiter: unknown key. Known are csv, key, value.',
  ],
  [
    '{ csv: ../../sites.csv, key: code, value: zone }',
    '6:26 tables.siteOf.csv: leads out of the folder of landbridge.yaml. Put the file into that folder.',
  ],
  [
    '{ csv: 1, key: code, value: zone }',
    '6:21 tables.siteOf.csv: must be text, not a number. Put it in quotes.',
  ],
])('%s is refused', (table, problem) => {
  expect(told(main(`tables: { siteOf: ${table} }`, ATTRIBUTES))).toEqual([`${MAIN}:${problem}`]);
});

test('an environment can read another file, or write the table out', () => {
  const text = main(
    'tables: { siteOf: { csv: sites.csv, key: code, value: zone } }',
    ATTRIBUTES,
    'environments:',
    '  test: { tables: { siteOf: { csv: test-sites.csv } } }',
    '  demo: { tables: { siteOf: { AMS: Written/Out } } }',
  );
  const folder = {
    'mappings/sites.csv': 'code,zone\nAMS,a\n',
    'mappings/test-sites.csv': 'code,zone\nAMS,b\n',
  };
  const zones = [null, 'test', 'demo'].map((environment) => {
    const mapped = loaded(text, folder, { environment }).map(person({ l: 'AMS' }), NOW);
    return mapped.kind === 'in-scope' ? mapped.user['timezone'] : mapped;
  });
  expect(zones).toEqual(['a', 'b', 'Written/Out']);
});

test('a table of 100,000 rows is read whole', () => {
  const csv = `code,zone\n${Array.from({ length: 100_000 }, (_, index) => `K${index},V${index}\n`).join('')}`;
  const { entries, problems } = readCsvTable('t.csv', csv, COLUMNS);
  expect(problems).toEqual([]);
  expect(entries.size).toBe(100_000);
  expect(entries.get('k99999')).toBe('V99999');
});

test('whatever stands in its cells, each key gives the value of its own row', () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\r'));
  const rows = fc.uniqueArray(fc.tuple(cell, cell), {
    selector: ([key]) => foldKey(key.trim()),
    maxLength: 20,
  });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (all, lineBreak) => {
      const usable = all.filter(([key]) => key.trim() !== '');
      const written = [['code', 'zone'], ...usable].map((cells) =>
        cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
      );
      const { entries, problems } = readCsvTable('t.csv', written.join(lineBreak), COLUMNS);
      expect(problems).toEqual([]);
      expect([...entries]).toEqual(usable.map(([key, value]) => [foldKey(key.trim()), value.trim()]));
    }),
  );
});

import { describe, expect, test } from 'vitest';
import { fileLayout } from '../../app/file-source-options.ts';
import { linesFor, load, RIGHT } from './example.ts';

const source = (fields: string) =>
  RIGHT.replace(/ {2}corp:\n(?: {4}.*\n)+/, `  corp:\n    kind: file\n${fields.replace(/^/gm, '    ')}\n`);

function read(fields: string) {
  const loaded = load(source(fields));
  const corp = loaded.ok ? loaded.config.sources['corp'] : null;
  if (corp?.kind !== 'file') throw new Error(linesFor(source(fields)).join('\n'));
  return corp;
}

test('a file source needs a path, and for CSV the column of the ids', () => {
  const corp = read('path: hr/people-*.csv\ncsv: { id: Employee No }');
  expect(corp).toMatchObject({
    path: '/etc/landbridge/hr/people-*.csv',
    newest: 'modified',
    encoding: 'utf-8',
    complete: { settle: 5_000, companion: 'none' },
    poll: { every: 60_000, sweepEvery: 3_600_000, push: false },
  });
  expect(fileLayout(corp)).toEqual({
    kind: 'csv',
    id: 'Employee No',
    delimiter: ',',
    quote: '"',
    columns: {},
    lists: {},
    where: {},
    groups: null,
    trailer: null,
  });
});

test('everything else has its place', () => {
  const corp = read(`path: /srv/hr
format: csv
csv:
  id: No
  delimiter: tab
  quote: none
  columns: { sn: Last name }
  lists: { Phones: ' / ' }
  where: { Status: [active, on leave] }
  groups: { column: Roles }
  trailer: '#END'
complete: { settle: 1m, companion: sha256 }`);
  expect(fileLayout(corp)).toEqual({
    kind: 'csv',
    id: 'No',
    delimiter: '\t',
    quote: null,
    columns: { sn: 'Last name' },
    lists: { Phones: ' / ' },
    where: { Status: ['active', 'on leave'] },
    groups: { column: 'Roles', separator: ';' },
    trailer: '#END',
  });
});

test('LDIF needs nothing but a path', () => {
  expect(fileLayout(read('path: people.ldif\nldif: { groups: {} }'))).toEqual({
    kind: 'ldif',
    id: 'entryUUID',
    people: '(&(|(objectClass=inetOrgPerson)(objectClass=user))(!(objectClass=computer)))',
    groups: {
      filter: '(|(objectClass=groupOfNames)(objectClass=group))',
      memberAttribute: 'member',
      nameAttribute: 'cn',
    },
  });
});

describe('what is refused', () => {
  test.each([
    [
      'a path whose ending says nothing',
      'path: people.dat',
      'path: does not say by its ending what the file is. Set format to csv or ldif.',
    ],
    [
      'a folder without a format',
      'path: ./hr',
      'path: does not say by its ending what the file is. Set format to csv or ldif.',
    ],
    [
      'CSV without the column of the ids',
      'path: people.csv',
      'csv: is missing. Write at least csv: { id: HEADING }, with the heading of the column of the ids.',
    ],
    [
      'a pattern for folders',
      'path: /srv/*/people.csv\ncsv: { id: a }',
      'path: has a pattern in the name of a folder. Use * and ? in the name of the file alone.',
    ],
    [
      'a credential as a column (O-27)',
      'path: people.csv\ncsv: { id: a, columns: { title: Pass word } }',
      'csv.columns.title: is a credential, and credentials are never read. Name another.',
    ],
    [
      'a credential as an attribute (O-27)',
      'path: people.ldif\nldif: { id: userPassword }',
      'ldif.id: is a credential, and credentials are never read. Name another.',
    ],
    [
      'two characters between columns',
      'path: people.csv\ncsv: { id: a, delimiter: ", " }',
      'csv.delimiter: must be one character, or tab. Write it in quotes, like ";".',
    ],
    [
      'nothing between values',
      'path: people.csv\ncsv: { id: a, lists: { b: "" } }',
      'csv.lists.b: is empty. Write what stands between two values, like ";".',
    ],
    [
      'no value for rows',
      'path: people.csv\ncsv: { id: a, where: { b: [] } }',
      'csv.where.b: is empty. Name at least one.',
    ],
    [
      'another encoding',
      'path: people.csv\nencoding: latin1\ncsv: { id: a }',
      'encoding: must be one of: utf-8, utf-16le, windows-1252.',
    ],
    [
      'a filter that is none',
      'path: people.ldif\nldif: { people: "(cn=a" }',
      'ldif.people: must stand in parentheses. Write it like (objectClass=person).',
    ],
    [
      'a mistyped field',
      'path: people.csv\ncsv: { id: a, delimeter: ";" }',
      'csv.delimeter: unknown key. Did you mean "delimiter"?',
    ],
  ])('%s', (_name, fields, message) => {
    const lines = linesFor(source(fields)).map((line) => line.replace(/^\S+ sources\.corp\./, ''));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });
});

/** Functions over several values: every value of an attribute, the first of several texts, tables, lists, numbers. */
import { foldKey } from '../fold-key.ts';
import { firstCleaned } from '../values.ts';
import type { LibraryFunction, Tables } from './library.ts';

const MOST_TEXTS = 6;

export const LISTS: readonly LibraryFunction[] = [
  {
    name: 'all',
    usage: 'all("attribute") or list.all(x, condition)',
    gives: 'every value of the attribute, as a list; of a list, whether the condition is true for all of it',
    examples: [
      {
        expression: 'all("mail")',
        entry: { mail: ['ada@example.com', ' ', 'al@example.com'] },
        gives: ['ada@example.com', 'al@example.com'],
      },
      {
        expression: 'all("mail").all(m, m.endsWith("@example.com"))',
        entry: { mail: ['ada@example.com', 'al@example.org'] },
        gives: false,
      },
    ],
    overloads: (person) => [
      { signature: 'all(string): list<string>', handler: (attribute: string) => person.all(attribute) },
    ],
  },
  {
    name: 'first',
    usage: 'first(text, …) or first(list)',
    gives: `the first text that is not blank; up to ${MOST_TEXTS} texts`,
    examples: [
      {
        expression: 'first(e.displayName, e.cn)',
        entry: { displayName: ' ', cn: 'Ada Lovelace' },
        gives: 'Ada Lovelace',
      },
      { expression: 'first(e.displayName, e.cn)' },
    ],
    overloads: () => [
      ...Array.from({ length: MOST_TEXTS }, (_, index) => ({
        signature: `first(${Array(index + 1)
          .fill('string')
          .join(', ')}): string`,
        handler: (...texts: string[]) => firstCleaned(texts),
      })),
      { signature: 'first(list<string>): string', handler: (texts: string[]) => firstCleaned(texts) },
    ],
  },
  {
    name: 'lookup',
    usage: 'lookup("table", key) or lookup("table", key, default)',
    gives:
      'what the table has for the key, compared without case, else the default; without a default, nothing',
    examples: [
      { expression: 'lookup("zoneOf", e.l, "Europe/Paris")', entry: { l: 'ZÜRICH' }, gives: 'Europe/Zurich' },
      { expression: 'lookup("zoneOf", e.l, "Europe/Paris")', entry: { l: 'Lille' }, gives: 'Europe/Paris' },
    ],
    overloads: (_, tables) => [
      {
        signature: 'lookup(string, string): string',
        handler: (table: string, key: string) => lookUp(tables, table, key, ''),
      },
      {
        signature: 'lookup(string, string, string): string',
        handler: (table: string, key: string, otherwise: string) => lookUp(tables, table, key, otherwise),
      },
    ],
  },
  {
    name: 'join',
    usage: 'list.join(separator)',
    gives: 'one text of all',
    examples: [
      { expression: 'all("ou").join("/")', entry: { ou: ['Engines', 'Maths'] }, gives: 'Engines/Maths' },
    ],
  },
  {
    name: 'size',
    usage: 'text.size() or list.size()',
    gives: 'how long it is',
    examples: [
      { expression: 'all("mail").size()', entry: { mail: ['a@example.com', 'b@example.com'] }, gives: 2 },
    ],
  },
  {
    name: 'map',
    usage: 'list.map(x, expression)',
    gives: 'what the expression makes of each',
    examples: [
      {
        expression: 'all("mail").map(m, m.lower())',
        entry: { mail: 'Ada@Example.com' },
        gives: ['ada@example.com'],
      },
    ],
  },
  {
    name: 'filter',
    usage: 'list.filter(x, condition)',
    gives: 'those for which the condition is true',
    examples: [
      {
        expression: 'all("mail").filter(m, m.endsWith(".org"))',
        entry: { mail: ['a@example.com', 'b@example.org'] },
        gives: ['b@example.org'],
      },
    ],
  },
  {
    name: 'exists',
    usage: 'list.exists(x, condition)',
    gives: 'whether the condition is true for any',
    examples: [
      { expression: 'all("ou").exists(o, o == "Maths")', entry: { ou: ['Engines', 'Maths'] }, gives: true },
    ],
  },
  {
    name: 'exists_one',
    usage: 'list.exists_one(x, condition)',
    gives: 'whether the condition is true for exactly one',
    examples: [
      {
        expression: 'all("ou").exists_one(o, o == "Maths")',
        entry: { ou: ['Maths', 'Maths'] },
        gives: false,
      },
    ],
  },
  {
    name: 'int',
    usage: 'int(text)',
    gives: 'the whole number that the text is',
    examples: [
      { expression: 'int(e.floor) + 1', entry: { floor: '4' }, gives: 5 },
      {
        expression: 'int(e.floor)',
        entry: { floor: 'ground' },
        fails: 'a text that should be a number is none',
      },
    ],
  },
  {
    name: 'double',
    usage: 'double(text)',
    gives: 'the number that the text is',
    examples: [{ expression: 'double(e.share) * 100.0', entry: { share: '0.5' }, gives: 50 }],
  },
  {
    name: 'string',
    usage: 'string(number)',
    gives: 'the number as text',
    examples: [
      { expression: '"Floor " + string(int(e.floor) + 1)', entry: { floor: '4' }, gives: 'Floor 5' },
    ],
  },
];

function lookUp(tables: Tables, table: string, key: string, otherwise: string): string {
  return tables.get(table)?.get(foldKey(key)) ?? otherwise;
}

/** Functions over several sources, and the names that an account is proposed. */
import { foldUserName } from '../../person/user-names.ts';
import { cleanedList } from '../values.ts';
import type { LibraryFunction } from './library.ts';

const MOST_NAMES = 6;

export const SOURCES: readonly LibraryFunction[] = [
  {
    name: 'from',
    usage: 'from("source", "attribute")',
    gives: 'the first value that this source alone has, of [several sources](#several-sources)',
    examples: [
      {
        expression: 'from("hr", "title")',
        entry: { title: 'Analyst' },
        joined: { hr: { title: 'Head of Analysis' } },
        gives: 'Head of Analysis',
      },
      {
        expression: 'from("corp", "title")',
        entry: { title: 'Analyst' },
        joined: { hr: { title: 'Head of Analysis' } },
        gives: 'Analyst',
      },
      { expression: 'from("hr", "title")', entry: { title: 'Analyst' } },
    ],
    overloads: (person) => [
      {
        signature: 'from(string, string): string',
        handler: (source: string, attribute: string) => person.firstOf([source], attribute),
      },
    ],
  },
  {
    name: 'isIn',
    usage: 'isIn("source")',
    gives: 'whether this source has a record of the person',
    examples: [
      { expression: 'isIn("hr")', joined: { hr: { status: 'active' } }, gives: true },
      { expression: 'isIn("hr")', gives: false },
    ],
    overloads: (person) => [
      { signature: 'isIn(string): bool', handler: (source: string) => person.isAt(source) },
    ],
  },
  {
    name: 'unique',
    usage: 'unique(name, …)',
    gives: `of up to ${MOST_NAMES} names the first that nobody else has, else the last one with a number; around all of [userName](#unique-names) only`,
    examples: [
      { expression: 'unique(e.uid, e.mail)', entry: { uid: 'ada' }, isUserName: true, gives: 'ada' },
      { expression: 'unique(e.uid, e.mail)', entry: { mail: 'a@x.org' }, isUserName: true, gives: 'a@x.org' },
    ],
    overloads: (person) =>
      Array.from({ length: MOST_NAMES }, (_, index) => ({
        signature: `unique(${Array(index + 1)
          .fill('string')
          .join(', ')}): string`,
        handler: (...names: string[]) => {
          const proposals = proposalsOf(names);
          person.propose(proposals);
          return proposals[0] ?? '';
        },
      })),
  },
];

/** Without blanks, and without what differs in case alone from one before. */
function proposalsOf(names: readonly string[]): readonly string[] {
  const byFolded = new Map<string, string>();
  for (const name of cleanedList(names)) {
    const folded = foldUserName(name);
    if (!byFolded.has(folded)) byFolded.set(folded, name);
  }
  return [...byFolded.values()];
}

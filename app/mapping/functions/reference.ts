/** The functions as docs/mappings.md shows them: for each subject what there is, then examples that a test runs. */
import { foldedLetters } from './ascii-fold.ts';
import { LIBRARY } from './index.ts';
import type { Example, LibraryFunction } from './library.ts';

export function functionReference(): string {
  const subjects = Object.entries(LIBRARY).map(
    ([subject, functions]) => `### ${subject}\n\n${described(functions)}\n\n${shown(functions)}`,
  );
  const letters = `\`asciiFold\` knows these letters, besides those that are a letter and marks: ${foldedLetters().join(', ')}.`;
  return [...subjects, letters].join('\n\n');
}

function described(functions: readonly LibraryFunction[]): string {
  const rows = functions.map(({ usage, gives }) => [
    usage
      .split(/(?<=\)) or /)
      .map(code)
      .join(', '),
    cell(gives),
  ]);
  return table(['function', 'gives'], rows);
}

function shown(functions: readonly LibraryFunction[]): string {
  const examples = functions.flatMap((each) => each.examples);
  return table(
    ['example', 'of a person with', 'is'],
    examples.map((example) => [code(example.expression), personOf(example), outcomeOf(example)]),
  );
}

function personOf({ entry = {}, groups = [], joined, at }: Example): string {
  const said = [
    ...Object.entries(entry).map(([name, value]) => `${name} ${listed([value].flat())}`),
    ...Object.entries(joined?.hr ?? {}).map(([name, value]) => `${name} ${listed([value])} in hr`),
  ];
  const inGroups = groups.length === 0 ? [] : [`the groups ${listed(groups)}`];
  return [...said, ...inGroups, ...(at === undefined ? [] : [`at ${at}`])].join('; ');
}

function outcomeOf({ gives, warns, fails }: Example): string {
  if (fails !== undefined) return `not to be told: ${fails}`;
  const value = gives === undefined ? 'absent' : listed([gives].flat().map(String));
  return warns === undefined ? value : `${value}, with the warning ${code(warns)}`;
}

function listed(values: readonly string[]): string {
  return values.map((value) => (value.trim() === '' ? 'a blank' : code(value))).join(', ');
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

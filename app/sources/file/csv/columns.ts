/**
 * Which column of a CSV file is what, from its headings. Pure.
 *
 * A heading names an attribute in lower case, with `_` for whatever a mapping cannot name: `First name` is
 * `first_name`. The same folding compares headings with those of the configuration.
 */
import type { CsvFormat } from '../options.ts';

export type Column = { readonly attribute: string; readonly separator: string | null };

export type Columns = {
  /** One for each column, in their order. */
  readonly all: readonly Column[];
  readonly id: number;
  readonly groups: { readonly at: number; readonly separator: string } | null;
  readonly where: readonly { readonly at: number; readonly values: ReadonlySet<string> }[];
};

/** Folds a heading to the name of an attribute; empty where nothing is left of it. */
export function attributeOf(heading: string): string {
  const name = heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9.;-]+/g, '_')
    .replace(/^_|_$/g, '');
  return /^[0-9.;-]/.test(name) ? `_${name}` : name;
}

/** Values of a `where` are compared without regard to case and blanks around them. */
export function foldValue(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase();
}

/** @returns the columns, or what is wrong with the headings, without repeating what stands there */
export function readHeadings(
  headings: readonly string[],
  format: CsvFormat,
): { readonly columns: Columns } | { readonly problems: readonly string[] } {
  const names = headings.map(attributeOf);
  const problems = doubles(names);
  const at = (heading: string, field: string): number => {
    const found = names.indexOf(attributeOf(heading));
    if (found < 0) problems.push(`has no column "${heading}", which ${field} names`);
    return found;
  };
  const given = Object.entries(format.columns).map(
    ([attribute, heading]) => [at(heading, `csv.columns.${attribute}`), attribute] as const,
  );
  const lists = Object.entries(format.lists).map(
    ([heading, separator]) => [at(heading, 'csv.lists'), separator] as const,
  );
  const columns: Columns = {
    all: names.map((name, index) => ({
      attribute: given.find(([column]) => column === index)?.[1].toLowerCase() ?? name,
      separator: lists.find(([column]) => column === index)?.[1] ?? null,
    })),
    id: at(format.id, 'csv.id'),
    groups:
      format.groups === null
        ? null
        : { at: at(format.groups.column, 'csv.groups.column'), separator: format.groups.separator },
    where: Object.entries(format.where).map(([heading, values]) => ({
      at: at(heading, 'csv.where'),
      values: new Set(values.map(foldValue)),
    })),
  };
  return problems.length === 0 ? { columns } : { problems };
}

/** With a map: a row of 1 MiB has room for so many headings that each must not be held against all others. */
function doubles(names: readonly string[]): string[] {
  const first = new Map<string, number>();
  return names.flatMap((name, index) => {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    return name === '' || before === undefined
      ? []
      : [`has columns ${before + 1} and ${index + 1} under the same heading`];
  });
}

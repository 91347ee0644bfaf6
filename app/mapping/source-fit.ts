/**
 * Holds the attributes that a mapping reads against what its source is known to give. Always a warning: the next
 * delivery of a file may have the column, and every directory has attributes of its own.
 */
import { nearest } from '../spelling/nearest.ts';
import { didYouMean } from './did-you-mean.ts';
import { placeFrom } from './file-problem.ts';
import type { Report } from './report.ts';
import type { ReadAttribute, Rules } from './rules.ts';
import { WELL_KNOWN_ATTRIBUTES } from './well-known-attributes.ts';

/** What is known of the people of one source. */
export type SourceAttributes =
  /** A file of which the headings were read: what its columns are called here, in small letters. */
  | { readonly kind: 'columns'; readonly file: string; readonly names: readonly string[] }
  | { readonly kind: 'directory' };

/** In short names one letter more or less is another word. */
const SHORTEST_FOR_ONE_TYPO = 5;
const SHORTEST_FOR_TWO_TYPOS = 7;

/**
 * @param own the person's own source
 * @param known what is known of a source by its name; null where nothing is
 */
export function checkSourceFit(
  { reads, fromReads, precedence }: Rules,
  own: string,
  known: (source: string) => SourceAttributes | null,
  report: Report,
): void {
  const check = ({ name, key, where }: ReadAttribute, sources: readonly string[]): void => {
    const faults = sources.map((source) => faultOf(name, key, known(source)));
    // One source that gives it is enough.
    const [first] = faults.some((fault) => fault === null) ? [] : faults;
    if (typeof first === 'string') report.warning(placeFrom(where), `reads.${name}`, first);
  };
  for (const read of reads) check(read, precedence ?? [own]);
  for (const read of fromReads) check(read, [read.source]);
}

function faultOf(name: string, key: string, source: SourceAttributes | null): string | null {
  if (source === null) return null;
  return source.kind === 'columns' ? noColumn(key, source) : unusual(name);
}

function noColumn(
  key: string,
  { file, names }: Extract<SourceAttributes, { kind: 'columns' }>,
): string | null {
  if (names.includes(key)) return null;
  const mend = didYouMean(key, names) || ' Name a column, or give one this name under csv.columns.';
  return `no column of ${file} gives it.${mend}`;
}

/** @returns a slip that is likely, or null */
function unusual(name: string): string | null {
  const [plain = name] = name.split(';');
  if (plain.length < SHORTEST_FOR_ONE_TYPO || USUAL.has(plain.toLowerCase())) return null;
  const meant = nearest(plain, WELL_KNOWN_ATTRIBUTES, plain.length < SHORTEST_FOR_TWO_TYPOS ? 1 : 2);
  return meant === undefined ? null : `is no usual attribute of a directory. Did you mean "${meant}"?`;
}

const USUAL: ReadonlySet<string> = new Set(WELL_KNOWN_ATTRIBUTES.map((name) => name.toLowerCase()));

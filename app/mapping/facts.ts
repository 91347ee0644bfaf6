/** What expressions get to see of a person: cleaned values, "" or [] where nothing is there. */
import type { Identity } from '../person/identity.ts';
import type { ReadAttribute } from './rules.ts';
import { cleanedList, firstCleaned } from './values.ts';

export type Facts = {
  /** By declared name. */
  readonly e: Readonly<Record<string, string | readonly string[]>>;
  readonly absent: ReadonlySet<string>;
  /** Attributes that are too large to be computed with: expressions have no time limit of their own. */
  readonly tooLarge: readonly ReadAttribute[];
};

export const MOST_VALUES = 1000;
export const LONGEST_VALUE = 65_536;

export function factsOf(identity: Identity, reads: readonly ReadAttribute[]): Facts {
  const { attributes } = identity.entry;
  const e: Record<string, string | readonly string[]> = Object.create(null);
  const absent = new Set<string>();
  const tooLarge: ReadAttribute[] = [];
  for (const read of reads) {
    const name = read.name.toLowerCase();
    const values = Object.hasOwn(attributes, name) ? (attributes[name] ?? []) : [];
    if (values.length > MOST_VALUES || values.some((value) => value.length > LONGEST_VALUE)) {
      tooLarge.push(read);
      continue;
    }
    const value = read.type === 'string' ? firstCleaned(values) : cleanedList(values);
    e[read.name] = value;
    if (value.length === 0) absent.add(read.name);
  }
  return { e, absent, tooLarge };
}

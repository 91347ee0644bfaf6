/** What expressions get to see of a person: cleaned values, "" or [] where nothing is there. */
import type { Identity } from '../person/identity.ts';
import { Attributes, type EngineContext } from './engine.ts';
import { LONGEST_VALUE, MOST_VALUES } from './limits.ts';
import { recordsBy, valuesIn } from './records.ts';
import type { ReadAttribute, Rules } from './rules.ts';
import { cleanedList, firstCleaned } from './values.ts';

export type Facts = {
  /** By the name that the file has for it. */
  readonly e: EngineContext['e'];
  /** Attributes that are too large to be computed with: expressions have no time limit of their own. */
  readonly tooLarge: readonly ReadAttribute[];
};

export function factsOf(
  identity: Identity,
  rules: Pick<Rules, 'reads' | 'declaresReads' | 'precedence' | 'fromReads'>,
): Facts {
  const records = recordsBy(identity, rules.precedence);
  // What the engine takes for attributes of declared types, and for any attributes (`createEngine`).
  const e: Attributes = rules.declaresReads ? new Attributes() : {};
  let tooLarge: readonly ReadAttribute[] = [];
  for (const read of rules.reads) {
    const values = valuesIn(records, read.key);
    if (isTooLarge(values)) tooLarge = [...tooLarge, read];
    else e[read.name] = read.type === 'string' ? firstCleaned(values) : cleanedList(values);
  }
  for (const read of rules.fromReads) {
    if (isTooLarge(valuesIn(recordsBy(identity, [read.source]), read.key))) tooLarge = [...tooLarge, read];
  }
  return { e, tooLarge };
}

/** Whether nothing that says something is there. */
export function isAbsent({ e }: Facts, name: string): boolean {
  const value = e[name];
  return typeof value !== 'object' ? value === '' : value.length === 0;
}

function isTooLarge(values: readonly string[]): boolean {
  if (values.length > MOST_VALUES) return true;
  for (const value of values) if (value.length > LONGEST_VALUE) return true;
  return false;
}

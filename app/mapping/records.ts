/**
 * What the sources say of one person: the record that they are mapped from, and those that the mapping joins to it.
 * Of several sources the first that says something counts, attribute by attribute; which is first is the mapping's to
 * say. A counterpart that has left its source says nothing any more, so that no old value outlives it.
 */
import type { Attributes } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import { firstCleaned } from './values.ts';

const NONE: readonly string[] = [];

/** @returns null where that source has no record of the person */
export function recordAt(identity: Identity, source: string): Attributes | null {
  if (source === identity.source) return identity.entry.attributes;
  const counterpart = identity.joined?.get(source);
  return counterpart?.state === 'present' ? counterpart.attributes : null;
}

/**
 * The records that there are, the first one best.
 * @param order names of sources; null: the person's own source alone
 */
export function recordsBy(identity: Identity, order: readonly string[] | null): readonly Attributes[] {
  if (order === null) return [identity.entry.attributes];
  return order.map((source) => recordAt(identity, source)).filter((record) => record !== null);
}

/**
 * All values of the first record that says something, as the source gave them.
 * @param key the attribute in small letters
 */
export function valuesIn(records: readonly Attributes[], key: string): readonly string[] {
  if (records.length === 1) return valuesOf(records[0], key);
  for (const record of records) {
    const values = valuesOf(record, key);
    if (firstCleaned(values) !== '') return values;
  }
  return NONE;
}

function valuesOf(record: Attributes | undefined, key: string): readonly string[] {
  return record !== undefined && Object.hasOwn(record, key) ? (record[key] ?? NONE) : NONE;
}

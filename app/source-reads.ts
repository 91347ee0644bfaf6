/** What each source is asked for, by what the mappings read of it. */
import type { Mapping } from './mapping/index.ts';

/** Attributes by which an operator asks for people, read whether a mapping needs them or not. */
const NAMING_ATTRIBUTES = ['uid', 'mail'];

/** The attributes that are read of a source's people. */
export function readsOf(source: string, mappings: readonly Mapping[]): readonly string[] {
  return [...new Set([...mappedReads(source, mappings), ...NAMING_ATTRIBUTES])];
}

/** Those that mappings read, of its own people and of those that they join from it. */
export function mappedReads(source: string, mappings: readonly Mapping[]): readonly string[] {
  return mappings.flatMap((mapping) => [
    ...(mapping.source === source ? mapping.reads : []),
    ...(mapping.joins ?? []).flatMap((join) => (join.source === source ? join.reads : [])),
  ]);
}

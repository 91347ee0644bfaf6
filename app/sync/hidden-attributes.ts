/**
 * Which attributes of a source nobody is shown: those of which some mapping makes a sensitive attribute of an account,
 * whether the people of that source have the account or their record is joined to others'. Pure.
 */
import type { Mapping } from '../mapping/mapping.ts';
import { restsOnSource } from './joined-news.ts';

/** @returns names in small letters */
export function hiddenAttributes(source: string, mappings: readonly Mapping[]): ReadonlySet<string> {
  const concerned = mappings.filter((mapping) => restsOnSource(mapping, source));
  return new Set(concerned.flatMap(({ conceals = [] }) => conceals.map((name) => name.toLowerCase())));
}

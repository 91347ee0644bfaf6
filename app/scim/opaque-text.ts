/**
 * Ids and names that are opaque texts and come as numbers from some servers (agileplace.md section 2). Pure. Source:
 * draft-scim-core-schema-01 section 5.
 */
import type { Json } from './resource.ts';

/** @returns null where there is no text, or an empty one */
export function opaqueText(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Dots lead out of `/Users/`, and a lone surrogate has no percent-encoding: neither can name a resource. */
export function fitsIntoAddress(id: string): boolean {
  return id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id);
}

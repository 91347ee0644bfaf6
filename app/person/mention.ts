/**
 * How a source names one of its people in an attribute of another, such as `manager`: a directory by DN, any other
 * source by stable id. A mention says who is meant there, never which account they have.
 */
import { toStableId } from './anchor.ts';
import type { Entry } from './entry.ts';

/** `dn:` and a DN in its one form, or `id:` and a stable id. Means something within one source only. */
export type Mention = string & { readonly brand: 'Mention' };

/** Every mention that means the person of this entry. */
export function mentionsOf({ stableId, dnKey }: Pick<Entry, 'stableId' | 'dnKey'>): readonly Mention[] {
  const byId = `id:${stableId}` as Mention;
  return dnKey === undefined ? [byId] : [byId, dnMention(dnKey)];
}

export function dnMention(dnKey: string): Mention {
  return `dn:${dnKey}` as Mention;
}

/**
 * Whom an attribute of the entry names. Of several the first counts.
 * @param attribute in lower case
 * @returns null where it names nobody
 */
export function mentionIn({ attributes, references }: Entry, attribute: string): Mention | null {
  const [dnKey] = references?.[attribute] ?? [];
  if (dnKey !== undefined) return dnMention(dnKey);
  for (const value of attributes[attribute] ?? []) {
    const id = toStableId(value);
    if (id !== null) return `id:${id}` as Mention;
  }
  return null;
}

/** What a mention says: by what, and the DN or the id itself. */
export function readMention(mention: Mention): { readonly by: 'dn' | 'id'; readonly value: string } {
  const [by, value] = [mention.slice(0, 2), mention.slice(3)];
  return { by: by === 'dn' ? 'dn' : 'id', value };
}

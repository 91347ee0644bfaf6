/**
 * One LDAP entry as Landbridge takes it: its stable id, its stamps, its values as text. Pure.
 *
 * The stable id is entryUUID (RFC 4530), never the DN: a marriage or a move changes the DN and not the person.
 */
import type { Entry as LdapEntry } from 'ldapts';
import { type StableId, toStableId } from '../../person/anchor.ts';
import { type Entry, toAttributes } from '../../person/entry.ts';
import { type RawAttribute, readAttributes, valuesOf } from './attributes.ts';
import { normaliseDn } from './dn.ts';
import { type Marker, type Micros, parseCsn, parseStamp } from './watermark.ts';

/** What is asked for besides what mappings read. */
export const BOOKKEEPING = ['entryUUID', 'entryCSN', 'modifyTimestamp'] as const;

export type LdapRecord = {
  /** null where the entry shows no usable entryUUID. */
  readonly stableId: StableId | null;
  readonly dn: string;
  readonly revision: string;
  readonly stamps: { readonly [marker in Marker]: Micros | null };
  readonly attributes: readonly RawAttribute[];
};

export function toRecord(entry: LdapEntry): LdapRecord {
  const attributes = readAttributes(entry);
  const [csn = ''] = valuesOf(attributes, 'entryCSN');
  const [modified = ''] = valuesOf(attributes, 'modifyTimestamp');
  const ids = valuesOf(attributes, 'entryUUID');
  return {
    stableId: ids.length === 1 ? toEntryUuid(ids[0] ?? '') : null,
    dn: entry.dn,
    revision: csn === '' ? modified : csn,
    stamps: { entryCSN: parseCsn(csn), modifyTimestamp: parseStamp(modified) },
    attributes,
  };
}

/** Anything but a UUID cannot be searched for: the server would answer "nobody" without a complaint. */
export function toEntryUuid(text: string): StableId | null {
  const id = toStableId(text);
  return id !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null;
}

/** Keeps what mappings read and no more, so that a new stamp alone is not a change of the person. */
export function toPerson(record: LdapRecord, stableId: StableId, reads: readonly string[]): Entry {
  const wanted = new Set(reads.map((name) => name.toLowerCase().split(';')[0]));
  const kept = record.attributes.filter(({ type }) => wanted.has(type));
  return {
    stableId,
    dn: record.dn,
    dnKey: normaliseDn(record.dn),
    revision: record.revision,
    attributes: toAttributes(kept.map(({ name, values }) => [name, values] as const)),
  };
}

/** Names an entry without an id so that an operator can find it, but without its DN, which may be a person's name. */
export function describe(record: LdapRecord, base: string): string {
  const stamp = record.stamps.entryCSN === null ? 'no entryCSN' : `entryCSN=${record.revision}`;
  return `an entry with ${stamp} below ${base}`;
}

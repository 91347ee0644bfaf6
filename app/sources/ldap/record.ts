/**
 * One LDAP entry as Landbridge takes it: its stable id, its values as text. Pure.
 *
 * The stable id is the one that the dialect names, never the DN: a marriage or a move changes the DN and not the
 * person.
 */
import type { StableId } from '../../person/anchor.ts';
import { type Entry, toAttributes } from '../../person/entry.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { RawEntry } from './protocol/messages.ts';
import { type DecodedAttribute, decodeAttributes, valuesOf } from './values/attributes.ts';
import { normaliseDn } from './values/dn.ts';
import { syntaxOf } from './values/syntaxes.ts';

export type LdapRecord = {
  /** null where the entry shows no usable id. */
  readonly stableId: StableId | null;
  readonly dn: string;
  readonly revision: string;
  readonly attributes: readonly DecodedAttribute[];
};

/** What is asked for besides what mappings read. */
export function bookkeepingOf(dialect: Dialect): readonly string[] {
  return [dialect.id.attribute, ...dialect.bookkeeping];
}

export function toRecord(entry: RawEntry, dialect: Dialect): LdapRecord {
  const attributes = decodeAttributes(entry);
  const ids = valuesOf(attributes, dialect.id.attribute);
  const [revision = ''] = dialect.bookkeeping.flatMap((name) => valuesOf(attributes, name).slice(0, 1));
  return {
    stableId: ids.length === 1 ? dialect.id.read(ids[0] ?? '') : null,
    dn: entry.dn,
    revision,
    attributes,
  };
}

/** Keeps what mappings read and no more, so that a new stamp alone is not a change of the person. */
export function toPerson(record: LdapRecord, stableId: StableId, reads: readonly string[]): Entry {
  const wanted = new Set(reads.map((name) => name.toLowerCase().split(';')[0]));
  const kept = record.attributes.filter(({ type }) => wanted.has(type));
  const references = referencesIn(kept);
  return {
    stableId,
    dn: record.dn,
    dnKey: normaliseDn(record.dn),
    revision: record.revision,
    attributes: toAttributes(kept.map(({ name, values }) => [name, values] as const)),
    ...(references === null ? {} : { references }),
  };
}

/** Whom the attributes that hold DNs name, in the one form. */
function referencesIn(attributes: readonly DecodedAttribute[]): NonNullable<Entry['references']> | null {
  const naming = attributes.filter(({ type }) => syntaxOf(type) === 'dn');
  if (naming.length === 0) return null;
  return Object.fromEntries(naming.map(({ name, values }) => [name, values.map(normaliseDn)]));
}

/** Names an entry without an id so that an operator can find it, but without its DN, which may be a person's name. */
export function describe(record: LdapRecord, base: string): string {
  const stamp = record.revision === '' ? 'no stamp' : `stamp ${record.revision}`;
  return `an entry with ${stamp} below ${base}`;
}

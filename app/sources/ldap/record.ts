/**
 * One LDAP entry as Landbridge takes it: its stable id, its values as text. Pure.
 *
 * The stable id is the one that the dialect names, never the DN: a marriage or a move changes the DN and not the
 * person.
 */
import type { StableId } from '../../person/anchor.ts';
import { normaliseDn } from '../../person/dn.ts';
import { type Entry, toAttributes } from '../../person/entry.ts';
import type { Dialect } from './dialects/dialect.ts';
import { type Membership, memberNamesIn, memberOfIn, membershipAttributes } from './groups/membership.ts';
import type { RawEntry } from './protocol/messages.ts';
import type { Session } from './session.ts';
import { type DecodedAttribute, decodeAttributes, valuesOf } from './values/attributes.ts';
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

/** Everything that is asked for of a person, each attribute once. */
export function personAttributes({ settings, membership, dialect }: Session): readonly string[] {
  const names = [...settings.reads, ...membershipAttributes(membership), ...bookkeepingOf(dialect)];
  const byFolded = new Map(names.map((name) => [name.toLowerCase(), name] as const));
  return [...byFolded.values()];
}

export function toRecord(entry: RawEntry, dialect: Dialect): LdapRecord {
  const attributes = decodeAttributes(entry);
  const ids = valuesOf(attributes, dialect.id.attribute);
  return {
    stableId: ids.length === 1 ? dialect.id.read(ids[0] ?? '') : null,
    dn: entry.dn,
    revision: revisionIn(attributes, dialect),
    attributes,
  };
}

/** The first of the stamps that the entry has. */
function revisionIn(attributes: readonly DecodedAttribute[], { bookkeeping }: Dialect): string {
  for (const name of bookkeeping) {
    const [value] = valuesOf(attributes, name);
    if (value !== undefined) return value;
  }
  return '';
}

/** Keeps what mappings read and no more, so that a new stamp alone is not a change of the person. */
export function toPerson(
  record: LdapRecord,
  stableId: StableId,
  reads: readonly string[],
  membership: Membership,
): Entry {
  const wanted = typesOf(reads);
  const kept = record.attributes.filter(({ type }) => wanted.has(type));
  const references = referencesIn(kept);
  const memberNames = memberNamesIn(record.attributes, membership);
  return {
    stableId,
    dn: record.dn,
    dnKey: normaliseDn(record.dn),
    revision: record.revision,
    attributes: toAttributes(kept.map(({ name, values }) => [name, values] as const)),
    ...(references === null ? {} : { references }),
    ...(memberNames.length === 0 ? {} : { memberNames }),
    ...(membership.by === 'own' ? { memberOf: memberOfIn(record.attributes) } : {}),
  };
}

const types = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The attributes that mappings read, without options: the same for everybody who is read. */
function typesOf(reads: readonly string[]): ReadonlySet<string> {
  const known = types.get(reads) ?? new Set(reads.map((name) => name.toLowerCase().split(';')[0] ?? ''));
  types.set(reads, known);
  return known;
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

/**
 * Turns what ldapts hands over into text by attribute syntax: text as text, binary as base64.
 *
 * ldapts guesses per value: bytes that happen to be UTF-8 come as a string, the same attribute of the next person as
 * a Buffer. So the attribute's name decides here, not the value. A value that is no UTF-8 in a text attribute is
 * given as base64 as well: neither dropped nor filled with U+FFFD.
 */
import type { Entry as LdapEntry } from 'ldapts';

/** Attribute types whose syntax is not text, as servers spell them (RFC 4519, 4523, 2798 and Active Directory). */
const BINARY_TYPES = [
  'audio',
  'cACertificate',
  'jpegPhoto',
  'objectGUID',
  'objectSid',
  'photo',
  'thumbnailPhoto',
  'userCertificate',
  'userPKCS12',
  'userSMIMECertificate',
  'x500UniqueIdentifier',
];

/** For ldapts, which compares with the server's spelling; `userCertificate` comes with its option. */
export const BUFFER_ATTRIBUTES: readonly string[] = BINARY_TYPES.flatMap((name) => [name, `${name};binary`]);

const BINARY_NAMES = new Set(BINARY_TYPES.map((name) => name.toLowerCase()));

export type RawAttribute = {
  /** Folded, without `;binary`, with any other option: `description;lang-fr` is not `description`. */
  readonly name: string;
  /** Folded and without options. */
  readonly type: string;
  readonly values: readonly string[];
};

/** All attributes of an entry that have values. The DN is not one of them. */
export function readAttributes(entry: LdapEntry): readonly RawAttribute[] {
  const result: RawAttribute[] = [];
  for (const [description, raw] of Object.entries(entry)) {
    if (description === 'dn') continue;
    const [type = '', ...options] = description.toLowerCase().split(';');
    const isBinary = BINARY_NAMES.has(type) || options.includes('binary');
    const values = asArray(raw).map((value) => toText(value, isBinary));
    if (values.length === 0) continue;
    result.push({ name: [type, ...options.filter((option) => option !== 'binary')].join(';'), type, values });
  }
  return result;
}

/** The values of one attribute, options set aside; the first one is what a single-valued attribute has. */
export function valuesOf(attributes: readonly RawAttribute[], name: string): readonly string[] {
  const folded = name.toLowerCase();
  return attributes.find((attribute) => attribute.name === folded)?.values ?? [];
}

function asArray(raw: LdapEntry[string]): readonly (string | Buffer)[] {
  return Array.isArray(raw) ? raw : [raw];
}

function toText(value: string | Buffer, isBinary: boolean): string {
  if (isBinary) return (typeof value === 'string' ? Buffer.from(value, 'utf8') : value).toString('base64');
  if (typeof value === 'string') return value;
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) ? text : value.toString('base64');
}

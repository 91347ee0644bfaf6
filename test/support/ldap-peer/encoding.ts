/**
 * Writes LDAP messages as a server sends them (RFC 4511), from the shape of BER alone and without the code under test.
 */

/** What stands in an attribute: text is written as UTF-8. */
export type Value = string | Buffer;

export type PeerControl = {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value?: Buffer | null;
};

export type PeerResult = {
  /** LDAP result code. Default 0, success. */
  readonly code?: number;
  readonly diagnostic?: string;
  readonly matchedDn?: string;
  readonly referrals?: readonly string[];
  readonly controls?: readonly PeerControl[];
};

/** One element: its tag, its length in the shortest form, its content. */
export function tlv(tag: number, ...content: readonly Value[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : length < 0x100_0000 ? 3 : 4;
  const long = Buffer.alloc(octets + 1);
  long[0] = 0x80 | octets;
  long.writeUIntBE(length, 1, octets);
  return long;
}

export function sequence(...content: readonly Value[]): Buffer {
  return tlv(0x30, ...content);
}

export function octets(value: Value): Buffer {
  return tlv(0x04, value);
}

/** @param tag 0x02 for an INTEGER, 0x0a for an ENUMERATED, or a context tag */
export function integer(value: number, tag = 0x02): Buffer {
  let size = 1;
  while (size < 6 && (value < -(2 ** (8 * size - 1)) || value >= 2 ** (8 * size - 1))) size += 1;
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return tlv(tag, bytes);
}

export function boolean(value: boolean): Buffer {
  return tlv(0x01, Buffer.from([value ? 0xff : 0x00]));
}

/** A message: its id, the operation's element, and its controls. */
export function message(id: number, operation: Buffer, controls: readonly PeerControl[] = []): Buffer {
  const written = controls.length === 0 ? [] : [tlv(0xa0, ...controls.map(control))];
  return sequence(integer(id), operation, ...written);
}

function control({ oid, critical, value }: PeerControl): Buffer {
  const parts = [octets(oid)];
  if (critical === true) parts.push(boolean(true));
  if (value !== undefined && value !== null) parts.push(octets(value));
  return sequence(...parts);
}

/**
 * The element of a result: bind 0x61, search 0x65, extended 0x78.
 * @param more what stands behind the common part, such as the name and value of an extended answer
 */
export function result(tag: number, answer: PeerResult, ...more: readonly Buffer[]): Buffer {
  const { code = 0, matchedDn = '', diagnostic = '', referrals = [] } = answer;
  const elsewhere = referrals.length === 0 ? [] : [tlv(0xa3, ...referrals.map((url) => octets(url)))];
  return tlv(tag, integer(code, 0x0a), octets(matchedDn), octets(diagnostic), ...elsewhere, ...more);
}

export function searchEntry(
  dn: string,
  attributes: Readonly<Record<string, Value | readonly Value[]>>,
): Buffer {
  const lines = Object.entries(attributes).map(([name, values]) =>
    sequence(octets(name), tlv(0x31, ...listOf(values).map(octets))),
  );
  return tlv(0x64, octets(dn), sequence(...lines));
}

export function listOf(values: Value | readonly Value[]): readonly Value[] {
  return typeof values === 'string' || Buffer.isBuffer(values) ? [values] : values;
}

export function searchReference(urls: readonly string[]): Buffer {
  return tlv(0x73, ...urls.map((url) => octets(url)));
}

export function intermediateResponse(oid: string, value: Buffer | null): Buffer {
  return tlv(0x79, tlv(0x80, oid), ...(value === null ? [] : [tlv(0x81, value)]));
}

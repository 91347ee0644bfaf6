/** Ids that directories keep as bytes, in the form in which people write them. Pure. */

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** 16 bytes in the order in which they are written. @returns lower case; null where it is no UUID */
export function uuidText(bytes: Buffer): string | null {
  if (bytes.length !== 16) return null;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** 16 bytes with the first three fields little-endian, as Active Directory keeps objectGUID ([MS-DTYP] 2.3.4). */
export function guidText(bytes: Buffer): string | null {
  return bytes.length === 16 ? uuidText(swapped(bytes)) : null;
}

/** What `guidText` was made from. @returns null where the text is no UUID */
export function guidBytes(text: string): Buffer | null {
  const parts = UUID.exec(text.toLowerCase());
  return parts === null ? null : swapped(Buffer.from(parts.slice(1).join(''), 'hex'));
}

function swapped(bytes: Buffer): Buffer {
  const result = Buffer.from(bytes);
  result.subarray(0, 4).reverse();
  result.subarray(4, 6).reverse();
  result.subarray(6, 8).reverse();
  return result;
}

/** `S-1-5-21-…` ([MS-DTYP] 2.4.2.2: revision, count, authority big-endian, sub-authorities little-endian). */
export function sidText(bytes: Buffer): string | null {
  const count = bytes[1];
  if (count === undefined || count > 15 || bytes.length !== 8 + 4 * count) return null;
  const subAuthorities = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
  return ['S', bytes[0], bytes.readUIntBE(2, 6), ...subAuthorities].join('-');
}

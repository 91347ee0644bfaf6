/**
 * The DirSync control ([MS-ADTS] 3.1.1.3.4.1.3): what is asked with it, and what the end of an answer says. Pure.
 */
import { BerWriter } from 'ldapts';
import { bytesOf, elementsIn, elementWithin, integerOf } from './ber.ts';
import type { RequestControl } from './search.ts';

export const DIRSYNC = '1.2.840.113556.1.4.841';

/** `open`: everything, by the right to replicate. `own-rights`: what the account may see anyhow. */
export type DirsyncRights = 'open' | 'own-rights';

/** LDAP_DIRSYNC_OBJECT_SECURITY. */
const OBJECT_SECURITY = 0x0000_0001;
/** LDAP_DIRSYNC_INCREMENTAL_VALUES, 0x80000000 in an INTEGER of 32 bits: of a group's members those that changed. */
const INCREMENTAL_VALUES = -0x8000_0000;
/** The least that a server goes by. */
const MOST_BYTES = 0x10_0000;

/** @param cookie where to go on from; empty for the beginning */
export function dirsyncRequest(rights: DirsyncRights, cookie: Buffer): RequestControl {
  const value = new BerWriter();
  value.startSequence();
  value.writeInt(rights === 'open' ? INCREMENTAL_VALUES : INCREMENTAL_VALUES + OBJECT_SECURITY);
  value.writeInt(MOST_BYTES);
  value.writeBuffer(cookie, 0x04);
  value.endSequence();
  return { oid: DIRSYNC, critical: true, value: value.buffer };
}

/** `cookie`: where to go on from; `more`: at once, since this was not all. */
export type DirsyncEnd = { readonly more: boolean; readonly cookie: Buffer };

/** @returns null where a part is missing. @throws BadEncoding */
export function readDirsyncEnd(value: Buffer): DirsyncEnd | null {
  const [more, , cookie] = elementsIn(value, elementWithin(value, 0, value.length));
  if (more === undefined || cookie === undefined) return null;
  return { more: integerOf(value, more) !== 0, cookie: Buffer.from(bytesOf(value, cookie)) };
}

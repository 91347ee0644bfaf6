/**
 * Bytes of a file as text. Bytes that are no text in this encoding become U+FFFD, by which a format finds the record
 * that they stand in; a mark at the beginning that belongs to another encoding ends the reading at once.
 */
import { Unreadable } from './item.ts';
import type { Encoding } from './options.ts';

/** What stands for bytes that cannot be decoded, also where another program put it into the file. */
export const UNDECODABLE = '\ufffd';

const MARKS: readonly (readonly [encoding: Encoding | 'utf-16be', bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** @throws Unreadable where the file begins as one in another encoding does */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding);
  let begun = false;
  for await (const chunk of bytes) {
    if (!begun) refuseOtherMark(chunk, encoding);
    begun = true;
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function refuseOtherMark(first: Buffer, encoding: Encoding): void {
  for (const [marked, mark] of MARKS) {
    if (marked === encoding || !mark.every((byte, index) => first[index] === byte)) continue;
    throw new Unreadable(`begins as ${marked} text does, but encoding is ${encoding}`);
  }
}

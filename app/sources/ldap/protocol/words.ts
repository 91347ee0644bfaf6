/**
 * The few words that come again and again in an answer, such as the names of attributes: each is made into text once
 * and then known by its bytes. Bounded, since a server could send as many as it likes.
 */

type Word = { readonly bytes: Buffer; readonly text: string };

const known = new Map<number, Word>();
const MOST_WORDS = 1_000;
const LONGEST = 64;

/** The text from `start` to `end`, as UTF-8. */
export function wordAt(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return buffer.toString('utf8', start, end);
  let digest = length;
  for (let at = start; at < end; at += 1) digest = (Math.imul(digest, 31) + (buffer[at] ?? 0)) | 0;
  const word = known.get(digest);
  if (word !== undefined && isAt(word.bytes, buffer, start, length)) return word.text;
  const text = buffer.toString('utf8', start, end);
  // Of two words with one digest the first stays: the other is made into text each time.
  if (word === undefined && known.size < MOST_WORDS) {
    known.set(digest, { bytes: Buffer.from(buffer.subarray(start, end)), text });
  }
  return text;
}

function isAt(bytes: Buffer, buffer: Buffer, start: number, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (bytes[at] !== buffer[start + at]) return false;
  return true;
}

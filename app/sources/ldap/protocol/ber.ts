/**
 * Finds its way through BER (X.690) as LDAP uses it: definite lengths only (RFC 4511 section 5.1). It copies nothing:
 * an element is a place in the buffer that holds it. ldapts' reader is for whole messages at leisure; a sweep goes
 * through millions of elements.
 */

/** One element: its tag, and where its content begins and ends. */
export type Element = { readonly tag: number; readonly start: number; readonly end: number };

/** What stands there is not BER, or not as LDAP uses it. The connection is of no use after that. */
export class BadEncoding extends Error {
  override name = 'BadEncoding';
}

/** The elements whose lengths LDAP's messages need are never longer than this; a greater length is a broken stream. */
const LONGEST = 0x7fff_ffff;

/** @returns the element at `at`, or null where the buffer ends before its length is told; `end` may lie beyond it */
export function elementAt(buffer: Buffer, at: number): Element | null {
  const tag = buffer[at];
  const first = buffer[at + 1];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new BadEncoding('a length that LDAP does not use');
  const start = at + 2 + octets;
  if (start > buffer.length) return null;
  const length = buffer.readUIntBE(at + 2, octets);
  if (length > LONGEST) throw new BadEncoding('a length beyond any message');
  return { tag, start, end: start + length };
}

/** @returns the element at `at`, which must end within `limit`. @throws BadEncoding where it does not */
export function elementWithin(buffer: Buffer, at: number, limit: number): Element {
  const element = elementAt(buffer, at);
  if (element === null || element.end > limit) throw new BadEncoding('an element that does not end');
  return element;
}

/** The elements side by side from `start` to `end`. @throws BadEncoding */
export function elementsIn(buffer: Buffer, { start, end }: Pick<Element, 'start' | 'end'>): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end; ) {
    const element = elementWithin(buffer, at, end);
    found.push(element);
    at = element.end;
  }
  return found;
}

/**
 * Goes from element to element without making an object of each: for entries, of which a sweep has millions of
 * elements. What it stands at is in `tag`, `start` and `end`.
 */
export class Walk {
  tag = 0;
  start = 0;
  end = 0;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Goes to the element at `at`, which must end within `limit`. @throws BadEncoding where it does not */
  step(at: number, limit: number): void {
    const tag = this.#buffer[at];
    const length = this.#buffer[at + 1];
    if (tag !== undefined && length !== undefined && length < 0x80 && at + 2 + length <= limit) {
      this.tag = tag;
      this.start = at + 2;
      this.end = at + 2 + length;
      return;
    }
    Object.assign(this, elementWithin(this.#buffer, at, limit));
  }
}

export function bytesOf(buffer: Buffer, { start, end }: Element): Buffer {
  return buffer.subarray(start, end);
}

export function textOf(buffer: Buffer, { start, end }: Element): string {
  return buffer.toString('utf8', start, end);
}

/** An INTEGER or ENUMERATED. @throws BadEncoding where it is too long to be exact */
export function integerOf(buffer: Buffer, { start, end }: Element): number {
  const octets = end - start;
  if (octets === 0 || octets > 6) throw new BadEncoding('a whole number that LDAP does not use');
  return buffer.readIntBE(start, octets);
}

/** BOOLEAN: zero is false (X.690 section 8.2). @throws BadEncoding */
export function booleanOf(buffer: Buffer, element: Element): boolean {
  return integerOf(buffer, element) !== 0;
}

/**
 * Reads the messages by which a server answers a search (RFC 4511 section 4.5, 4.13): entries, references,
 * intermediate responses and the end, each with its controls. Values stay bytes. Pure.
 */
import { BadEncoding, bytesOf, type Element, elementsIn, elementWithin, integerOf, textOf } from './ber.ts';

/** A control that came with a message. */
export type ResponseControl = { readonly oid: string; readonly value: Buffer | null };

/** One attribute as it came: its description with options, as the server spells it. */
export type RawAttribute = { readonly description: string; readonly values: readonly Buffer[] };

export type RawEntry = { readonly dn: string; readonly attributes: readonly RawAttribute[] };

export type SearchItem =
  | { readonly kind: 'entry'; readonly entry: RawEntry; readonly controls: readonly ResponseControl[] }
  | { readonly kind: 'reference'; readonly urls: readonly string[] }
  | { readonly kind: 'intermediate'; readonly oid: string; readonly value: Buffer | null }
  /** The last item of every search. `code` is the LDAP result code, 0 for success. */
  | {
      readonly kind: 'done';
      readonly code: number;
      readonly diagnostic: string;
      readonly referrals: readonly string[];
      readonly controls: readonly ResponseControl[];
    };

const TAG = {
  SEQUENCE: 0x30,
  CONTROLS: 0xa0,
  ENTRY: 0x64,
  DONE: 0x65,
  REFERENCE: 0x73,
  INTERMEDIATE: 0x79,
  REFERRAL: 0xa3,
  BOOLEAN: 0x01,
} as const;

/** @returns the message's id, without reading more of it. @throws BadEncoding */
export function messageId(frame: Buffer): number {
  const message = elementWithin(frame, 0, frame.length);
  if (message.tag !== TAG.SEQUENCE) throw new BadEncoding('a message that is none');
  return integerOf(frame, elementWithin(frame, message.start, message.end));
}

/** @param frame one whole message that answers a search. @throws BadEncoding */
export function readSearchItem(frame: Buffer): SearchItem {
  const message = elementWithin(frame, 0, frame.length);
  const [, operation, rest] = elementsIn(frame, message);
  if (operation === undefined) throw new BadEncoding('a message without content');
  const controls =
    rest?.tag === TAG.CONTROLS ? elementsIn(frame, rest).map((each) => readControl(frame, each)) : [];
  switch (operation.tag) {
    case TAG.ENTRY:
      return { kind: 'entry', entry: readEntry(frame, operation), controls };
    case TAG.REFERENCE:
      return { kind: 'reference', urls: elementsIn(frame, operation).map((url) => textOf(frame, url)) };
    case TAG.INTERMEDIATE:
      return readIntermediate(frame, operation);
    case TAG.DONE:
      return readDone(frame, operation, controls);
    default:
      throw new BadEncoding(`an answer to a search with tag 0x${operation.tag.toString(16)}`);
  }
}

function readEntry(frame: Buffer, operation: Element): RawEntry {
  const [name, list] = elementsIn(frame, operation);
  if (name === undefined || list === undefined) throw new BadEncoding('an entry without a name');
  const attributes = elementsIn(frame, list).map((attribute): RawAttribute => {
    const [description, values] = elementsIn(frame, attribute);
    if (description === undefined || values === undefined) throw new BadEncoding('an attribute that is none');
    return {
      description: textOf(frame, description),
      values: elementsIn(frame, values).map((value) => bytesOf(frame, value)),
    };
  });
  return { dn: textOf(frame, name), attributes };
}

/** RFC 4511 section 4.13: `[0]` the name, `[1]` the value, both optional. */
function readIntermediate(frame: Buffer, operation: Element): SearchItem {
  const parts = elementsIn(frame, operation);
  const name = parts.find(({ tag }) => tag === 0x80);
  const value = parts.find(({ tag }) => tag === 0x81);
  return {
    kind: 'intermediate',
    oid: name === undefined ? '' : textOf(frame, name),
    value: value === undefined ? null : bytesOf(frame, value),
  };
}

function readDone(frame: Buffer, operation: Element, controls: readonly ResponseControl[]): SearchItem {
  const [code, , diagnostic, referral] = elementsIn(frame, operation);
  if (code === undefined || diagnostic === undefined) throw new BadEncoding('a result without a code');
  const urls = referral?.tag === TAG.REFERRAL ? elementsIn(frame, referral) : [];
  return {
    kind: 'done',
    code: integerOf(frame, code),
    diagnostic: textOf(frame, diagnostic),
    referrals: urls.map((url) => textOf(frame, url)),
    controls,
  };
}

function readControl(frame: Buffer, control: Element): ResponseControl {
  const [oid, ...more] = elementsIn(frame, control);
  if (oid === undefined) throw new BadEncoding('a control without a name');
  const value = more.find(({ tag }) => tag !== TAG.BOOLEAN);
  return { oid: textOf(frame, oid), value: value === undefined ? null : bytesOf(frame, value) };
}

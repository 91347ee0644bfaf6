/**
 * Reads the messages of a server (RFC 4511): what answers a search (section 4.5, 4.13), which is entries, references,
 * intermediate responses and the end, and the one answer to a log-in or an extended operation. Values stay bytes. Pure.
 */
import {
  BadEncoding,
  bytesOf,
  type Element,
  elementsIn,
  elementWithin,
  integerOf,
  textOf,
  Walk,
} from './ber.ts';
import { wordAt } from './words.ts';

/** A control that came with a message. */
export type ResponseControl = { readonly oid: string; readonly value: Buffer | null };

/** One attribute as it came: its description with options, as the server spells it. */
export type RawAttribute = { readonly description: string; readonly values: readonly Buffer[] };

export type RawEntry = { readonly dn: string; readonly attributes: readonly RawAttribute[] };

/** How an operation ended. `code` is the LDAP result code, 0 for success. */
export type Result = {
  readonly code: number;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
  readonly controls: readonly ResponseControl[];
};

/** What a log-in or an extended operation was answered with. */
export type Answer = Result & { readonly value: Buffer | null };

export type SearchItem =
  | { readonly kind: 'entry'; readonly entry: RawEntry; readonly controls: readonly ResponseControl[] }
  | { readonly kind: 'reference'; readonly urls: readonly string[] }
  | { readonly kind: 'intermediate'; readonly oid: string; readonly value: Buffer | null }
  /** The last item of every search. */
  | ({ readonly kind: 'done' } & Result);

const TAG = {
  SEQUENCE: 0x30,
  CONTROLS: 0xa0,
  ENTRY: 0x64,
  DONE: 0x65,
  BIND_ANSWER: 0x61,
  EXTENDED_ANSWER: 0x78,
  EXTENDED_VALUE: 0x8b,
  REFERENCE: 0x73,
  INTERMEDIATE: 0x79,
  REFERRAL: 0xa3,
  BOOLEAN: 0x01,
  INTEGER: 0x02,
} as const;

/** @returns the message's id, without reading more of it. @throws BadEncoding */
export function messageId(frame: Buffer): number {
  const message = elementWithin(frame, 0, frame.length);
  if (message.tag !== TAG.SEQUENCE) throw new BadEncoding('a message that is none');
  const id = elementWithin(frame, message.start, message.end);
  if (id.tag !== TAG.INTEGER) throw new BadEncoding('a message without an id');
  return integerOf(frame, id);
}

/** Whether a message is the last one that answers a search, without reading more of it. */
export function endsSearch(frame: Buffer): boolean {
  try {
    const message = elementWithin(frame, 0, frame.length);
    const id = elementWithin(frame, message.start, message.end);
    return frame[id.end] === TAG.DONE;
  } catch {
    return false;
  }
}

/** @param frame one whole message that answers a search. @throws BadEncoding */
export function readSearchItem(frame: Buffer): SearchItem {
  const { operation, controls } = open(frame);
  switch (operation.tag) {
    case TAG.ENTRY:
      return { kind: 'entry', entry: readEntry(frame, operation), controls };
    case TAG.REFERENCE:
      return { kind: 'reference', urls: elementsIn(frame, operation).map((url) => textOf(frame, url)) };
    case TAG.INTERMEDIATE:
      return readIntermediate(frame, operation);
    case TAG.DONE:
      return { kind: 'done', ...readResult(frame, operation, controls) };
    default:
      throw new BadEncoding(`an answer to a search with tag 0x${operation.tag.toString(16)}`);
  }
}

/** @param frame one whole message that answers a log-in or an extended operation. @throws BadEncoding */
export function readAnswer(frame: Buffer): Answer {
  const { operation, controls } = open(frame);
  if (operation.tag !== TAG.BIND_ANSWER && operation.tag !== TAG.EXTENDED_ANSWER)
    throw new BadEncoding(`an answer with tag 0x${operation.tag.toString(16)}`);
  const value = elementsIn(frame, operation).find(({ tag }) => tag === TAG.EXTENDED_VALUE);
  return {
    ...readResult(frame, operation, controls),
    value: value === undefined ? null : bytesOf(frame, value),
  };
}

function open(frame: Buffer): {
  readonly operation: Element;
  readonly controls: readonly ResponseControl[];
} {
  const message = elementWithin(frame, 0, frame.length);
  const [, operation, rest] = elementsIn(frame, message);
  if (operation === undefined) throw new BadEncoding('a message without content');
  const controls =
    rest?.tag === TAG.CONTROLS ? elementsIn(frame, rest).map((each) => readControl(frame, each)) : [];
  return { operation, controls };
}

function readEntry(frame: Buffer, { start, end }: Element): RawEntry {
  const walk = new Walk(frame);
  if (start === end) throw new BadEncoding('an entry without a name');
  walk.step(start, end);
  const dn = textOf(frame, walk);
  if (walk.end === end) throw new BadEncoding('an entry without a name');
  walk.step(walk.end, end);
  const attributes: RawAttribute[] = [];
  const listEnd = walk.end;
  for (let at = walk.start; at < listEnd; ) {
    walk.step(at, listEnd);
    at = walk.end;
    attributes.push(readAttribute(frame, walk));
  }
  return { dn, attributes };
}

/** @param walk stands at the attribute */
function readAttribute(frame: Buffer, walk: Walk): RawAttribute {
  const { start, end } = walk;
  if (start === end) throw new BadEncoding('an attribute that is none');
  walk.step(start, end);
  const description = wordAt(frame, walk.start, walk.end);
  if (walk.end === end) throw new BadEncoding('an attribute that is none');
  walk.step(walk.end, end);
  const setEnd = walk.end;
  if (walk.start === setEnd) return { description, values: [] };
  walk.step(walk.start, setEnd);
  // Most have one value; a list that is made for one takes a fifth of the memory of one that is filled.
  const values = [frame.subarray(walk.start, walk.end)];
  while (walk.end < setEnd) {
    walk.step(walk.end, setEnd);
    values.push(frame.subarray(walk.start, walk.end));
  }
  return { description, values };
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

function readResult(frame: Buffer, operation: Element, controls: readonly ResponseControl[]): Result {
  const [code, , diagnostic, referral] = elementsIn(frame, operation);
  if (code === undefined || diagnostic === undefined) throw new BadEncoding('a result without a code');
  const urls = referral?.tag === TAG.REFERRAL ? elementsIn(frame, referral) : [];
  return {
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

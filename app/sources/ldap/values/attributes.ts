/**
 * Turns the bytes of an entry's attributes into text by attribute syntax: text as text, GUIDs and SIDs as they are
 * written, other binary values as base64.
 *
 * The attribute's name decides (`syntaxes.ts`), never the value: bytes that happen to be UTF-8 are no text for that. A
 * value that is no UTF-8 in a text attribute is given as base64 as well: neither dropped nor filled with U+FFFD.
 */
import { isUtf8 } from 'node:buffer';
import { guidText, sidText, uuidText } from '../../../person/binary-ids.ts';
import type { RawEntry } from '../protocol/messages.ts';
import { type Syntax, syntaxOf } from './syntaxes.ts';

export type DecodedAttribute = {
  /** Folded, without `;binary`, with any other option: `description;lang-fr` is not `description`. */
  readonly name: string;
  /** Folded and without options. */
  readonly type: string;
  readonly values: readonly string[];
};

/** All attributes of an entry that have values. The DN is not one of them. */
export function decodeAttributes({ attributes }: RawEntry): readonly DecodedAttribute[] {
  const result: DecodedAttribute[] = [];
  for (const { description, values } of attributes) {
    if (values.length === 0) continue;
    const { name, type, syntax } = nameOf(description);
    result.push({ name, type, values: values.map((value) => toText(value, syntax)) });
  }
  return result;
}

/** The values of one attribute, options set aside; the first one is what a single-valued attribute has. */
export function valuesOf(attributes: readonly DecodedAttribute[], name: string): readonly string[] {
  const folded = name.toLowerCase();
  for (const attribute of attributes) if (attribute.name === folded) return attribute.values;
  return [];
}

type Name = { readonly name: string; readonly type: string; readonly syntax: Syntax };

/** The same few descriptions come with every entry. */
const names = new Map<string, Name>();
const MOST_NAMES = 1_000;

function nameOf(description: string): Name {
  const known = names.get(description);
  if (known !== undefined) return known;
  const [type = '', ...options] = description.toLowerCase().split(';');
  const rest = options.filter((option) => option !== 'binary');
  const isBinary = rest.length < options.length;
  const syntax = isBinary && syntaxOf(type) === 'text' ? 'binary' : syntaxOf(type);
  const name = { name: [type, ...rest].join(';'), type, syntax };
  // Ranges of members (`member;range=0-1499`) would fill it without end.
  if (names.size < MOST_NAMES) names.set(description, name);
  return name;
}

function toText(value: Buffer, syntax: Syntax): string {
  switch (syntax) {
    case 'binary':
      return value.toString('base64');
    case 'guid':
      return guidText(value) ?? value.toString('base64');
    case 'uuid-bytes':
      return uuidText(value) ?? value.toString('base64');
    case 'sid':
      return sidText(value) ?? value.toString('base64');
    default:
      if (isAscii(value)) return value.toString('latin1');
      return isUtf8(value) ? value.toString('utf8') : value.toString('base64');
  }
}

/** Most values are; they become text several times as fast. By hand, since they are short. */
function isAscii(value: Buffer): boolean {
  for (let at = 0; at < value.length; at += 1) if ((value[at] ?? 0) > 0x7f) return false;
  return true;
}

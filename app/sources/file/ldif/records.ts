/**
 * Gathers the lines of LDIF (RFC 2849) into entries. Only content is taken: a record that says what to change is
 * refused, since only a whole export can be compared with what is known, and so is a value that stands at a URL.
 *
 * The last entry is believed only where the empty line behind it shows that it is whole.
 */
import type { RawEntry } from '../../ldap/protocol/messages.ts';
import { UNDECODABLE } from '../decode.ts';
import { Unreadable } from '../item.ts';
import type { Line } from './logical-lines.ts';

export type LdifRecord =
  | { readonly kind: 'entry'; readonly line: number; readonly entry: RawEntry }
  | { readonly kind: 'rejected'; readonly line: number; readonly why: string }
  | { readonly kind: 'problem'; readonly problem: string };

export type RecordReader = {
  /** @throws Unreadable where a record is longer than any record should be */
  take(line: Line): LdifRecord | null;
  /** @param isKnownWhole whether something beside the file has said that it is whole */
  end(isKnownWhole: boolean): readonly LdifRecord[];
};

/** Room for a group of half a million members. */
const LONGEST_RECORD = 64 * 1_048_576;
/** A short line takes many times as much memory as it has characters. */
const MOST_LINES = 1_000_000;

export function createRecordReader(): RecordReader {
  let lines: Line[] = [];
  let length = 0;
  let lastLine = 0;
  let entries = 0;
  /** What the comments of ldapsearch say about how many entries there are; null where they say nothing. */
  let announced: number | null = null;

  function finish(): LdifRecord | null {
    const [first] = lines;
    const version = first?.text.startsWith('version:') === true ? first : null;
    const record = version === null ? lines : lines.slice(1);
    lines = [];
    length = 0;
    if (version !== null && !/^version: *1 *$/.test(version.text))
      return { kind: 'problem', problem: `is LDIF of a version that is not 1 (line ${version.number})` };
    if (record.length === 0) return null;
    entries += 1;
    return readRecord(record);
  }

  return {
    take(line) {
      lastLine = line.number;
      if (line.text === '') return finish();
      if (line.text.startsWith('#')) {
        const [, count] = /^# numEntries: (\d{1,9})$/.exec(line.text) ?? [];
        if (count !== undefined) announced = (announced ?? 0) + Number(count);
        return null;
      }
      lines.push(line);
      length += line.text.length;
      if (length > LONGEST_RECORD)
        throw new Unreadable(`the entry at line ${lines[0]?.number} is longer than 64 MiB`);
      if (lines.length > MOST_LINES)
        throw new Unreadable(`the entry at line ${lines[0]?.number} has more than a million lines`);
      return null;
    },
    end(isKnownWhole) {
      const result: LdifRecord[] = [];
      if (lines.length > 0 && !isKnownWhole) {
        const problem = `ends in the middle of the entry at line ${lines[0]?.number}, without an empty line behind it`;
        return [{ kind: 'problem', problem }];
      }
      const rest = finish();
      if (rest !== null) result.push(rest);
      if (lastLine === 0) result.push({ kind: 'problem', problem: 'is empty' });
      if (announced !== null && announced !== entries) {
        const problem = `has another number of entries (${entries}) than its comments say (${announced})`;
        result.push({ kind: 'problem', problem });
      }
      return result;
    },
  };
}

function readRecord(lines: readonly Line[]): LdifRecord {
  const [first, ...rest] = lines;
  const line = first?.number ?? 0;
  const reject = (why: string): LdifRecord => ({ kind: 'rejected', line, why });
  const name = first === undefined ? null : readLine(first.text);
  if (name?.description.toLowerCase() !== 'dn') return reject('does not begin with dn:');
  if (name.value === null) return reject(`has a name that cannot be read: ${name.why}`);
  const attributes = new Map<string, { description: string; values: Buffer[] }>();
  for (const { number, text } of rest) {
    const read = readLine(text);
    if (read === null) return reject(`has no attribute at line ${number}`);
    const folded = read.description.toLowerCase();
    if (folded === 'changetype' || folded === 'control')
      return reject('says what to change, where whole entries are expected');
    if (read.value === null) return reject(`has a value at line ${number} that cannot be read: ${read.why}`);
    const known = attributes.get(folded);
    if (known === undefined) attributes.set(folded, { description: read.description, values: [read.value] });
    else known.values.push(read.value);
  }
  return {
    kind: 'entry',
    line,
    entry: { dn: name.value.toString('utf8'), attributes: [...attributes.values()] },
  };
}

type Read =
  | { readonly description: string; readonly value: Buffer }
  | { readonly description: string; readonly value: null; readonly why: string };

const ATTRIBUTE = /^((?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)(?:;[a-z0-9-=]+)*):([:<]?) */i;
/** With a length that is divisible by 4. A group that repeats would overflow the stack in a long value. */
const BASE64 = /^[a-z0-9+/]*={0,2}$/i;

function readLine(text: string): Read | null {
  const match = ATTRIBUTE.exec(text);
  if (match === null) return null;
  const [whole, description = '', sign] = match;
  const rest = text.slice(whole.length);
  if (sign === '<') return { description, value: null, why: 'it stands at a URL, and URLs are not followed' };
  if (rest.includes(UNDECODABLE)) return { description, value: null, why: 'bytes of another encoding' };
  if (sign === '') return { description, value: Buffer.from(rest, 'utf8') };
  const encoded = rest.trimEnd();
  if (encoded.length % 4 !== 0 || !BASE64.test(encoded))
    return { description, value: null, why: 'it is not base64' };
  return { description, value: Buffer.from(encoded, 'base64') };
}

/** Reads the messages that a client sends, by ldapts' reader: not by the code under test. */
import { BerReader, type Filter, FilterParser } from 'ldapts';

export type ReceivedControl = {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | null;
};

type Common = { readonly id: number; readonly controls: readonly ReceivedControl[] };

export type BindReceived = Common & {
  readonly kind: 'bind';
  readonly dn: string;
  readonly password: string;
  /** SASL's mechanism, null for a simple bind. */
  readonly mechanism: string | null;
};
export type SearchReceived = Common & {
  readonly kind: 'search';
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub' | 'children';
  readonly filter: Filter;
  /** As text, as it may stand in an assertion; attribute names in small letters. */
  readonly filterText: string;
  /** As the client spelt them. */
  readonly attributes: readonly string[];
  readonly sizeLimit: number;
  readonly timeLimit: number;
};
export type ExtendedReceived = Common & {
  readonly kind: 'extended';
  readonly oid: string;
  readonly value: Buffer | null;
};
export type AbandonReceived = Common & { readonly kind: 'abandon'; readonly abandoned: number };
export type UnbindReceived = Common & { readonly kind: 'unbind' };

export type Received = BindReceived | SearchReceived | ExtendedReceived | AbandonReceived | UnbindReceived;

/** @param bytes one whole message. @throws Error where it is not one of these */
export function readRequest(bytes: Buffer): Received {
  const reader = new BerReader(bytes);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  const tag = reader.peek();
  if (tag === null) throw new Error('a message without an operation');
  const body = reader.readString(tag, true) ?? Buffer.alloc(0);
  const common = { id, controls: readControls(reader) };
  if (tag === 0x60) return { kind: 'bind', ...common, ...readBind(new BerReader(body)) };
  if (tag === 0x63) return { kind: 'search', ...common, ...readSearch(new BerReader(body)) };
  if (tag === 0x77) return { kind: 'extended', ...common, ...readExtended(new BerReader(body)) };
  if (tag === 0x50) return { kind: 'abandon', ...common, abandoned: body.readIntBE(0, body.length) };
  if (tag === 0x42) return { kind: 'unbind', ...common };
  throw new Error(`the peer does not know the operation 0x${tag.toString(16)}`);
}

function readControls(reader: BerReader): readonly ReceivedControl[] {
  if (reader.peek() !== 0xa0) return [];
  const list = new BerReader(reader.readString(0xa0, true) ?? Buffer.alloc(0));
  const controls: ReceivedControl[] = [];
  while (list.remain > 0) {
    const one = new BerReader(list.readString(0x30, true) ?? Buffer.alloc(0));
    const oid = one.readString() ?? '';
    const critical = one.peek() === 0x01 && one.readBoolean() === true;
    controls.push({ oid, critical, value: one.peek() === 0x04 ? one.readString(0x04, true) : null });
  }
  return controls;
}

function readBind(reader: BerReader): Pick<BindReceived, 'dn' | 'password' | 'mechanism'> {
  reader.readInt();
  const dn = reader.readString() ?? '';
  if (reader.peek() === 0x80) return { dn, mechanism: null, password: reader.readString(0x80) ?? '' };
  reader.readSequence(0xa3);
  return { dn, mechanism: reader.readString() ?? '', password: '' };
}

const SCOPES = ['base', 'one', 'sub', 'children'] as const;

function readSearch(reader: BerReader): Omit<SearchReceived, 'kind' | keyof Common> {
  const base = reader.readString() ?? '';
  const scope = SCOPES[reader.readEnumeration() ?? -1];
  if (scope === undefined) throw new Error('a search with an unknown scope');
  reader.readEnumeration();
  const sizeLimit = reader.readInt() ?? 0;
  const timeLimit = reader.readInt() ?? 0;
  reader.readBoolean();
  const filter = FilterParser.parse(reader);
  const attributes: string[] = [];
  reader.readSequence();
  while (reader.remain > 0) attributes.push(reader.readString() ?? '');
  return { base, scope, filter, filterText: filter.toString(), attributes, sizeLimit, timeLimit };
}

function readExtended(reader: BerReader): Pick<ExtendedReceived, 'oid' | 'value'> {
  const oid = reader.readString(0x80) ?? '';
  return { oid, value: reader.peek() === 0x81 ? reader.readString(0x81, true) : null };
}

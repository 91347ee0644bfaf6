/** Reading messages, written by the peer's own encoder: lengths, cuts, garbage. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadEncoding, elementAt, integerOf } from '../../../../app/sources/ldap/protocol/ber.ts';
import { createFrames } from '../../../../app/sources/ldap/protocol/frames.ts';
import { messageId, readAnswer, readSearchItem } from '../../../../app/sources/ldap/protocol/messages.ts';
import {
  integer,
  intermediateResponse,
  message,
  octets,
  type PeerControl,
  result,
  searchEntry,
  searchReference,
  sequence,
  tlv,
} from '../../../support/ldap-peer/encoding.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((values) => Buffer.from(values));
const oid = fc.constantFrom('1.2.840.113556.1.4.319', '1.3.6.1.4.1.4203.1.9.1.2', '2.16.840.1.113730.3.4.7');
const controls: fc.Arbitrary<PeerControl[]> = fc.array(
  fc.record({ oid, critical: fc.boolean(), value: fc.option(bytes, { nil: null }) }),
  { maxLength: 3 },
);
const id = fc.integer({ min: 0, max: 0x7fff_ffff });
const entry = fc.record({
  dn: fc.string({ unit: 'grapheme' }),
  attributes: fc.dictionary(
    fc.stringMatching(/^[a-z][a-zA-Z0-9-]{0,20}(;range=0-\*)?$/),
    fc.array(bytes, { maxLength: 4 }),
    { maxKeys: 5 },
  ),
});
const anyMessage = fc.oneof(
  fc
    .tuple(id, entry, controls)
    .map(([n, { dn, attributes }, c]) => message(n, searchEntry(dn, attributes), c)),
  fc.tuple(id, fc.array(fc.webUrl(), { minLength: 1 })).map(([n, urls]) => message(n, searchReference(urls))),
  fc
    .tuple(id, oid, fc.option(bytes))
    .map(([n, name, value]) => message(n, intermediateResponse(name, value))),
  fc
    .tuple(id, fc.integer({ min: 0, max: 5_000 }), fc.string(), controls)
    .map(([n, code, diagnostic, c]) => message(n, result(0x65, { code, diagnostic }), c)),
);

/** What a reader of messages may do with anything: give a value, or say that it is none. */
function mayOnlyRefuse(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(BadEncoding);
  }
}

describe('elements', () => {
  test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 16_777_216])('of %i bytes', (length) => {
    const written = tlv(0x04, Buffer.alloc(length));
    const header = written.length - length;
    expect(elementAt(written, 0)).toEqual({ tag: 0x04, start: header, end: header + length });
    expect(elementAt(written.subarray(0, header - 1), 0)).toBe(null);
  });

  test('with a length in more bytes than it needs, as Active Directory writes it', () => {
    expect(elementAt(Buffer.from('308400000005', 'hex'), 0)).toEqual({ tag: 0x30, start: 6, end: 11 });
  });

  test.each([
    ['of unknown length', '3080'],
    ['with a length of five bytes', '30850000000001'],
    ['longer than any message', '3084ffffffff'],
  ])('%s are refused', (_, hex) => {
    expect(() => elementAt(Buffer.from(hex, 'hex'), 0)).toThrow(BadEncoding);
  });

  test('whole numbers come back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (value) => {
        const written = integer(value);
        expect(integerOf(written, { tag: 0x02, start: 2, end: written.length })).toBe(value);
      }),
    );
  });
});

describe('messages in a stream', () => {
  test('are the same, however the network cuts them', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 6 }), fc.array(fc.nat()), (messages, cuts) => {
        const stream = Buffer.concat(messages);
        const places = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])];
        places.sort((a, b) => a - b);
        const frames = createFrames();
        const found = places
          .slice(1)
          .flatMap((end, index) => frames.push(stream.subarray(places[index], end)));
        expect(found.map((frame) => frame.toString('hex'))).toEqual(
          messages.map((one) => one.toString('hex')),
        );
        expect(frames.hasRest()).toBe(false);
      }),
    );
  });

  test('byte by byte', () => {
    const written = message(7, result(0x65, { code: 32 }));
    const frames = createFrames();
    const found = [...written].flatMap((byte) => frames.push(Buffer.from([byte])));
    expect(found).toEqual([written]);
  });

  test('that are none are noticed at the first byte', () => {
    for (const text of ['HTTP/1.1 400 Bad Request\r\n', '\x15\x03\x01\x00\x02\x02\x46'])
      expect(() => createFrames().push(Buffer.from(text, 'latin1'))).toThrow(BadEncoding);
  });
});

describe('what a message says', () => {
  test('an entry, with every byte of its values and its controls', () => {
    fc.assert(
      fc.property(id, entry, controls, (n, { dn, attributes }, sent) => {
        const frame = message(n, searchEntry(dn, attributes), sent);
        expect(messageId(frame)).toBe(n);
        expect(readSearchItem(frame)).toEqual({
          kind: 'entry',
          entry: {
            dn,
            attributes: Object.entries(attributes).map(([description, values]) => ({ description, values })),
          },
          controls: sent.map((one) => ({ oid: one.oid, value: one.value })),
        });
      }),
    );
  });

  test('the end of a search, with referrals and controls', () => {
    const frame = message(
      3,
      result(0x65, { code: 10, diagnostic: 'elsewhere', referrals: ['ldap://a/', 'ldap://b/'] }),
      [{ oid: '1.2.840.113556.1.4.319', value: Buffer.from('x') }],
    );
    expect(readSearchItem(frame)).toEqual({
      kind: 'done',
      code: 10,
      diagnostic: 'elsewhere',
      referrals: ['ldap://a/', 'ldap://b/'],
      controls: [{ oid: '1.2.840.113556.1.4.319', value: Buffer.from('x') }],
    });
  });

  test('an intermediate response without a name, and one without a value', () => {
    expect(readSearchItem(message(1, tlv(0x79, tlv(0x81, 'v'))))).toEqual({
      kind: 'intermediate',
      oid: '',
      value: Buffer.from('v'),
    });
    expect(readSearchItem(message(1, intermediateResponse('1.2.3', null)))).toEqual({
      kind: 'intermediate',
      oid: '1.2.3',
      value: null,
    });
  });

  test('the answers to a log-in and to an extended operation', () => {
    expect(readAnswer(message(1, result(0x61, { code: 49, diagnostic: 'data 52e' })))).toMatchObject({
      code: 49,
      diagnostic: 'data 52e',
      value: null,
    });
    expect(readAnswer(message(1, result(0x78, {}, tlv(0x8a, '1.2.3'), tlv(0x8b, 'dn:cn=me'))))).toMatchObject(
      {
        code: 0,
        value: Buffer.from('dn:cn=me'),
      },
    );
  });

  test.each([
    ['an answer to something else', message(1, result(0x6b, {}))],
    ['a message without an operation', sequence(integer(1))],
    ['an entry without attributes', message(1, tlv(0x64, octets('cn=x')))],
    ['a result without a code', message(1, tlv(0x65))],
    ['an id that is no number', sequence(octets('seven'), result(0x65, {}))],
  ])('%s is no answer to a search', (_, frame) => {
    expect(() => {
      messageId(frame);
      readSearchItem(frame);
    }).toThrow(BadEncoding);
  });
});

describe('garbage', () => {
  const garbage = fc.oneof(
    bytes,
    // A message with some bytes changed or its end cut off is nearer to what breaks in life.
    fc
      .tuple(anyMessage, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))), fc.nat())
      .map(([whole, changes, end]) => {
        const broken = Buffer.from(whole);
        for (const [at, value] of changes) broken[at % broken.length] = value;
        return broken.subarray(0, (end % broken.length) + 1);
      }),
  );

  test('is read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(garbage, (frame) => {
        mayOnlyRefuse(() => messageId(frame));
        mayOnlyRefuse(() => readSearchItem(frame));
        mayOnlyRefuse(() => readAnswer(frame));
        mayOnlyRefuse(() => createFrames().push(frame));
      }),
      { numRuns: 2_000 },
    );
  });
});

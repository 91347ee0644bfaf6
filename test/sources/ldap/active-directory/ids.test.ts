/** How Active Directory's ids are read and asked for, and how far controllers were read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guidBytes, guidText } from '../../../../app/person/binary-ids.ts';
import { ACTIVE_DIRECTORY } from '../../../../app/sources/ldap/dialects/active-directory.ts';
import { toRecord } from '../../../../app/sources/ldap/record.ts';
import {
  loadMarks,
  parseUsn,
  startOf,
  storeMarks,
  withMark,
} from '../../../../app/sources/ldap/tracking/usn-marks.ts';

function idOf(description: string, value: Buffer): string | null {
  const attributes = [{ description, values: [value] }];
  return toRecord({ dn: 'CN=Ada,DC=example,DC=test', attributes }, ACTIVE_DIRECTORY).stableId;
}

describe('O-01: objectGUID', () => {
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

  test.each([
    ['a', '00112233445566778899aabbccddeeff', '33221100-5544-7766-8899-aabbccddeeff'],
    ['b', '0a00f0050b0c0d0e8f90a1b2c3d4e5f6', '05f0000a-0c0b-0e0d-8f90-a1b2c3d4e5f6'],
  ])('%s: its first three fields are turned round', (_, hex, text) => {
    expect(idOf('objectGUID', Buffer.from(hex, 'hex'))).toBe(text);
  });

  test('c: as base64 under ;binary', () => {
    expect(idOf('objectGUID;binary', bytes)).toBe('33221100-5544-7766-8899-aabbccddeeff');
    expect(idOf('objectGUID;binary', Buffer.from('ABEiM0RVZneImaq7zN3u/w=='))).toBe(
      '33221100-5544-7766-8899-aabbccddeeff',
    );
  });

  test.each(['', '00', '00112233445566778899aabbccddee', '00112233445566778899aabbccddeeff00', 'efbfbd'])(
    'f: bytes that are none (%s) are no id',
    (hex) => {
      expect(idOf('objectGUID', Buffer.from(hex, 'hex'))).toBeNull();
    },
  );

  test('it is asked for by its bytes', () => {
    const id = ACTIVE_DIRECTORY.id.read('33221100-5544-7766-8899-AABBCCDDEEFF');
    if (id === null) throw new Error('no id');
    expect(id).toBe('33221100-5544-7766-8899-aabbccddeeff');
    expect(ACTIVE_DIRECTORY.id.filter(id)).toMatchObject({ attribute: 'objectGUID', value: bytes });
    expect(ACTIVE_DIRECTORY.id.filter('ada' as never)).toBeNull();
  });

  test('bytes to text and back is the identity', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
        const given = Buffer.from(random);
        expect(guidBytes(guidText(given) ?? '')).toEqual(given);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('how far each controller was read', () => {
  const usn = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const marks = fc.uniqueArray(fc.record({ controller: fc.uuid(), usn }), {
    selector: ({ controller }) => controller,
    maxLength: 32,
  });

  test('what is stored is what is loaded', () => {
    fc.assert(
      fc.property(marks, (given) => {
        expect(loadMarks(storeMarks(given))).toEqual(given);
      }),
    );
  });

  test('a mark of one controller leaves those of the others, up to 32 of them', () => {
    fc.assert(
      fc.property(marks, fc.uuid(), usn, (given, controller, number) => {
        const next = withMark(given, { controller, usn: number });
        expect(next.at(-1)).toEqual({ controller, usn: number });
        expect(next.length).toBeLessThanOrEqual(32);
        const others = given.filter((mark) => mark.controller !== controller);
        expect(next.slice(0, -1)).toEqual(others.slice(-31));
        expect(startOf(next, controller, number)).toEqual({ kind: 'since', usn: number });
      }),
    );
  });

  test.each([null, {}, 'text', { controllers: [{ controller: '', usn: '1' }] }, { controllers: 3 }])(
    'what is no mark (%j) is "nothing was read"',
    (kept) => {
      expect(loadMarks(kept)).toEqual([]);
      expect(startOf([], 'a', 5n)).toEqual({ kind: 'beginning', why: null });
    },
  );

  test.each([
    ['5', 5n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', null],
    ['-1', null],
    ['', null],
    ['5 ', null],
    ['0x5', null],
  ])('the number %j is %s', (text, expected) => {
    expect(parseUsn(text)).toBe(expected);
  });
});

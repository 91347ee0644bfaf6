import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadEncoding } from '../../../../app/sources/ldap/protocol/ber.ts';
import {
  readSyncInfo,
  SYNC_DONE,
  SYNC_STATE,
  syncDoneIn,
  syncRequest,
  syncStateIn,
} from '../../../../app/sources/ldap/protocol/sync-messages.ts';
import { boolean, integer, octets, sequence, tlv } from '../../../support/ldap-peer/encoding.ts';
import { uuid } from '../invented.ts';

const bytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const stateOf = (value: Buffer) => syncStateIn([{ oid: SYNC_STATE, value }]);
const doneOf = (value: Buffer) => syncDoneIn([{ oid: SYNC_DONE, value }]);

describe('the request', () => {
  test('says its mode, and the cookie where there is one', () => {
    expect(syncRequest('refreshOnly', null)).toEqual({
      oid: '1.3.6.1.4.1.4203.1.9.1.1',
      critical: true,
      value: sequence(integer(1, 0x0a)),
    });
    const cookie = Buffer.from('rid=000');
    expect(syncRequest('refreshAndPersist', cookie).value).toEqual(
      sequence(integer(3, 0x0a), octets(cookie)),
    );
  });

  test('takes a cookie of any length', () => {
    const cookie = Buffer.alloc(70_000, 'c');
    expect(syncRequest('refreshOnly', cookie).value).toEqual(sequence(integer(1, 0x0a), octets(cookie)));
  });
});

describe('the state of an entry', () => {
  test.each([
    ['present', 0],
    ['add', 1],
    ['modify', 2],
    ['delete', 3],
  ] as const)('%s', (state, written) => {
    const value = sequence(integer(written, 0x0a), octets(bytes(uuid(7))), octets('c1'));
    expect(stateOf(value)).toEqual({ state, uuid: uuid(7), cookie: Buffer.from('c1') });
  });

  test('is null without the control, and refused where it makes no sense', () => {
    expect(syncStateIn([])).toBe(null);
    expect(syncStateIn([{ oid: SYNC_STATE, value: null }])).toBe(null);
    expect(() => stateOf(sequence(integer(4, 0x0a), octets(bytes(uuid(7)))))).toThrow(BadEncoding);
    expect(() => stateOf(sequence(integer(1, 0x0a), octets('short')))).toThrow(BadEncoding);
    expect(() => stateOf(sequence(integer(1, 0x0a)))).toThrow(BadEncoding);
    expect(() => stateOf(octets('x'))).toThrow(BadEncoding);
  });
});

describe('the end', () => {
  test.each([
    ['nothing', sequence(), { cookie: null, refreshDeletes: false }],
    ['a cookie', sequence(octets('c')), { cookie: Buffer.from('c'), refreshDeletes: false }],
    ['an empty cookie, which is none', sequence(octets('')), { cookie: null, refreshDeletes: false }],
    ['a flag alone', sequence(boolean(true)), { cookie: null, refreshDeletes: true }],
    ['both', sequence(octets('c'), boolean(true)), { cookie: Buffer.from('c'), refreshDeletes: true }],
    [
      'a flag that is false',
      sequence(octets('c'), boolean(false)),
      { cookie: Buffer.from('c'), refreshDeletes: false },
    ],
    [
      'a flag as an ENUMERATED',
      sequence(octets('c'), integer(1, 0x0a)),
      { cookie: Buffer.from('c'), refreshDeletes: true },
    ],
  ])('with %s', (_, value, expected) => {
    expect(doneOf(value)).toEqual(expected);
  });

  test('is null without the control', () => {
    expect(syncDoneIn([])).toBe(null);
  });
});

describe('what comes between entries', () => {
  const ids = tlv(0x31, octets(bytes(uuid(1))), octets(bytes(uuid(2))));
  test.each([
    ['a new cookie', tlv(0x80, 'c'), { kind: 'new-cookie', cookie: Buffer.from('c') }],
    ['the end of deletions', tlv(0xa1), { kind: 'refreshed', cookie: null, done: true }],
    [
      'the end of a phase',
      tlv(0xa2, octets('c'), boolean(false)),
      { kind: 'refreshed', cookie: Buffer.from('c'), done: false },
    ],
    [
      'who is there',
      tlv(0xa3, ids),
      { kind: 'ids', cookie: null, deleted: false, uuids: [uuid(1), uuid(2)] },
    ],
    [
      'who is gone',
      tlv(0xa3, octets('c'), boolean(true), ids),
      { kind: 'ids', cookie: Buffer.from('c'), deleted: true, uuids: [uuid(1), uuid(2)] },
    ],
    ['nobody', tlv(0xa3, tlv(0x31)), { kind: 'ids', cookie: null, deleted: false, uuids: [] }],
  ])('%s', (_, value, expected) => {
    expect(readSyncInfo(value)).toEqual(expected);
  });

  test('anything else is refused', () => {
    expect(() => readSyncInfo(tlv(0xa4))).toThrow(BadEncoding);
    expect(() => readSyncInfo(tlv(0xa3, boolean(true)))).toThrow(BadEncoding);
    expect(() => readSyncInfo(Buffer.alloc(0))).toThrow(BadEncoding);
  });
});

test('a kept cookie does not hold on to the message that it came in', () => {
  const value = sequence(octets('c'), tlv(0x04, Buffer.alloc(10_000)));
  expect(doneOf(value)?.cookie?.buffer.byteLength).toBeLessThan(10_000);
});

test('bytes that are something else are refused in one way only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (garbage) => {
      const value = Buffer.from(garbage);
      for (const read of [() => stateOf(value), () => doneOf(value), () => readSyncInfo(value)]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(BadEncoding);
        }
      }
    }),
  );
});

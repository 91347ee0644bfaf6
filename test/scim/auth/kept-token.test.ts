import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatKept, freshness, type KeptToken, parseKept } from '../../../app/scim/auth/kept-token.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const token = (more: Partial<KeptToken>): KeptToken => ({
  text: 'tok',
  id: null,
  madeFor: null,
  obtainedAt: null,
  expiresAt: null,
  ...more,
});

describe('a kept token', () => {
  test('is read as it was written, whatever it holds', () => {
    const text = fc.string({ minLength: 1 });
    const date = fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8e15) }));
    const kept = fc.record({
      text,
      id: fc.option(text),
      madeFor: fc.option(text),
      obtainedAt: date,
      expiresAt: date,
    });
    fc.assert(
      fc.property(kept, (written) => {
        expect(parseKept(formatKept(written))).toEqual(written);
      }),
    );
  });

  test('never makes trouble when what is read is anything', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseKept(text)));
  });

  test.each([
    ['put there by hand, bare', 'tok\n', token({})],
    ['without dates that make sense', '{"token":"tok","expiresAt":"soon","obtainedAt":7}', token({})],
    ['none', null, null],
    ['an empty file', ' \n', null],
    ['an object without one', '{"id":"1"}', null],
    [
      'an id longer than a number holds',
      '{"token":"tok","id":12345678901234567890}',
      token({ id: '12345678901234567890' }),
    ],
  ])('%s', (_what, text, expected) => {
    expect(parseKept(text)).toEqual(expected);
  });
});

describe('freshness', () => {
  test.each<[string, Partial<KeptToken>, string]>([
    ['no end is known', {}, 'good'],
    ['an hour left', { obtainedAt: NOW, expiresAt: inSeconds(3600) }, 'good'],
    ['of an hour, 61 s left', { obtainedAt: inSeconds(-3539), expiresAt: inSeconds(61) }, 'good'],
    ['of an hour, 60 s left', { obtainedAt: inSeconds(-3540), expiresAt: inSeconds(60) }, 'ageing'],
    ['of 30 s, 4 s left', { obtainedAt: inSeconds(-26), expiresAt: inSeconds(4) }, 'good'],
    ['of 30 s, 3 s left', { obtainedAt: inSeconds(-27), expiresAt: inSeconds(3) }, 'ageing'],
    ['from nobody knows when, 30 s left', { expiresAt: inSeconds(30) }, 'ageing'],
    ['the very moment', { obtainedAt: inSeconds(-30), expiresAt: NOW }, 'over'],
  ])('%s', (_what, more, expected) => {
    expect(freshness(token(more), NOW)).toBe(expected);
  });
});

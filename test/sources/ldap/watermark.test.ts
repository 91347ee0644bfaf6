import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BEGINNING,
  loadMark,
  lowerBound,
  meet,
  NOTHING_MET,
  nextMark,
  parseCsn,
  parseStamp,
  storeMark,
} from '../../../app/sources/ldap/tracking/stamps.ts';
import { formatWatermark, parseWatermark } from '../../../app/sources/ldap/tracking/watermark.ts';

const NOON = Date.UTC(2026, 2, 1, 12) * 1000;
const OVERLAP = 5 * 60_000;

describe('O-03: stamps', () => {
  test.each([
    ['20260301120000Z', NOON],
    ['20260301120000.0Z', NOON],
    ['20260301120000.5Z', NOON + 500_000],
    ['20260301120000.123456Z', NOON + 123_456],
    ['20260301120000ZZ', null],
    ['20260231120000Z', null],
    ['20261301120000Z', null],
    ['20260301120000', null],
    ['2026030112Z', null],
    ['garbage', null],
    ['', null],
  ])('modifyTimestamp %j', (text, expected) => {
    expect(parseStamp(text)).toBe(expected);
  });

  test.each([
    ['20260301120000.123456Z#000000#000#000000', NOON + 123_456],
    ['20260301120000Z#000000#00#000000', NOON],
    ['20260301120000.123456Z', null],
    ['garbage', null],
  ])('entryCSN %j', (text, expected) => {
    expect(parseCsn(text)).toBe(expected);
  });

  test('the next read begins the overlap before the mark, with a whole CSN', () => {
    const mark = { by: 'entryCSN', from: NOON + 7, seen: NOON + 7 } as const;
    expect(lowerBound(mark, OVERLAP)).toBe('20260301115500.000007Z#000000#000#000000');
    expect(lowerBound({ ...mark, by: 'modifyTimestamp' }, OVERLAP)).toBe('20260301115500Z');
    expect(lowerBound(BEGINNING, OVERLAP)).toBe('19700101000000Z');
  });
});

describe('the mark after a read', () => {
  const met = (csn: number | null, time: number | null) =>
    meet(NOTHING_MET, { entryCSN: csn, modifyTimestamp: time });

  test.each([
    [
      'entryCSN where every entry has it',
      null,
      met(NOON, NOON),
      0,
      { by: 'entryCSN', from: NOON, seen: NOON },
    ],
    ['else modifyTimestamp', null, met(null, NOON), 0, { by: 'modifyTimestamp', from: NOON, seen: NOON }],
    ['none without both', null, met(null, null), 0, null],
    ['the beginning where nobody was met', null, NOTHING_MET, 0, BEGINNING],
    [
      'what it was where nothing changed',
      { by: 'entryCSN', from: 5, seen: 9 },
      NOTHING_MET,
      0,
      { by: 'entryCSN', from: 5, seen: 9 },
    ],
    // Somebody may have changed behind a reader that took two seconds.
    [
      'less the time that the read took',
      null,
      met(NOON, NOON),
      2_000,
      { by: 'entryCSN', from: NOON - 2_000_000, seen: NOON },
    ],
    // This read began when that stamp had been seen already, so it covers what the last one may have missed.
    [
      'at least what the read before had seen',
      { by: 'entryCSN', from: 5, seen: NOON },
      met(NOON, NOON),
      2_000,
      { by: 'entryCSN', from: NOON, seen: NOON },
    ],
    [
      'never back',
      { by: 'entryCSN', from: NOON, seen: NOON },
      met(NOON - 9, NOON),
      0,
      { by: 'entryCSN', from: NOON, seen: NOON },
    ],
    [
      'the same although our clock was set back',
      null,
      met(NOON, NOON),
      -5_000,
      { by: 'entryCSN', from: NOON, seen: NOON },
    ],
  ] as const)('is %s', (_, since, progress, tookMs, expected) => {
    expect(nextMark(since, progress, tookMs)).toEqual(expected);
  });
});

describe('a stored watermark', () => {
  test('comes back as it was', () => {
    const micros = fc.integer({ min: 0, max: NOON });
    fc.assert(
      fc.property(
        fc.constantFrom('entryCSN' as const, 'modifyTimestamp' as const),
        micros,
        micros,
        (by, a, b) => {
          const mark = { by, from: Math.min(a, b), seen: Math.max(a, b) };
          const written = formatWatermark({ tracking: 'time-stamps', mark: storeMark(mark) });
          expect(parsed(written)).toEqual(mark);
        },
      ),
    );
  });

  test('can be read by a person', () => {
    const mark = storeMark({ by: 'entryCSN', from: NOON, seen: NOON + 1 });
    expect(formatWatermark({ tracking: 'time-stamps', mark })).toBe(
      '{"v":2,"tracking":"time-stamps","mark":{"by":"entryCSN","from":"20260301120000.000000Z","seen":"20260301120000.000001Z"}}',
    );
  });

  test.each([
    '',
    'null',
    '20260301120000Z',
    '{"v":3,"tracking":"time-stamps","mark":{}}',
    '{"v":2,"tracking":"tea-leaves","mark":{}}',
    '{"v":2,"tracking":"time-stamps","mark":{"by":"uSNChanged","from":"20260301120000Z","seen":"20260301120000Z"}}',
    '{"v":2,"tracking":"time-stamps","mark":{"by":"entryCSN","from":"20260301120000ZZ","seen":"20260301120000Z"}}',
    '{"v":2,"tracking":"time-stamps","mark":{"by":"entryCSN","from":"20260301120001Z","seen":"20260301120000Z"}}',
    '{"v":1,"by":"entryCSN","from":"20260301120000Z","seen":"20260301120000Z"}',
    '{"v":2,"tracking":"time-stamps","mark":null,"more":1}',
  ])('%j is refused', (text) => {
    expect(parsed(text)).toBeNull();
  });
});

function parsed(text: string) {
  return loadMark(parseWatermark(text)?.mark ?? null);
}

test('a stamp is read alike, whatever was read before it', () => {
  const stamp = fc.oneof(
    fc
      .date({ min: new Date(0), max: new Date('2250-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.constantFrom('2026-02-30T00:00:00.000Z', '2026-13-01T00:00:00.000Z', '2026-01-01T24:00:00.000Z'),
  );
  const written = fc.tuple(stamp, fc.constantFrom('Z', '.0Z', ',123456Z', '.1234567891Z', '', 'ZZ', '.Z'));
  fc.assert(
    fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), (all) => {
      for (const [iso, end] of [...all, ...all]) {
        const second = iso.slice(0, 19);
        const time = new Date(`${second}.000Z`);
        const isTime = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(second);
        const fraction = new Map([
          ['Z', 0],
          ['.0Z', 0],
          [',123456Z', 123_456],
        ]).get(end);
        const expected = isTime && fraction !== undefined ? time.getTime() * 1_000 + fraction : null;
        expect(parseStamp(`${second.replace(/[-:T]/g, '')}${end}`)).toBe(expected);
      }
    }),
  );
});

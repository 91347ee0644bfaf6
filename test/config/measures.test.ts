import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationBetween, numberBetween, share, sizeBetween } from '../../app/config/measures.ts';
import { nearest } from '../../app/spelling/nearest.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
])('the duration %s is %d ms', (text, value) => {
  expect(durationBetween('1ms', '30d')(text)).toEqual({ ok: true, value });
});

test.each(['', '30', '30 s', '-5s', '1.5h', '1e3s', '30sec', '5M', 'PT5M', '31d'])(
  'the duration "%s" is refused',
  (text) => {
    expect(durationBetween('1ms', '30d')(text).ok).toBe(false);
  },
);

test.each([
  ['512B', 512],
  ['64KiB', 65_536],
  ['1MiB', 1_048_576],
])('the size %s is %d bytes', (text, value) => {
  expect(sizeBetween('1B', '1GiB')(text)).toEqual({ ok: true, value });
});

test.each(['1MB', '1', '1 MiB', '0B', '2GiB'])('the size "%s" is refused', (text) => {
  expect(sizeBetween('1B', '1GiB')(text).ok).toBe(false);
});

test.each([
  ['10%', 0.1],
  ['0%', 0],
  ['100%', 1],
  ['0.25%', 0.0025],
])('the share %s is %d', (text, value) => {
  expect(share(text)).toEqual({ ok: true, value });
});

test.each(['10', '0.1', '101%', '-1%', '1.234%', '10 %'])('the share "%s" is refused', (text) => {
  expect(share(text).ok).toBe(false);
});

test('whatever is written, a measure is accepted exactly or refused with a sentence that does not repeat it', () => {
  const checks = [durationBetween('1s', '1h'), sizeBetween('1KiB', '1MiB'), share, numberBetween(1, 100)];
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), fc.constantFrom(...checks), (text, check) => {
      const checked = check(text);
      if (checked.ok) expect(Number.isFinite(checked.value)).toBe(true);
      else expect(checked.message).not.toContain(text);
    }),
  );
});

test.each([
  ['bindDN', 'bindDn'],
  ['url', 'urls'],
  ['pasword', 'password'],
  ['banana', undefined],
  ['x', undefined],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, ['urls', 'bindDn', 'password', 'people'])).toBe(meant);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiFold } from '../../../app/mapping/functions/ascii-fold.ts';
import { countryCode, countryName } from '../../../app/mapping/functions/regions.ts';
import { given } from './library-person.ts';

function value(expression: string, t: string): unknown {
  const outcome = given(expression, { entry: { t } });
  return outcome.fails ?? outcome.value;
}

describe('asciiFold', () => {
  test.each([
    ['ß', 'ss'],
    ['ø', 'o'],
    ['Æ', 'AE'],
    ['ł', 'l'],
    ['Þórður', 'THordur'],
    ['Jürgen', 'Jurgen'],
    ['Ǌ', 'NJ'],
    ['İstanbul', 'Istanbul'],
    ['Nguyễn', 'Nguyen'],
    ['Лавлейс', 'Лавлейс'],
    ['Йод', 'Йод'],
    ['Ελένη', 'Ελένη'],
    ['山田', '山田'],
  ])('%s becomes %s', (from, to) => {
    expect(asciiFold(from)).toBe(to);
    expect(asciiFold(from.normalize('NFD'))).toBe(to.normalize('NFC'));
  });

  test('folding twice is folding once, and ASCII stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(asciiFold(asciiFold(text))).toBe(asciiFold(text));
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => asciiFold(text) === text));
  });
});

describe('texts', () => {
  test.each([
    ['e.t.initials()', 'Ada Marie Lovelace', 'AML'],
    ['e.t.initials()', '  ada   (king) ', 'AK'],
    ['e.t.initials()', '17 42', undefined],
    ['e.t.capitalised()', 'ADA KING-NOEL', 'Ada King-Noel'],
    ['e.t.capitalised()', 'ÉLODIE', 'Élodie'],
    ['dnParts(e.t, "OU")', 'cn=a,ou=b+ou=c,ou=d\\2Ce', ['b', 'c', 'd,e']],
    ['dnParts(e.t, "organizationalUnitName")', 'cn=a,ou=b', ['b']],
    ['rdn(e.t)', 'CN=Doe\\, Jane,DC=x', 'Doe, Jane'],
    ['rdn(e.t)', 'nobody', undefined],
    [
      'guid(e.t)',
      '\\00\\11\\22\\33\\44\\55\\66\\77\\88\\99\\aa\\bb\\cc\\dd\\ee\\ff',
      '33221100-5544-7766-8899-aabbccddeeff',
    ],
    ['guid(e.t)', 'ABEiM0RVZneImaq7zN3u/w', '33221100-5544-7766-8899-aabbccddeeff'],
    ['countryCode(e.t)', 'vereinigtes königreich', 'GB'],
    ['countryCode(e.t)', 'UK', 'GB'],
    ['countryCode(e.t)', 'constructor', undefined],
    ['languageCode(e.t)', 'Français', 'fr'],
    ['languageCode(e.t)', 'en-GB,en;q=0.8', 'en'],
    ['languageTag(e.t)', 'de_DE@euro', 'de-DE'],
    ['languageTag(e.t)', 'german', undefined],
  ])('%s of %s', (expression, t, expected) => {
    expect(value(expression, t)).toEqual(expected);
  });

  test('each country has codes of two and three letters and a name, and all lead to it', () => {
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(0x41 + index));
    const countries = letters
      .flatMap((a) => letters.map((b) => a + b))
      .filter((code) => countryCode(code) === code);
    expect(countries).toHaveLength(250);
    expect(countries.map((code) => countryCode(countryName(code, 'en')))).toEqual(countries);
    expect(['DEU', 'CHE', 'GBR', 'ROU', 'SRB'].map(countryCode)).toEqual(['DE', 'CH', 'GB', 'RO', 'RS']);
  });

  test('whatever is absent comes out absent', () => {
    const expressions = [
      ...['lower', 'upper', 'capitalised', 'nfc', 'asciiFold', 'initials', 'trim'].map(
        (name) => `e.t.${name}()`,
      ),
      ...['rdn', 'guid', 'uuid', 'e164', 'rfc3966', 'filetime', 'generalizedTime', 'date'].map(
        (name) => `${name}(e.t)`,
      ),
      ...['countryCode', 'countryName', 'languageCode', 'languageTag', 'localeCode'].map(
        (name) => `${name}(e.t)`,
      ),
      'dnParts(e.t, "ou")',
      'startOfDay(e.t, "UTC")',
      'plusDays(e.t, 1)',
      'primaryMail()',
      'otherMails()',
      'groups()',
    ];
    for (const expression of expressions)
      expect([expression, given(expression)]).toEqual([expression, { value: undefined, warnings: [] }]);
  });
});

test('O-26: what would grow without end is refused, for that person alone', () => {
  const long = 'a'.repeat(65_536);
  expect(value('e.t.replaceRe("a", "aa").replaceRe("a", "aa")', long)).toBe(
    'a text comes out longer than 65536 characters',
  );
  expect(value('e.t + e.t', long)).toBe('more than 65536 characters or 1000 values come out');
});

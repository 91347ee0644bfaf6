/**
 * Telephone numbers in the forms that targets want: E.164 (`+442079460018`) and the URI of RFC 3966
 * (`tel:+442079460018;ext=42`). libphonenumber's complete metadata knows the numbering plan of each country; the smaller
 * sets let numbers through that nobody can have. A number that is written with `+` has to have a length that there is,
 * since plans grow faster than the metadata; one that becomes international by a default country has to be in its plan,
 * since an internal number such as 4711 would pass otherwise.
 *
 * Never guesses a country (O-09 h): without `+` and without a country that somebody named, a number is left out, with a
 * warning; so is what has digits and is no number. A text without digits, such as "n/a", is just absent (O-09 i).
 */
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { PersonAtHand } from '../at-hand.ts';
import type { LibraryFunction } from './library.ts';
import { countryCode } from './regions.ts';

const NO_COUNTRY = 'no-country: a telephone number names no country, and no default is given; left out';
const NO_NUMBER = 'bad-number: a telephone number is none in its country; left out';
const EXTENSION = 'extension-dropped: E.164 has no place for the extension of a telephone number';

export const TELEPHONE: readonly LibraryFunction[] = [
  {
    name: 'e164',
    usage: 'e164(number) or e164(number, country)',
    gives:
      'the number as `+` and digits. The country is a default for numbers without `+`, in any form that `countryCode` knows; without one, such a number is left out',
    examples: [
      { expression: 'e164(e.tel)', entry: { tel: '+44 20 7946 0018' }, gives: '+442079460018' },
      {
        expression: 'e164(e.tel)',
        entry: { tel: '+44 20 7946 0018 x42' },
        gives: '+442079460018',
        warns: 'extension-dropped',
      },
      { expression: 'e164(e.tel)', entry: { tel: '(020) 7946 0018' }, warns: 'no-country' },
      {
        expression: 'e164(e.tel, e.co)',
        entry: { tel: '(020) 7946 0018', co: 'United Kingdom' },
        gives: '+442079460018',
      },
      { expression: 'e164(e.tel, "DE")', entry: { tel: '+49 (0)30 123456' }, gives: '+4930123456' },
      { expression: 'e164(e.tel, "DE")', entry: { tel: '4711' }, warns: 'bad-number' },
      { expression: 'e164(e.tel)', entry: { tel: 'n/a' } },
    ],
    constants: { 1: countryFault },
    overloads: (person) =>
      inBothWays('e164', (text, country) => e164(numberIn(text, country, person), person)),
  },
  {
    name: 'rfc3966',
    usage: 'rfc3966(number) or rfc3966(number, country)',
    gives: 'the same as a URI, with the extension; the form that SCIM 1.1 calls canonical',
    examples: [
      { expression: 'rfc3966(e.tel)', entry: { tel: '+44 20 7946 0018' }, gives: 'tel:+442079460018' },
      {
        expression: 'rfc3966(e.tel)',
        entry: { tel: '+44 20 7946 0018 x42' },
        gives: 'tel:+442079460018;ext=42',
      },
    ],
    constants: { 1: countryFault },
    overloads: (person) =>
      inBothWays('rfc3966', (text, country) => numberIn(text, country, person)?.getURI() ?? ''),
  },
];

function inBothWays(name: string, handler: (text: string, country: string) => string) {
  return [
    { signature: `${name}(string): string`, handler: (text: string) => handler(text, '') },
    { signature: `${name}(string, string): string`, handler },
  ];
}

function e164(number: PhoneNumber | null, person: PersonAtHand): string {
  if (number?.ext !== undefined) person.warn(EXTENSION);
  return number?.number ?? '';
}

function numberIn(text: string, country: string, person: PersonAtHand): PhoneNumber | null {
  if (!/\p{Nd}/u.test(text)) return null;
  const region = regionOf(country);
  const written = text.replace(/^tel:/i, '');
  const number = parsePhoneNumberFromString(written, {
    extract: false,
    ...(region === null ? {} : { defaultCountry: region }),
  });
  const isInternational = /^\s*[+＋]/.test(written);
  if (number !== undefined && (isInternational ? number.isPossible() : number.isValid())) return number;
  person.warn(region === null && !isInternational ? NO_COUNTRY : NO_NUMBER);
  return null;
}

function regionOf(country: string): CountryCode | null {
  const code = countryCode(country);
  return isSupportedCountry(code) ? code : null;
}

function countryFault(country: string): string | null {
  return regionOf(country) === null ? `"${country}" is no country. Write its code, as in "DE".` : null;
}

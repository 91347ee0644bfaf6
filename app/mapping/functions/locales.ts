/** Functions over countries and languages, by codes, names and tags (BCP 47). Names follow the Unicode data of Node.js. */

import type { LibraryFunction } from './library.ts';
import { countryCode, countryName, foldName, namesOf } from './regions.ts';

export const LOCALES: readonly LibraryFunction[] = [
  {
    name: 'countryCode',
    usage: 'countryCode(text)',
    gives:
      'the code of a country in two letters, from that, from the one of three letters, or from its name in many languages',
    examples: [
      { expression: 'countryCode(e.co)', entry: { co: 'Germany' }, gives: 'DE' },
      { expression: 'countryCode(e.co)', entry: { co: 'DEU' }, gives: 'DE' },
      { expression: 'countryCode(e.co)', entry: { co: 'Österreich' }, gives: 'AT' },
      { expression: 'countryCode(e.co)', entry: { co: 'Atlantis' } },
    ],
    overloads: () => [{ signature: 'countryCode(string): string', handler: countryCode }],
  },
  {
    name: 'countryName',
    usage: 'countryName(country) or countryName(country, language)',
    gives:
      'the name of a country, in English or the given language; the country in any form that `countryCode` knows',
    examples: [
      { expression: 'countryName(e.c)', entry: { c: 'de' }, gives: 'Germany' },
      { expression: 'countryName(e.c, "fr")', entry: { c: 'DEU' }, gives: 'Allemagne' },
    ],
    constants: { 1: tagFault },
    overloads: () => [
      {
        signature: 'countryName(string): string',
        handler: (text: string) => countryName(countryCode(text), 'en'),
      },
      {
        signature: 'countryName(string, string): string',
        handler: (text: string, language: string) =>
          countryName(countryCode(text), languageTag(language) || 'en'),
      },
    ],
  },
  {
    name: 'languageCode',
    usage: 'languageCode(text)',
    gives:
      'the code of a language in two letters, from that, from the one of three letters, from a tag, or from its name in many languages',
    examples: [
      { expression: 'languageCode(e.language)', entry: { language: 'German' }, gives: 'de' },
      { expression: 'languageCode(e.language)', entry: { language: 'ger' }, gives: 'de' },
      { expression: 'languageCode(e.language)', entry: { language: 'de_AT' }, gives: 'de' },
    ],
    overloads: () => [{ signature: 'languageCode(string): string', handler: languageCode }],
  },
  {
    name: 'languageTag',
    usage: 'languageTag(text)',
    gives: 'a language with its country as BCP 47 writes it',
    examples: [
      {
        expression: 'languageTag(e.preferredLanguage)',
        entry: { preferredLanguage: 'en_us.UTF-8' },
        gives: 'en-US',
      },
      {
        expression: 'languageTag(e.preferredLanguage)',
        entry: { preferredLanguage: 'zh-hant-tw' },
        gives: 'zh-Hant-TW',
      },
      { expression: 'languageTag(e.preferredLanguage)', entry: { preferredLanguage: 'none of these' } },
    ],
    overloads: () => [{ signature: 'languageTag(string): string', handler: languageTag }],
  },
  {
    name: 'localeCode',
    usage: 'localeCode(text)',
    gives: 'the same with underscores',
    examples: [
      {
        expression: 'localeCode(e.preferredLanguage)',
        entry: { preferredLanguage: 'en-US' },
        gives: 'en_US',
      },
    ],
    overloads: () => [
      {
        signature: 'localeCode(string): string',
        handler: (text: string) => languageTag(text).replaceAll('-', '_'),
      },
    ],
  },
];

/** What comes after these says how text is encoded, or is a variant of POSIX: `de_DE.UTF-8@euro`. */
const POSIX_REST = /[.@].*$/s;
/** `Accept-Language` may name several; the first is the best (RFC 2798 section 2.7 wants this form). */
const FURTHER = /[,;].*$/s;
const LONGEST_TAG = 64;

function languageTag(text: string): string {
  if (text.length > LONGEST_TAG) return '';
  const tag = text.replace(FURTHER, '').replace(POSIX_REST, '').trim().replaceAll('_', '-');
  try {
    const [canonical = ''] = tag === '' ? [] : Intl.getCanonicalLocales(tag);
    // A word of five to eight letters is a tag by its form alone.
    return /^[a-z]{2,3}(-|$)/.test(canonical) ? canonical : '';
  } catch {
    return '';
  }
}

function languageCode(text: string): string {
  const named = languagesByName().get(foldName(text));
  return named ?? languageTag(text).split('-')[0] ?? '';
}

let byName: ReadonlyMap<string, string> | null = null;

/** Takes some ten milliseconds, so it is made once, when it is first needed. */
function languagesByName(): ReadonlyMap<string, string> {
  byName ??= namesOf('language', twoLetterCodes(), new Map());
  return byName;
}

/** Those that are no language have no name either. */
function twoLetterCodes(): readonly string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(0x61 + index));
  return letters.flatMap((first) => letters.map((second) => first + second));
}

function tagFault(language: string): string | null {
  return languageTag(language) === '' ? `"${language}" is no language. Write its code, as in "de".` : null;
}

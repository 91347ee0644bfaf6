/** Functions that make one text of another. Patterns run on RE2, which takes linear time whatever the pattern (O-26 g). */
import { RE2JS } from 're2js';
import { LONGEST_VALUE } from '../limits.ts';
import { remembering } from '../remembering.ts';
import { asciiFold } from './ascii-fold.ts';
import { CannotTell } from './cannot-tell.ts';
import type { LibraryFunction } from './library.ts';

const compiled = remembering((pattern) => RE2JS.compile(pattern));

/** @returns why the pattern cannot be used, or null */
function patternFault(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the pattern cannot be used: ${why}. Patterns are RE2 syntax.`;
  }
}

/** A replacement may be longer than what it replaces, and the next one would replace in that. */
function notTooLong(text: string): string {
  if (text.length > LONGEST_VALUE)
    throw new CannotTell(`a text comes out longer than ${LONGEST_VALUE} characters`);
  return text;
}

function initials(text: string): string {
  const letters = text.split(/[\p{White_Space}\p{Pd}]+/u).map((word) => /\p{L}/u.exec(word)?.[0] ?? '');
  return letters.join('').toUpperCase();
}

function capitalised(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(
      /(^|[\p{White_Space}\p{Pd}'’.])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

export const TEXT: readonly LibraryFunction[] = [
  {
    name: 'lower',
    usage: 'text.lower()',
    gives: 'the text in small letters',
    examples: [
      { expression: 'e.mail.lower()', entry: { mail: 'Ada@Example.com' }, gives: 'ada@example.com' },
    ],
    overloads: () => [{ signature: 'string.lower(): string', handler: (text: string) => text.toLowerCase() }],
  },
  {
    name: 'upper',
    usage: 'text.upper()',
    gives: 'the text in capitals',
    examples: [{ expression: 'e.c.upper()', entry: { c: 'nl' }, gives: 'NL' }],
    overloads: () => [
      { signature: 'string.upper(): string', handler: (text: string) => notTooLong(text.toUpperCase()) },
    ],
  },
  {
    name: 'capitalised',
    usage: 'text.capitalised()',
    gives: 'each word with a capital and small letters; for names that come in capitals',
    examples: [
      { expression: 'e.sn.capitalised()', entry: { sn: "O'NEILL-BYRON" }, gives: "O'Neill-Byron" },
      { expression: 'e.sn.capitalised()', entry: { sn: 'VAN DER BERG' }, gives: 'Van Der Berg' },
    ],
    overloads: () => [
      { signature: 'string.capitalised(): string', handler: (text: string) => notTooLong(capitalised(text)) },
    ],
  },
  {
    name: 'trim',
    usage: 'text.trim()',
    gives: 'the text without blanks around it; values as they come have lost theirs already',
    examples: [{ expression: 'e.cn.split(",")[1].trim()', entry: { cn: 'Lovelace , Ada' }, gives: 'Ada' }],
  },
  {
    name: 'nfc',
    usage: 'text.nfc()',
    gives:
      'the text in Unicode’s composed form; values as they come, and what an expression gives, have it already',
    examples: [{ expression: 'e.sn.nfc()', entry: { sn: 'Mu\u0308ller' }, gives: 'Müller' }],
    overloads: () => [
      { signature: 'string.nfc(): string', handler: (text: string) => notTooLong(text.normalize('NFC')) },
    ],
  },
  {
    name: 'asciiFold',
    usage: 'text.asciiFold()',
    gives: 'Latin letters without their marks, and in plain letters; other scripts stay as they are',
    examples: [
      { expression: 'e.sn.asciiFold()', entry: { sn: 'Weiß-Ångström' }, gives: 'Weiss-Angstrom' },
      { expression: 'e.sn.asciiFold()', entry: { sn: 'Żółć Æbelø' }, gives: 'Zolc AEbelo' },
      { expression: 'e.sn.asciiFold()', entry: { sn: 'Лавлейс' }, gives: 'Лавлейс' },
      {
        expression: '(e.givenName + "." + e.sn).lower().asciiFold().replaceRe("[^a-z0-9.]", "")',
        entry: { givenName: 'Zoë', sn: 'D’Arcy' },
        gives: 'zoe.darcy',
      },
    ],
    overloads: () => [
      { signature: 'string.asciiFold(): string', handler: (text: string) => notTooLong(asciiFold(text)) },
    ],
  },
  {
    name: 'initials',
    usage: 'text.initials()',
    gives: 'the first letter of each word, in capitals',
    examples: [
      {
        expression: '(e.givenName + " " + e.sn).initials()',
        entry: { givenName: 'Jean-Luc', sn: 'Picard' },
        gives: 'JLP',
      },
    ],
    overloads: () => [
      { signature: 'string.initials(): string', handler: (text: string) => notTooLong(initials(text)) },
    ],
  },
  {
    name: 'matchRe',
    usage: 'text.matchRe("pattern")',
    gives: 'whether the pattern is found in the text; `^` and `$` tie it to the ends',
    examples: [
      {
        expression: 'e.mail.matchRe("(?i)@example[.](com|org)$")',
        entry: { mail: 'ada@EXAMPLE.org' },
        gives: true,
      },
    ],
    constants: { 0: patternFault },
    mustBeConstant: [0],
    overloads: () => [
      {
        signature: 'string.matchRe(string): bool',
        handler: (text: string, pattern: string) => compiled(pattern).matcher(text).find(),
      },
    ],
  },
  {
    name: 'replaceRe',
    usage: 'text.replaceRe("pattern", "replacement")',
    gives: 'the text with every hit replaced; `$1` stands for the first group',
    examples: [
      { expression: 'e.mail.replaceRe("^(.*)@.*$", "$1")', entry: { mail: 'ada@example.com' }, gives: 'ada' },
    ],
    constants: { 0: patternFault },
    mustBeConstant: [0],
    overloads: () => [
      {
        signature: 'string.replaceRe(string, string): string',
        handler: (text: string, pattern: string, replacement: string) =>
          notTooLong(compiled(pattern).matcher(text).replaceAll(replacement)),
      },
    ],
  },
  {
    name: 'startsWith',
    usage: 'text.startsWith(text)',
    gives: 'true or false; case counts',
    examples: [{ expression: 'e.uid.startsWith("x-")', entry: { uid: 'x-ada' }, gives: true }],
  },
  {
    name: 'endsWith',
    usage: 'text.endsWith(text)',
    gives: 'true or false; case counts',
    examples: [
      { expression: 'e.mail.endsWith("@example.com")', entry: { mail: 'ada@example.org' }, gives: false },
    ],
  },
  {
    name: 'contains',
    usage: 'text.contains(text)',
    gives: 'true or false; case counts',
    examples: [
      { expression: 'e.title.contains("Engineer")', entry: { title: 'Senior Engineer' }, gives: true },
    ],
  },
  {
    name: 'indexOf',
    usage: 'text.indexOf(text)',
    gives: 'where it is found first, from 0, or -1',
    examples: [{ expression: 'e.mail.indexOf("@")', entry: { mail: 'ada@example.com' }, gives: 3 }],
  },
  {
    name: 'lastIndexOf',
    usage: 'text.lastIndexOf(text)',
    gives: 'where it is found last, from 0, or -1',
    examples: [{ expression: 'e.cn.lastIndexOf("a")', entry: { cn: 'Ada Lovelace' }, gives: 9 }],
  },
  {
    name: 'substring',
    usage: 'text.substring(start) or text.substring(start, end)',
    gives: 'a part of the text; positions are counted from 0',
    examples: [{ expression: 'e.uid.substring(2)', entry: { uid: 'x-ada' }, gives: 'ada' }],
  },
  {
    name: 'split',
    usage: 'text.split(separator)',
    gives: 'a list of the parts',
    examples: [
      { expression: 'e.mail.split("@")[1]', entry: { mail: 'ada@example.com' }, gives: 'example.com' },
    ],
  },
];

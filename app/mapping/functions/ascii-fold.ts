/**
 * Letters without their marks, for user names and mail addresses of plain ASCII. Latin letters that Unicode does not
 * take apart stand in a table; everything else is taken apart by NFKD and loses its marks. Letters of other scripts
 * stay as they are, marks included: what they would be in Latin is a matter of country and person.
 */

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ð: 'D',
  ð: 'd',
  Þ: 'TH',
  þ: 'th',
  Ħ: 'H',
  ħ: 'h',
  Ŧ: 'T',
  ŧ: 't',
  Ŋ: 'N',
  ŋ: 'n',
  ı: 'i',
  ĸ: 'k',
  Ə: 'E',
  ə: 'e',
};

/** What people write for the apostrophe and the hyphen. */
const SIGNS: Readonly<Record<string, string>> = { '’': "'", '‘': "'", ʼ: "'", '‐': '-', '‑': '-', '–': '-' };

/** For the documentation: `ß→ss`. */
export function foldedLetters(): readonly string[] {
  return Object.entries(LETTERS).map(([letter, plain]) => `${letter}→${plain}`);
}

// Everything up to U+007F is itself.
const PLAIN = /^[\0-\u007f]*$/;

export function asciiFold(text: string): string {
  if (PLAIN.test(text)) return text;
  const folded = Array.from(text.normalize('NFC'), foldLetter).join('');
  return folded.normalize('NFC');
}

function foldLetter(letter: string): string {
  const known = LETTERS[letter] ?? SIGNS[letter];
  if (known !== undefined) return known;
  const base = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return PLAIN.test(base) ? base : letter;
}

/**
 * What counts as a value: text without blanks around it, in Unicode's composed form (NFC). Text that is nothing but
 * blanks is absent; absent is '' or [] inside expressions and nothing at all in a payload, so that no `null`, "" or
 * text "null" is ever sent (O-09).
 *
 * "Blank" is more than `trim()` takes: zero-width and direction marks, and the letters of Unicode that look empty,
 * come along when people paste names.
 */

/** All of them are single UTF-16 units, so a text can be looked at unit by unit. */
const BLANK =
  /[\p{White_Space}\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]/u;

/** Scans from both ends; a pattern such as `[blank]+$` would need quadratic time for blanks inside the text. */
export function cleaned(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start += 1;
  while (end > start && isBlank(text, end - 1)) end -= 1;
  const trimmed = text.slice(start, end);
  return isAscii(trimmed) ? trimmed : trimmed.normalize('NFC');
}

/** Most values begin and end with a plain letter, and every value of every person comes by here. */
function isBlank(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return (unit <= 0x20 || unit >= 0x7f) && BLANK.test(text.charAt(index));
}

/** Such text is composed as it is. */
function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return false;
  return true;
}

/** The values that say something. */
export function cleanedList(values: readonly string[]): readonly string[] {
  return values.map(cleaned).filter((value) => value !== '');
}

/** The first value that says something, or ''. */
export function firstCleaned(values: readonly string[]): string {
  for (const value of values) {
    const text = cleaned(value);
    if (text !== '') return text;
  }
  return '';
}

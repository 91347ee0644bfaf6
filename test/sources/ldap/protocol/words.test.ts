import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordAt } from '../../../../app/sources/ldap/protocol/words.ts';

test('a word is what its bytes say, however often and after whatever other it comes', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 90 }),
    fc.constantFrom('mail', 'Mail', 'liam'),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      for (const text of [...words, ...words]) {
        const bytes = Buffer.from(`<${text}>`);
        expect(wordAt(bytes, 1, bytes.length - 1)).toBe(bytes.toString('utf8', 1, bytes.length - 1));
      }
    }),
    { numRuns: 500 },
  );
});

test('two words with the same digest stay two words', () => {
  // 31 * 'a' + 'b' is 31 * 'b' + 'C'.
  for (const text of ['ab', 'bC', 'ab', 'bC']) expect(wordAt(Buffer.from(text), 0, 2)).toBe(text);
});

test('a word is kept apart from the buffer it came in', () => {
  const bytes = Buffer.from('description');
  wordAt(bytes, 0, bytes.length);
  bytes.fill(0x78);
  expect(wordAt(Buffer.from('description'), 0, 11)).toBe('description');
  expect(wordAt(bytes, 0, 11)).toBe('xxxxxxxxxxx');
});

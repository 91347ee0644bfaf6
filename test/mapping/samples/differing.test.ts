import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differing, pathInWords } from '../../../app/mapping/samples/differing.ts';
import type { Json } from '../../../app/scim/resource.ts';

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>('a', 'b', '', 0, 1, true, false, null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('json')),
  ),
}));

/** Says the same, with its names in another order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, turned(inner as Json)]),
  );
}

test('two payloads differ nowhere exactly where they are the same, whatever the order of their names', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const plain = (value: Json) => JSON.parse(JSON.stringify(value));
      expect(differing(one, other).length === 0).toBe(isDeepStrictEqual(plain(one), plain(other)));
      expect(differing(one, turned(one))).toEqual([]);
    }),
  );
});

test('a place is written as an administrator writes it', () => {
  expect(pathInWords(['emails', 0, 'value'])).toBe('emails[0].value');
  expect(pathInWords(['urn:scim:schemas:extension:enterprise:1.0', 'manager', 'managerId'])).toBe(
    'urn:scim:schemas:extension:enterprise:1.0:manager.managerId',
  );
});

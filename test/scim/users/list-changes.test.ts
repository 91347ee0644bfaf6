import { describe, expect, test } from 'vitest';
import type { Json } from '../../../app/scim/resource.ts';
import { elementChanges } from '../../../app/scim/users/list-changes.ts';

const PARIS = { streetAddress: '1 rue A', locality: 'Paris', type: 'work' };
const LYON = { streetAddress: '2 rue B', locality: 'Lyon', type: 'work' };

describe('the elements of a list that a PATCH sends', () => {
  test.each<[string, Json[], Json[], Json[]]>([
    [
      'one more',
      [{ value: 'a' }],
      [{ value: 'a' }, { value: 'b', type: 'home' }],
      [{ value: 'b', type: 'home' }],
    ],
    [
      'one less, found by value and type',
      [{ value: 'a', type: 'work', primary: true, display: 'A' }, { value: 'b' }],
      [{ value: 'b' }],
      [{ value: 'a', type: 'work', operation: 'delete' }],
    ],
    [
      'another type',
      [{ value: 'a', type: 'work' }],
      [{ value: 'a', type: 'home' }],
      [{ value: 'a', type: 'home' }],
    ],
    ['bare texts', ['a', 'b'], ['b', 'c'], [{ value: 'a', operation: 'delete' }, { value: 'c' }]],
    [
      'another primary: making one primary unsets the other',
      [{ value: 'a', primary: true }, { value: 'b' }],
      [{ value: 'a' }, { value: 'b', primary: true }],
      [{ value: 'b', primary: true }],
    ],
    [
      'the primary goes, and another becomes it',
      [{ value: 'a', primary: true }, { value: 'b' }],
      [{ value: 'b', primary: true }],
      [
        { value: 'a', operation: 'delete' },
        { value: 'b', primary: true },
      ],
    ],
    [
      'no primary any more',
      [{ value: 'a', type: 'work', primary: true }],
      [{ value: 'a', type: 'work' }],
      [{ value: 'a', type: 'work', primary: false }],
    ],
    [
      'another primary, and the one before has another type as well',
      [{ value: 'a', type: 'work', primary: true }],
      [
        { value: 'a', type: 'home' },
        { value: 'b', primary: true },
      ],
      [
        { value: 'a', type: 'home' },
        { value: 'b', primary: true },
      ],
    ],
    [
      'an address has no value: the old one goes as a whole, the new one comes',
      [PARIS, { formatted: 'x', type: 'home' }],
      [LYON, { formatted: 'x', type: 'home' }],
      [{ ...PARIS, operation: 'delete' }, LYON],
    ],
  ])('%s', (_what, before, after, sent) => {
    expect(elementChanges(before, after)).toEqual(sent);
  });

  test.each<[string, Json[], Json[]]>([
    ['an element loses a part', [{ value: 'a', type: 'work' }], [{ value: 'a' }]],
    ['only a capital changes: to some that is another value', [{ value: 'A' }], [{ value: 'a' }]],
    [
      'one value stands there twice',
      [
        { value: 'a', type: 'work' },
        { value: 'a', type: 'home' },
      ],
      [{ value: 'a', type: 'work' }],
    ],
    [
      'one value shall stand there twice',
      [{ value: 'a', type: 'work' }],
      [
        { value: 'a', type: 'work' },
        { value: 'A', type: 'home' },
      ],
    ],
    [
      'the primary address changes: both would be primary',
      [{ ...PARIS, primary: true }],
      [{ ...LYON, primary: true }],
    ],
    ['a value is no text', [{ value: { deep: 1 } }], [{ value: { deep: 2 } }]],
    ['a part has parts itself', [{ value: 'a', at: { x: 1, y: 2 } }], [{ value: 'a', at: { x: 1 } }]],
  ])('there is no safe wording where %s, so the list is replaced', (_what, before, after) => {
    expect(elementChanges(before, after)).toBeNull();
  });
});

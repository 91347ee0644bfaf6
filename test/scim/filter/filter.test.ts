import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalsFilter, filterQuery } from '../../../app/scim/filter/filter.ts';

describe('O-14: a userName in a filter stays one literal', () => {
  test.each([
    ['ada"o\\b@example.com', 'userName%20eq%20%22ada%5C%22o%5C%5Cb%40example.com%22'],
    ['ada+test@example.com', 'userName%20eq%20%22ada%2Btest%40example.com%22'],
    ['adà&b@example.com', 'userName%20eq%20%22ad%C3%A0%26b%40example.com%22'],
    [
      'x" or userName pr or userName eq "x',
      'userName%20eq%20%22x%5C%22%20or%20userName%20pr%20or%20userName%20eq%20%5C%22x%22',
    ],
  ])('%s', (userName, encoded) => {
    expect(filterQuery(equalsFilter('userName', userName))).toBe(`filter=${encoded}`);
  });

  test('any text, also half a surrogate pair, comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = new URLSearchParams(filterQuery(equalsFilter('externalId', text))).get('filter') ?? '';
        expect(value.startsWith('externalId eq ')).toBe(true);
        expect(JSON.parse(value.slice('externalId eq '.length))).toBe(text);
      }),
    );
    expect(filterQuery(equalsFilter('userName', '\ud800'))).toBe('filter=userName%20eq%20%22%5Cud800%22');
  });
});

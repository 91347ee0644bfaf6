import { describe, expect, test } from 'vitest';
import { faultsOf, given } from './library-person.ts';

function both(tel: string): object {
  const [e164, rfc3966] = ['e164(e.tel)', 'rfc3966(e.tel)'].map((each) => given(each, { entry: { tel } }));
  const names = (warnings: readonly string[] | undefined) =>
    (warnings ?? []).map((words) => words.split(':')[0]);
  return {
    raw: given('e.tel', { entry: { tel } }).value,
    e164: [e164?.value, ...names(e164?.warnings)],
    rfc3966: [rfc3966?.value, ...names(rfc3966?.warnings)],
  };
}

describe('telephone numbers', () => {
  test.each([
    ['O-09 f', '+44 20 7946 0018', ['+442079460018'], ['tel:+442079460018']],
    ['O-09 g', '+44 20 7946 0018 x42', ['+442079460018', 'extension-dropped'], ['tel:+442079460018;ext=42']],
    ['O-09 h', '(020) 7946 0018', [undefined, 'no-country'], [undefined, 'no-country']],
    ['O-09 i', 'n/a', [undefined], [undefined]],
    [
      'a URI',
      'tel:+442079460018;ext=42',
      ['+442079460018', 'extension-dropped'],
      ['tel:+442079460018;ext=42'],
    ],
    [
      'a number in a sentence',
      'call +44 20 7946 0018 now',
      [undefined, 'no-country'],
      [undefined, 'no-country'],
    ],
    ['too short', '+44 20', [undefined, 'bad-number'], [undefined, 'bad-number']],
  ])('%s', (_, tel, e164, rfc3966) => {
    expect(both(tel)).toEqual({ raw: tel, e164, rfc3966 });
  });

  test('a number that one gives is one that it takes', () => {
    const once = given('e164(e.tel, "CH")', { entry: { tel: '022 767 61 11' } }).value;
    expect(once).toBe('+41227676111');
    expect(given('e164(e.tel)', { entry: { tel: String(once) } }).value).toBe(once);
  });

  test('a country that is none is found at load', () => {
    expect(faultsOf('e164(e.tel, "Atlantis")')).toEqual([
      '"Atlantis" is no country. Write its code, as in "DE".',
    ]);
  });

  test('a number of any length is refused in no time', () => {
    expect(given('e164(e.tel)', { entry: { tel: `+44${'0'.repeat(60_000)}` } })).toEqual({
      value: undefined,
      warnings: [expect.stringMatching(/^bad-number: /)],
    });
  });
});

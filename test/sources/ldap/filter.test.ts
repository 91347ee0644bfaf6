import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { both, changedSince, equals, oneOf } from '../../../app/sources/ldap/filters/filter.ts';
import { parseFilter } from '../../../app/sources/ldap/filters/filter-text.ts';

function shown(text: string): string {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.filter.toString();
}

describe('O-02: values in filters', () => {
  test('a value cannot become filter syntax', () => {
    expect(equals('uid', 'x*)(uid=*').toString()).toBe('(uid=x\\2a\\29\\28uid=\\2a)');
  });

  test('a DN with an escaped comma is escaped once more', () => {
    expect(equals('member', 'CN=Lovelace\\, Ada,OU=People,DC=example,DC=com').toString()).toBe(
      '(member=CN=Lovelace\\5c, Ada,OU=People,DC=example,DC=com)',
    );
  });

  test('whatever the value, the filter that reaches the server holds it whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const parsed = parseFilter(equals('uid', value).toString());
        expect(parsed).toEqual({ ok: true, filter: equals('uid', value) });
      }),
    );
  });
});

test('changes are asked for with >= only', () => {
  const filter = both(equals('objectClass', 'person'), changedSince('modifyTimestamp', '20260301115500Z'));
  expect(filter.toString()).toBe('(&(objectClass=person)(modifyTimestamp>=20260301115500Z))');
  expect(oneOf('uid', ['a', 'b)']).toString()).toBe('(|(uid=a)(uid=b\\29))');
});

describe('a filter from the operator', () => {
  test.each([
    ['(uid=a)', '(uid=a)'],
    [
      ' (&(objectClass=person)(!(mail=x))(|(l=Oslo)(l=Ulm))) ',
      '(&(objectClass=person)(!(mail=x))(|(l=Oslo)(l=Ulm)))',
    ],
    ['(cn=a*b*c)', '(cn=a*b*c)'],
    ['(mail=*)', '(mail=*)'],
    ['(cn;lang-fr=x)', '(cn;lang-fr=x)'],
    ['(modifyTimestamp>=20260301120000Z)', '(modifyTimestamp>=20260301120000Z)'],
    ['(sn~=Meier)', '(sn~=Meier)'],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', '(userAccountControl:1.2.840.113556.1.4.803:=2)'],
    // ldapts' own parser would make two characters of these two bytes, and the search would find nobody.
    ['(cn=Ren\\c3\\a9)', '(cn=René)'],
  ])('%s is taken', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test('bytes that are not text stay bytes', () => {
    expect(parseFilter('(objectGUID=\\00\\ff)')).toEqual({
      ok: true,
      filter: equals('objectGUID', Buffer.from([0, 0xff])),
    });
  });

  test.each([
    ['(&(uid=a)', 'the parenthesis opened at character 1 is not closed here (character 10)'],
    ['(uid=a))', 'the filter has ended, but more text follows (character 8)'],
    ['(uid=a)(uid=b)', 'the filter has ended, but more text follows (character 8)'],
    ['uid=a', 'an opening parenthesis is expected here (character 1)'],
    ['', 'an opening parenthesis is expected here (character 1)'],
    ['(&)', '"(&" needs at least one filter inside (character 3)'],
    ['(uid=a(b)', 'the parenthesis opened at character 1 is not closed here (character 7)'],
    ['(!(uid=a)(uid=b))', 'the parenthesis opened at character 1 is not closed here (character 10)'],
    ['(uid>a)', 'expected attribute=value, attribute>=value or attribute<=value (character 2)'],
    ['(u id=a)', '"u id" is not an attribute name (character 2)'],
    ['(=a)', '"" is not an attribute name (character 2)'],
    ['(cn=\\zz)', 'a backslash must be followed by two hex digits, as in \\5c (character 2)'],
    ['(cn>=a*)', 'an asterisk inside this value must be written \\2a (character 2)'],
    ['(cn=a**b)', 'two asterisks stand side by side (character 2)'],
    ['(cn=\\ff*)', 'bytes that are not UTF-8 text can only be compared with "=" (character 2)'],
    ['(((', 'expected attribute=value, attribute>=value or attribute<=value (character 2)'],
  ])('%j is refused', (text, problem) => {
    expect(parseFilter(text)).toEqual({ ok: false, problem });
  });

  test('any text is either taken or refused, never thrown at the caller', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()&|!=*>~:\\a5 é') }), (text) => {
        const parsed = parseFilter(text);
        if (parsed.ok) expect(shown(parsed.filter.toString())).toBe(parsed.filter.toString());
      }),
      { numRuns: 3_000 },
    );
    expect(parseFilter('(!'.repeat(10_000)).ok).toBe(false);
  });
});

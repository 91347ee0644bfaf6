import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, normaliseDn, parseDn } from '../../../app/person/dn.ts';

const ADA = 'CN=Lovelace\\, Ada,OU=People,DC=example,DC=com';

describe('O-02: a DN with commas, plus signs, hex and blanks', () => {
  test('an escaped comma does not cut the DN', () => {
    const rdns = parseDn(ADA);
    expect(rdns).toHaveLength(4);
    expect(rdns?.[0]).toEqual([{ type: 'cn', value: 'Lovelace, Ada', encoded: false }]);
  });

  test.each([
    ['hex escape', 'CN=Lovelace\\2C Ada,ou=people, dc=example,dc=com'],
    ['other case', 'cn=lovelace\\, ada,OU=People,DC=EXAMPLE,DC=com'],
    ['blanks around signs', ' CN = Lovelace\\, Ada , OU = People , DC = example , DC=com '],
    ['quotes of RFC 2253', 'CN="Lovelace, Ada",OU=People,DC=example,DC=com'],
    ['attribute type as OID', '2.5.4.3=Lovelace\\, Ada,OID.2.5.4.11=People,DC=example,DC=com'],
    [
      'attribute type by its long name',
      'commonName=Lovelace\\, Ada,ou=People,domainComponent=example,dc=com',
    ],
    ['two blanks inside', 'CN=Lovelace\\,  Ada,OU=People,DC=example,DC=com'],
    ['value as hex-encoded UTF8String', 'CN=#0C0D4C6F76656C6163652C20416461,OU=People,DC=example,DC=com'],
  ])('is the same person written with %s', (_, spelling) => {
    expect(normaliseDn(spelling)).toBe('cn=lovelace\\, ada,ou=people,dc=example,dc=com');
  });

  test.each([
    ['CN=a\\+b', 'a+b'],
    ['CN=\\#hash', '#hash'],
    ['CN=semi;colon', 'semi;colon'],
    ['CN=trail\\ ', 'trail '],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'Lučić'],
    ['CN=back\\\\slash', 'back\\slash'],
    ['CN=', ''],
    ['CN=say "hi", friend'.replace(',', '\\,'), 'say "hi", friend'],
  ])('%s is one RDN', (text, value) => {
    expect(parseDn(text)).toEqual([[{ type: 'cn', value, encoded: false }]]);
  });

  test('a multi-valued RDN is one RDN, in whatever order', () => {
    expect(parseDn('CN=Ada+UID=77')).toEqual([
      [
        { type: 'cn', value: 'Ada', encoded: false },
        { type: 'uid', value: '77', encoded: false },
      ],
    ]);
    expect(normaliseDn('UID=77 + CN=Ada,DC=x')).toBe(normaliseDn('cn=ada+uid=77,dc=x'));
  });

  test('text that begins with a hash is not the hex form', () => {
    expect(normaliseDn('cn=\\#0c0141')).toBe('cn=\\#0c0141');
    expect(normaliseDn('cn=#0c0141')).toBe('cn=a');
    expect(normaliseDn('cn=#3003020101')).toBe('cn=#3003020101');
  });
});

test.each(['Lovelace, Ada', 'CN', '=x', 'cn=a,,dc=b', 'cn=a\\', 'cn=\\ff', 'cn=#zz', '1=2'])(
  '%j is not a DN, is told so, and still equals itself in other case',
  (text) => {
    expect(parseDn(text)).toBeNull();
    expect(normaliseDn(text.toUpperCase())).toBe(normaliseDn(text));
  },
);

test('the empty DN has no RDNs', () => {
  expect(parseDn(' ')).toEqual([]);
  expect(normaliseDn('')).toBe('');
});

describe('whether an entry stands below a base', () => {
  test.each([
    [ADA, 'ou=people,dc=example,dc=com', true],
    [ADA, 'DC=EXAMPLE, DC=COM', true],
    [ADA, ADA.toLowerCase(), true],
    [ADA, '', true],
    [ADA, 'ou=former,dc=example,dc=com', false],
    ['dc=example,dc=com', ADA, false],
    // Cutting text would say yes here.
    ['cn=x,ou=more people,dc=example,dc=com', 'people,dc=example,dc=com', false],
    ['cn=x\\,ou=people,dc=example,dc=com', 'ou=people,dc=example,dc=com', false],
    ['nonsense', 'dc=com', false],
  ])('%s below %s: %s', (dn, base, expected) => {
    expect(isWithin(dn, base)).toBe(expected);
  });
});

describe('for any text', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const escaped = (text: string) =>
    [...Buffer.from(text, 'utf8')].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const dn = fc.array(fc.tuple(fc.constantFrom('CN', 'ou', 'dc', 'x-y'), value), {
    minLength: 1,
    maxLength: 4,
  });

  test('values come out as they went in', () => {
    fc.assert(
      fc.property(dn, (parts) => {
        const parsed = parseDn(parts.map(([type, text]) => `${type}=${escaped(text)}`).join(','));
        expect(parsed?.map((rdn) => rdn[0]?.value)).toEqual(parts.map(([, text]) => text));
      }),
    );
  });

  test('the normal form is its own normal form', () => {
    fc.assert(
      fc.property(dn, (parts) => {
        const normal = normaliseDn(parts.map(([type, text]) => `${type}=${escaped(text)}`).join(','));
        expect(normaliseDn(normal)).toBe(normal);
        expect(parseDn(normal)).toHaveLength(parts.length);
      }),
      { numRuns: 500 },
    );
  });

  test('a plain name is folded like any other, whatever stands before it', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'aB9 .-_@(:é"\\#'), minLength: 1, maxLength: 12 });
    const types = fc.constantFrom('uid', 'CN', 'commonName', '2.5.4.3', 'x-y');
    const parent = fc.constantFrom(
      '',
      ',',
      ',ou=People,DC=example',
      ',OU="a, b",dc=x',
      ',nonsense',
      ', ou=\\2c',
    );
    fc.assert(
      fc.property(types, plain, parent, (type, value, rest) => {
        const text = `${type}=${value}${rest}`;
        // A blank before the name means nothing, and keeps the short way for plain names from being taken.
        expect(normaliseDn(text)).toBe(normaliseDn(` ${text}`));
      }),
      { numRuns: 2_000 },
    );
  });

  test('nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'cn=,+\\"#; 0fé\0') }), (text) => {
        expect(normaliseDn(normaliseDn(text))).toBe(normaliseDn(text));
        expect(typeof isWithin(text, text)).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a value of hundreds of thousands of blanks or backslashes is read in one pass', () => {
  const blanks = ' '.repeat(300_000);
  expect(parseDn(`cn=a${blanks}b`)).toEqual([[{ type: 'cn', value: `a${blanks}b`, encoded: false }]]);
  const backslashes = '\\'.repeat(300_000);
  expect(normaliseDn(`cn=${backslashes}x`)).toBe(`cn=${backslashes}x`);
});

import { describe, expect, test } from 'vitest';
import { filterRefusal, matches } from '../../../app/sources/file/ldif/matches.ts';
import { parseFilter } from '../../../app/sources/ldap/filters/filter-text.ts';
import { decodeAttributes } from '../../../app/sources/ldap/values/attributes.ts';

function filterOf(text: string) {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.filter;
}

const ENTRY = decodeAttributes({
  dn: 'cn=Ada',
  attributes: Object.entries({
    objectClass: ['top', 'inetOrgPerson'],
    sn: ['Love  Lace'],
    'cn;lang-fr': ['Adèle'],
    manager: ['CN=Lovelace\\2C Ada, DC=example'],
    userAccountControl: ['514'],
    number: ['90'],
    modifyTimestamp: ['20260301120000Z'],
  }).map(([description, values]) => ({ description, values: values.map((value) => Buffer.from(value)) })),
});

describe('an entry of a file matches as it would at a server', () => {
  test.each([
    ['(objectClass=INETORGPERSON)', true],
    ['(objectclass=person)', false],
    ['(sn=love lace)', true],
    ['(sn=*)', true],
    ['(title=*)', false],
    ['(cn=adèle)', true],
    ['(cn;lang-fr=adèle)', true],
    ['(cn;lang-de=adèle)', false],
    ['(sn=lo*e*la*)', true],
    ['(sn=*lace)', true],
    ['(sn=*lac)', false],
    ['(sn=love*lovelace)', false],
    ['(sn=love l*ace)', true],
    ['(sn=love la*ace)', false],
    ['(manager=cn=lovelace\\5c, ada,dc=EXAMPLE)', true],
    ['(number>=9)', true],
    ['(number<=100)', true],
    ['(number>=100)', false],
    ['(modifyTimestamp>=20260301115959Z)', true],
    ['(modifyTimestamp<=20260301115959Z)', false],
    ['(sn~=LOVE LACE)', true],
    ['(&(sn=*)(number=90))', true],
    ['(&(sn=*)(number=91))', false],
    ['(|(number=91)(sn=*))', true],
    ['(!(title=x))', true],
    ['(!(sn=*))', false],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', true],
    ['(userAccountControl:1.2.840.113556.1.4.803:=3)', false],
    ['(userAccountControl:1.2.840.113556.1.4.804:=3)', true],
    ['(sn:1.2.840.113556.1.4.803:=2)', false],
  ])('%s: %s', (text, expected) => {
    expect(filterRefusal(filterOf(text))).toBeNull();
    expect(matches(filterOf(text), ENTRY)).toBe(expected);
  });
});

test.each([
  '(member:1.2.840.113556.1.4.1941:=cn=a)',
  '(&(sn=*)(!(sn:caseExactMatch:=a)))',
  '(userAccountControl:1.2.840.113556.1.4.803:=two)',
  '(userAccountControl:dn:1.2.840.113556.1.4.803:=2)',
])('%s is refused: nobody can be asked to decide it', (text) => {
  expect(filterRefusal(filterOf(text))).toContain('1.2.840.113556.1.4.803');
});

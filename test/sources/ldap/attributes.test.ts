import { describe, expect, test } from 'vitest';
import type { StableId } from '../../../app/person/anchor.ts';
import { OPENLDAP } from '../../../app/sources/ldap/dialects/openldap.ts';
import { NO_MEMBERSHIP } from '../../../app/sources/ldap/groups/membership.ts';
import type { RawEntry } from '../../../app/sources/ldap/protocol/messages.ts';
import { describe as describeEntry, toPerson, toRecord } from '../../../app/sources/ldap/record.ts';
import { decodeAttributes } from '../../../app/sources/ldap/values/attributes.ts';

const ID = 'a1b2c3d4-0000-4000-8000-00000000000a' as StableId;
const CSN = '20260301120000.123456Z#000000#000#000000';

type Written = Record<string, string | Buffer | readonly (string | Buffer)[]>;

function raw(dn: string, written: Written): RawEntry {
  const attributes = Object.entries(written).map(([description, values]) => ({
    description,
    values: [values].flat().map((value) => Buffer.from(value)),
  }));
  return { dn, attributes };
}

const recordOf = (dn: string, written: Written) => toRecord(raw(dn, written), OPENLDAP);

describe('values become text by their syntax', () => {
  test.each([
    ['one value', { mail: 'a@example.test' }, [['mail', ['a@example.test']]]],
    ['several', { Mail: ['a', 'b'] }, [['mail', ['a', 'b']]]],
    ['asked for but absent', { mail: [] }, []],
    ['a photo', { jpegPhoto: Buffer.from([0xff, 0xd8]) }, [['jpegphoto', ['/9g=']]]],
    ['a photo whose bytes happen to be text', { jpegPhoto: 'abc' }, [['jpegphoto', ['YWJj']]]],
    [
      'a certificate with its option',
      { 'userCertificate;binary': Buffer.from('x'), userCertificate: [] },
      [['usercertificate', ['eA==']]],
    ],
    [
      'a language apart from the plain value',
      { description: 'hi', 'description;lang-FR': 'salut' },
      [
        ['description', ['hi']],
        ['description;lang-fr', ['salut']],
      ],
    ],
    [
      'bytes in a text attribute, beside text',
      { description: [Buffer.from([0xff]), Buffer.from('é')] },
      [['description', ['/w==', 'é']]],
    ],
  ])('%s', (_, attributes, expected) => {
    const read = decodeAttributes(raw('cn=x', attributes));
    expect(read.map(({ name, values }) => [name, values])).toEqual(expected);
  });
});

describe('the stable id', () => {
  test('O-01 (e): an entryUUID in capitals is folded', () => {
    expect(recordOf('cn=x', { entryUUID: ID.toUpperCase() }).stableId).toBe(ID);
  });

  test.each([
    ['missing', []],
    ['not a UUID', 'ada'],
    ['damaged', 'a1b2c3d4-0000-4000-8000-00000000000\ufffd'],
    ['two of them', [ID, ID.replace('a1', 'b1')]],
  ])('is refused where it is %s', (_, entryUUID) => {
    expect(recordOf('cn=x', { entryUUID }).stableId).toBeNull();
  });

  test('an entry without one is named without its DN', () => {
    const record = recordOf('cn=Ada Lovelace,ou=people', { entryCSN: CSN });
    expect(describeEntry(record, 'ou=people')).toBe(`an entry with stamp ${CSN} below ou=people`);
    expect(describeEntry(recordOf('cn=Ada', {}), 'ou=people')).toBe('an entry with no stamp below ou=people');
  });
});

test('a person keeps what mappings read, with every language of it, and no stamp', () => {
  const record = recordOf('CN=Ada\\2C x,DC=a', {
    entryUUID: ID,
    entryCSN: CSN,
    modifyTimestamp: '20260301120000Z',
    SN: 'Lovelace',
    'sn;lang-fr': 'de Lovelace',
    memberOf: 'cn=g',
  });
  expect(toPerson(record, ID, ['sn', 'mail'], NO_MEMBERSHIP)).toEqual({
    stableId: ID,
    dn: 'CN=Ada\\2C x,DC=a',
    dnKey: 'cn=ada\\, x,dc=a',
    revision: CSN,
    attributes: Object.assign(Object.create(null), { sn: ['Lovelace'], 'sn;lang-fr': ['de Lovelace'] }),
  });
});

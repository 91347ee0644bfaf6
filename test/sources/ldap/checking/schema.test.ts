import { expect, test } from 'vitest';
import { schemaOf } from '../../../../app/sources/ldap/checking/schema.ts';

/** Attribute types as OpenLDAP, 389 Directory Server and Active Directory describe them. */
const DESCRIPTIONS = [
  "( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'RFC4519: common name(s)' SUP name )",
  "( 2.5.4.4 NAME 'sn' SUP name )",
  "( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26{256} )",
  "( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' DESC 'Operational attribute for Account Inactivation' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 USAGE directoryOperation X-ORIGIN 'Netscape Directory Server' )",
  "( 1.2.3.4 DESC 'the NAME \\27wrong\\27 is in a text' NAME 'right' )",
  '( 1.2.3.5 SUP name )',
];

test('attributes are known by each of their names and by number, whatever case and options', () => {
  const schema = schemaOf(DESCRIPTIONS);
  for (const name of [
    'cn',
    'COMMONNAME',
    'sn;lang-fr',
    'rfc822mailbox',
    'nsAccountLock',
    'right',
    '1.2.3.5',
  ]) {
    expect([name, schema.knows(name)]).toEqual([name, true]);
  }
  for (const name of ['titel', 'wrong', 'name', ''])
    expect([name, schema.knows(name)]).toEqual([name, false]);
  expect(schema.names).toEqual(['cn', 'commonName', 'sn', 'mail', 'rfc822Mailbox', 'nsAccountLock', 'right']);
});

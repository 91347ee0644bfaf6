import { describe, expect, test } from 'vitest';
import {
  BadSourceOptions,
  createLdapSource,
  type LdapSourceOptions,
} from '../../../app/sources/ldap/index.ts';
import { PEOPLE, T0 } from './invented.ts';

const good: LdapSourceOptions = {
  name: 'corp',
  urls: ['ldap://localhost'],
  tls: 'starttls',
  bindDn: 'cn=reader,dc=example,dc=test',
  password: () => 'word',
  people: { base: PEOPLE, filter: '(objectClass=inetOrgPerson)' },
  reads: ['mail'],
  now: () => T0,
};

describe('options that cannot work are refused at start, all at once', () => {
  test.each([
    [
      { people: { base: PEOPLE, filter: '(&(uid=a)' } },
      'people.filter: the parenthesis opened at character 1 is not closed here (character 10)',
    ],
    [
      { groups: { base: PEOPLE, filter: '(&)', memberAttribute: 'member', nameAttribute: 'cn' } },
      'groups.filter: "(&" needs at least one filter inside (character 3)',
    ],
    [{ groups: { memberAttribute: 'member' } }, 'groups.base: give the DN under which groups stand'],
    [
      { groups: { base: PEOPLE, memberAttribute: 'memberOf', nested: true } },
      'groups.base: with memberAttribute memberOf no groups are read; leave it out; groups.nested: with memberAttribute memberOf no groups are read; leave it out',
    ],
    [
      { people: { base: 'people', filter: '(uid=*)' } },
      'people.base: this is not a DN such as ou=people,dc=example,dc=com',
    ],
    [{ lookupBase: 'ou=former,dc=example,dc=test' }, 'lookupBase: it must hold people.base'],
    [{ tls: 'ldaps' }, 'urls[0]: with tls "ldaps" it must read ldaps://host or ldaps://host:port'],
    [
      { urls: ['ldap://user:word@localhost'] },
      'urls[0]: a URL must not carry a user or password; use bindDn and password',
    ],
    [{ urls: [] }, 'urls: give at least one server'],
    [{ bindDn: ' ' }, 'bindDn: give the account to log in with; anonymous reading is refused'],
    [{ password: undefined }, 'password: give the password of bindDn'],
    [
      { bind: 'external' },
      'clientCertificate: with bind external it says who we are; give one; bindDn: with bind external the certificate says who we are; leave it out; password: with bind external there is none; leave it out',
    ],
    [
      { tls: 'none', clientCertificate: () => ({ cert: '', key: '' }) },
      'clientCertificate: it is shown over TLS only; use ldaps or starttls, or leave it out',
    ],
    [{ name: 'Corp:1' }, 'name: use lower-case letters, digits and hyphens, a letter first'],
    [{ reads: ['mail', '*'] }, '"*" is not the name of an attribute; name each attribute, without * or +'],
    [
      { pageSize: 0, overlapMs: -1 },
      'pageSize: it must be a whole number of at least 1; overlapMs: it must be a whole number of at least 0',
    ],
  ] as const)('%j', (change, problem) => {
    const build = () => createLdapSource({ ...good, ...(change as Partial<LdapSourceOptions>) });
    expect(build).toThrow(BadSourceOptions);
    expect(build).toThrow(new RegExp(`: ${problem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  });

  test('the options of these tests are good', () => {
    expect(createLdapSource(good).name).toBe('corp');
  });
});

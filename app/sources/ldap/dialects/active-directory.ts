/**
 * Active Directory Domain Services, and Samba as a domain controller. A person is who their objectGUID says; people,
 * groups and computers are told apart by sAMAccountType, since computers and trusts are of the class `user` as well.
 *
 * Rules: [MS-ADTS] (objectGUID 2.2, sAMAccountType 2.2.13, capabilities 3.1.1.3.4.3, naming contexts 3.1.1.1.8) and
 * [MS-DTYP] for the bytes.
 */
import { type StableId, toStableId } from '../../../person/anchor.ts';
import { guidBytes, guidText } from '../../../person/binary-ids.ts';
import { isWithin, normaliseDn } from '../../../person/dn.ts';
import type { Server } from '../connection/server.ts';
import { equals } from '../filters/filter.ts';
import type { Dialect } from './dialect.ts';

/** LDAP_CAP_ACTIVE_DIRECTORY_OID. */
const CAPABILITY = '1.2.840.113556.1.4.800';

export const ACTIVE_DIRECTORY: Dialect = {
  name: 'active-directory',
  title: 'Active Directory',
  recognises: (server) => server.supports(CAPABILITY),
  id: {
    attribute: 'objectGUID',
    read: toGuid,
    // By its bytes: the text of a filter is taken as UTF-8 on the way, and bytes above 7f would be damaged.
    filter: (id) => {
      const bytes = guidBytes(id);
      return bytes === null ? null : equals('objectGUID', bytes);
    },
  },
  bookkeeping: ['uSNChanged', 'primaryGroupID', 'objectSid'],
  // 805306368: an account of a person. Contacts have none, computers and trusts another.
  peopleFilter: '(&(objectCategory=person)(objectClass=user)(sAMAccountType=805306368))',
  groups: {
    filter: '(objectClass=group)',
    memberAttribute: 'member',
    nameAttribute: 'cn',
    primary: true,
  },
  // DirSync needs a right that nobody has by accident, so whoever gave it to the account means it to be used. Its cookie
  // holds at every controller of the domain, so that another one takes over without a read of everybody. Every other
  // account has uSNChanged, which wants nothing but the right to read.
  trackings: ['dirsync', 'usn-changed'],
  watches: ['change-notification'],
  isHarmlessReferral: (url, server) => {
    const dn = dnOf(url);
    return dn !== null && holdsNobody(dn, server);
  },
};

/** Some gateways hand the bytes on as base64, which then was encoded once more (O-01 c). */
function toGuid(text: string): StableId | null {
  const inner = Buffer.from(text, 'base64').toString('latin1');
  const known = /^[A-Za-z0-9+/]{22}==$/.test(inner) ? guidText(Buffer.from(inner, 'base64')) : text;
  const id = known === null ? null : toStableId(known);
  return id !== null && guidBytes(id) !== null ? id : null;
}

/** Where an LDAP URL leads (RFC 4516); null where it names no entry. */
function dnOf(url: string): string | null {
  const path = /^ldaps?:\/\/[^/]*\/([^?]*)/i.exec(url)?.[1] ?? '';
  try {
    return path === '' ? null : decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The parts of every forest that hold settings, classes and names of machines. A child domain holds people. */
function holdsNobody(dn: string, server: Server): boolean {
  const [configuration = ''] = server.values('configurationNamingContext');
  const roots = [...server.values('defaultNamingContext'), ...server.values('rootDomainNamingContext')];
  const zones = roots.flatMap((root) => [`DC=DomainDnsZones,${root}`, `DC=ForestDnsZones,${root}`]);
  return (
    (configuration !== '' && isWithin(dn, configuration)) || zones.map(normaliseDn).includes(normaliseDn(dn))
  );
}

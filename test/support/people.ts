/** Invented people for a directory, as LDIF. */
import { GROUPS_BASE, PEOPLE_BASE } from '../../sandbox/directory/configuration.ts';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';

export function dnOf(uid: string, base = PEOPLE_BASE): string {
  return `uid=${uid},${base}`;
}

export function mailOf(uid: string): string {
  return `${uid}@example.test`;
}

export function personLdif(uid: string, attributes: Record<string, string | string[]> = {}): string {
  return ldifEntry(dnOf(uid), {
    objectClass: 'inetOrgPerson',
    uid,
    givenName: 'Ada',
    sn: 'Byron',
    cn: `Ada Byron ${uid}`,
    mail: mailOf(uid),
    l: 'Paris',
    employeeType: 'staff',
    ...attributes,
  });
}

export function groupLdif(name: string, uids: readonly string[]): string {
  const member = uids.map((uid) => dnOf(uid));
  return ldifEntry(groupDn(name), { objectClass: 'groupOfNames', cn: name, member });
}

export function groupDn(name: string): string {
  return `cn=${name},${GROUPS_BASE}`;
}

/** `p000`, `p001`, … */
export function uids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `p${String(n).padStart(3, '0')}`);
}

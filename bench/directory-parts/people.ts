/** An invented directory as LDIF: people with fifteen attributes each, and groups of a hundred. */
import { ldifEntry } from '../../sandbox/directory/ldif.ts';

export const PEOPLE_BASE = 'ou=people,dc=example,dc=test';
const GROUPS_BASE = 'ou=groups,dc=example,dc=test';
const GROUP_SIZE = 100;
const MOST_GROUPS = 100;

/** A poll reads again what is newer than its overlap before the newest stamp, and a directory is rarely all new. */
const LONG_AGO = stamps('20250101000000');
const NEWEST = stamps('20250601000000');

function stamps(time: string) {
  return { entryCSN: `${time}.000000Z#000000#000#000000`, modifyTimestamp: `${time}Z` };
}

/** What is read of each person. */
export const ATTRIBUTES = [
  ...['uid', 'givenName', 'sn', 'cn', 'displayName', 'mail', 'title', 'departmentNumber', 'employeeNumber'],
  ...['employeeType', 'telephoneNumber', 'mobile', 'l', 'street', 'postalCode'],
];

export const dnOf = (n: number): string => `uid=p${n},${PEOPLE_BASE}`;

export function directoryLdif(people: number): string {
  const records = Array.from({ length: people }, (_, n) => personLdif(n));
  const groups = Math.min(MOST_GROUPS, Math.ceil(people / GROUP_SIZE));
  for (let n = 0; n < groups; n += 1) records.push(groupLdif(n, people));
  return records.join('');
}

function personLdif(n: number): string {
  return ldifEntry(dnOf(n), {
    objectClass: 'inetOrgPerson',
    uid: `p${n}`,
    givenName: 'Ada',
    sn: `Byron ${n}`,
    cn: `Ada Byron ${n}`,
    displayName: `Byron ${n}, Ada`,
    mail: `p${n}@example.test`,
    title: 'Analyst of engines',
    departmentNumber: String(n % 400),
    employeeNumber: String(100_000 + n),
    employeeType: 'staff',
    telephoneNumber: `+44 20 7946 ${String(n % 10_000).padStart(4, '0')}`,
    mobile: `+44 7700 ${String(900_000 + (n % 1_000))}`,
    l: 'London',
    street: `${n % 200} Dorset Street`,
    postalCode: 'W1U 4EG',
    ...LONG_AGO,
  });
}

function groupLdif(n: number, people: number): string {
  const size = Math.min(GROUP_SIZE, people);
  const member = Array.from({ length: size }, (_, place) => dnOf((n * GROUP_SIZE + place) % people));
  return ldifEntry(`cn=group ${n},${GROUPS_BASE}`, {
    objectClass: 'groupOfNames',
    cn: `group ${n}`,
    member,
    ...(n === 0 ? NEWEST : LONG_AGO),
  });
}

/** The people and groups of the demo's directory. All of them are invented. */
import { ldifEntry } from '../sandbox/directory/ldif.ts';

export type Person = {
  readonly uid: string;
  readonly givenName: string;
  readonly sn: string;
  readonly city: string;
};

const NAMES: readonly (readonly [string, string, string])[] = [
  ['Ada', 'Winter', 'Paris'],
  ['Bela', 'Sommer', 'Berlin'],
  ['Chloé', 'Marchand', 'Paris'],
  ['Dario', 'Fontana', 'Rome'],
  ['Elif', 'Yıldız', 'Berlin'],
  ['Femi', 'Adeyemi', 'London'],
  ['Greta', 'Lindqvist', 'Stockholm'],
  ['Hiro', 'Tanabe', 'Tokyo'],
  ['Ines', 'Carvalho', 'Lisbon'],
  ['Jonas', 'Weber', 'Berlin'],
  ['Kaja', 'Nowicka', 'Warsaw'],
  ['Liam', "O'Shea", 'London'],
  ['Mina', 'Rahimi', 'London'],
  ['Noor', 'de Wit', 'Amsterdam'],
  ['Oskar', 'Bergström', 'Stockholm'],
  ['Priya', 'Menon', 'London'],
  ['Quentin', 'Leroy', 'Paris'],
  ['Rosa', 'Méndez', 'Madrid'],
  ['Sven', 'Hagen', 'Oslo'],
  ['Tara', 'Quinn', 'London'],
  ['Umar', 'Siddiqui', 'London'],
  ['Vera', 'Kolář', 'Prague'],
  ['Wout', 'Peeters', 'Amsterdam'],
  ['Yara', 'Haddad', 'Paris'],
  ['Zoltán', 'Kovács', 'Budapest'],
];

/** Plain letters for an address: `Yıldız` becomes `yildiz`. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll('ı', 'i')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}

export const PEOPLE: readonly Person[] = NAMES.map(([givenName, sn, city]) => ({
  uid: `${plain(givenName)}.${plain(sn)}`,
  givenName,
  sn,
  city,
}));

export const GROUPS = {
  administrators: 'AgilePlace administrators',
  boardCreators: 'AgilePlace board creators',
  everybody: 'All staff',
} as const;

export function mailOf(person: Person): string {
  return `${person.uid}@example.test`;
}

/** The directory's content as LDIF. */
export function ldif(peopleBase: string, groupsBase: string): string {
  const dn = (person: Person) => `uid=${person.uid},${peopleBase}`;
  const members = (count: number) => PEOPLE.slice(0, count).map(dn);
  const group = (name: string, member: readonly string[]) =>
    ldifEntry(`cn=${name},${groupsBase}`, { objectClass: 'groupOfNames', cn: name, member });
  return [
    ...PEOPLE.map((person) => ldifEntry(dn(person), entryOf(person))),
    group(GROUPS.administrators, members(2)),
    group(GROUPS.boardCreators, members(5)),
    group(GROUPS.everybody, members(PEOPLE.length)),
  ].join('');
}

function entryOf(person: Person) {
  const { uid, givenName, sn, city } = person;
  return {
    objectClass: 'inetOrgPerson',
    uid,
    givenName,
    sn,
    cn: `${givenName} ${sn}`,
    mail: mailOf(person),
    l: city,
    employeeType: 'staff',
  };
}

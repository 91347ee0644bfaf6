/** Invented people of a directory, each a little different: some lack values, some are out of scope. */
import { personKey, type StableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import type { Identity } from '../../app/person/identity.ts';

const NAMES = ['Lovelace', 'Byron', 'Müller', 'Ångström', 'Zürn', 'King', 'Somerville', 'Babbage'];
const TOWNS = ['Berlin', 'London', 'Oslo', 'Paris', 'Tokyo', 'Lille'];
const COUNTRIES = ['DE', 'GB', 'NO', 'FR', 'JP', 'fr'];
const KINDS = ['Staff', 'Staff', 'Staff', 'External', 'Leave', 'Former', 'Staff', 'Robot', 'Staff'];
const GROUPS = ['Staff', 'AgilePlace board creators', 'AgilePlace administrators', 'Everybody'].map(
  (name) => ({
    name,
    dn: `cn=${name},ou=groups,dc=example,dc=test`,
  }),
);

export function people(count: number): readonly Identity[] {
  return Array.from({ length: count }, (_, n) => personNumber(n));
}

function personNumber(n: number): Identity {
  const stableId = `p${n}` as StableId;
  const pick = (from: readonly string[]) => from[n % from.length] ?? '';
  const sn = pick(NAMES);
  const values: readonly (readonly [string, readonly string[]])[] = [
    ['mail', n % 50 === 0 ? [] : [`P${n}.${sn}@Example.test`]],
    ['otherMail', n % 3 === 0 ? [`p${n}@example.test`, ' ', `Old${n}@Example.test`] : []],
    ['givenName', [n % 2 === 0 ? 'Ada' : ' Mary ']],
    ['sn', [sn]],
    ['displayName', n % 4 === 0 ? [' '] : [`Ada ${sn}`]],
    ['title', n % 5 === 0 ? [] : ['Analyst']],
    ['employeeType', [pick(KINDS)]],
    ['preferredLanguage', n % 7 === 0 ? ['de'] : []],
    ['l', [pick(TOWNS)]],
    ['c', [pick(COUNTRIES)]],
    ['postalCode', [String(10_000 + n)]],
    ['telephoneNumber', [`+44 20 7946 ${String(n % 10_000).padStart(4, '0')}`]],
    ['mobile', n % 2 === 0 ? [`+44 7700 ${String(900_000 + (n % 1_000))}`] : []],
    ['employeeNumber', [String(n)]],
    ['department', ['Engines']],
    ['o', ['Example Ltd']],
    ['costCenter', n % 3 === 0 ? [] : [String(n % 100)]],
  ];
  const dn = `uid=p${n},ou=people,dc=example,dc=test`;
  return {
    key: personKey('corp', stableId),
    source: 'corp',
    stableId,
    presence: { state: 'present' },
    entry: { stableId, dn, dnKey: dn, revision: '1', attributes: toAttributes(values) },
    groups: GROUPS.filter((_, index) => (n + index) % 3 !== 0),
    version: 1,
    observedAt: '2026-03-01T12:00:00Z',
  };
}

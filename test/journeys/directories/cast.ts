/** The invented people and groups that every directory of the table starts with. */
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { dnOf, type Facts, groupDnOf, groupLdif, type Kind, personLdif } from './server.ts';

/** `crew00`, `crew01`, … */
function numbered(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${word}${String(index).padStart(2, '0')}`);
}

/** They leave together: more than may go by themselves. */
export const LEAVERS = numbered('leaver', 12);

/** Each has one event to themselves. */
const NAMED = ['ada', 'bea', 'cleo', 'dora', 'emmy', 'fay', 'gerda', 'hedy', 'ida', 'joan', 'kate', 'lise'];

/** Whom the table follows from the beginning. */
export const STAFF: readonly string[] = [...NAMED, ...LEAVERS, ...numbered('crew', 60)];

/** Has an account only where their groups say so. */
export const GUEST = 'gwen';

/** In the innermost of three groups. */
export const CREW_MEMBERS: readonly string[] = ['crew00'];
/** In the group of 2,000. */
export const LARGE_MEMBERS: readonly string[] = ['lise', 'crew01'];
const LARGE = 2_000;

export function factsOf(name: string): Facts {
  return { mail: `${name}@example.test`, givenName: 'Ada', sn: `Byron ${name}` };
}

/** Nobody who is read, to fill the large group up. */
export function strangersOf(kind: Kind): readonly string[] {
  return numbered('stranger', LARGE - LARGE_MEMBERS.length).map((name) => `cn=${name},${kind.bases.former}`);
}

/** Everybody and every group, in an order in which a server can load them. */
export function castLdif(kind: Kind): string {
  const dns = (names: readonly string[]) => names.map((name) => dnOf(kind, name));
  return [
    ldifEntry(kind.bases.engines, { objectClass: 'organizationalUnit' }),
    ...STAFF.map((name) => personLdif(kind, name, factsOf(name))),
    personLdif(kind, GUEST, { ...factsOf(GUEST), employeeType: 'guest' }),
    groupLdif(kind, 'engine crew', dns(CREW_MEMBERS)),
    groupLdif(kind, 'engineering', [groupDnOf(kind, 'engine crew')]),
    groupLdif(kind, 'board creators', [groupDnOf(kind, 'engineering')]),
    groupLdif(kind, 'large', [...dns(LARGE_MEMBERS), ...strangersOf(kind)]),
  ].join('');
}

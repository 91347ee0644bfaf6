/** A group's change is news about the people in it, though their own entries stay the same (ldap.md, incremental). */
import type { PersonKey } from '../../person/anchor.ts';
import type { Groups, Identities } from '../../store/ports/index.ts';
import { store } from './absorb.ts';

type Deps = { readonly groups: Groups; readonly identities: Identities; readonly now: () => Date };

/** People noted at the same time: everybody may be in a group. */
const BATCH = 100;

/** Counts each person whose memberships changed as news, so that they are announced with the rest. */
export async function noteTouchedPeople(source: string, deps: Deps): Promise<void> {
  const touched = await deps.groups.touched(source);
  for (let start = 0; start < touched.people.length; start += BATCH) {
    const some = touched.people.slice(start, start + BATCH);
    // Whoever is to be announced anyway will be seen with their groups then: a first read is not stored twice.
    const isNews = await deps.identities.areUnannounced(source, some);
    await Promise.all(some.filter((_, index) => isNews[index] !== true).map((key) => note(key, deps)));
  }
  await deps.groups.settle(source, touched);
}

async function note(key: PersonKey, deps: Deps): Promise<void> {
  await store(key, deps, (known) => {
    if (known === null || known.presence.state === 'absent') return null;
    const { groups: _joinedIn, ...stored } = known;
    return stored;
  });
}

/**
 * What an operator should know of groups after everybody was read (O-23 F): members elsewhere in the directory, deleted,
 * or of a kind that is not read. They are members as soon as they appear, and until then nothing is lost by them.
 */
export async function noticesOfStrangers(
  source: string,
  { groups }: Pick<Deps, 'groups'>,
): Promise<string[]> {
  const strangers = await groups.strangers(source);
  if (strangers.members === 0) return [];
  const members = strangers.members === 1 ? '1 member' : `${strangers.members} members`;
  const of = strangers.groups === 1 ? '1 group' : `${strangers.groups} groups`;
  return [`${members} of ${of} are neither people nor groups that are read here`];
}

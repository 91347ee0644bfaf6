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
    await Promise.all(touched.people.slice(start, start + BATCH).map((key) => note(key, deps)));
  }
  await deps.groups.settle(source, touched.dnKeys);
}

async function note(key: PersonKey, deps: Deps): Promise<void> {
  await store(key, deps, (known) => {
    if (known === null || known.presence.state === 'absent') return null;
    const { groups: _joinedIn, ...stored } = known;
    return stored;
  });
}

/** A group's change is news about the people in it, though their own entries stay the same (ldap.md, incremental). */
import type { Groups, Identities } from '../store/ports/index.ts';
import { store } from './absorb.ts';

type Deps = { readonly groups: Groups; readonly identities: Identities; readonly now: () => Date };

/** Counts each person whose memberships changed as news, so that they are announced with the rest. */
export async function noteTouchedPeople(source: string, deps: Deps): Promise<void> {
  const touched = await deps.groups.touched(source);
  for (const key of touched.people) {
    await store(key, deps, (known) => {
      if (known === null || known.presence.state === 'absent') return null;
      const { groups: _joinedIn, ...stored } = known;
      return stored;
    });
  }
  await deps.groups.settle(source, touched.dnKeys);
}

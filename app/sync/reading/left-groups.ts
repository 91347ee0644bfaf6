/**
 * People whom a group names no longer. A read takes time: whoever is renamed after they were read and before their groups
 * were is out of all of them under the name that we know. So each is asked for before anything follows from that: under
 * another name they lose nothing.
 */
import type { Source } from '../../sources/source.ts';
import { absorbEntry } from './absorb.ts';
import { askFor } from './ask.ts';
import { type RenamesDeps, tryToAskForRenamed } from './renames.ts';

type Deps = RenamesDeps & { readonly now: () => Date };

/** Nobody renames more at a time; of more, whom the groups name is believed as it was read. */
const MOST_ASKED = 1_000;

/** Called before those who were touched by a group's change become news. */
export async function lookAfterLeft(source: Source, deps: Deps, signal: AbortSignal): Promise<void> {
  const { names, people } = await deps.groups.left(source.name);
  if (people.length > 0 && people.length <= MOST_ASKED) {
    for await (const [, found] of askFor(source, people, signal)) {
      // Whoever is gone is for the read to tell.
      if (found.kind === 'in-scope') await absorbEntry(source.name, found.entry, deps);
    }
    // Groups that were read before the rename hold the old name.
    await tryToAskForRenamed(source, deps, signal);
  }
  await deps.groups.settleLeft(source.name, names);
}

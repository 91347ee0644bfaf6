/**
 * Reads those whom a server names as changed, and says of those who are not where people and groups are read that they
 * are absent: they were deleted or moved away, or were never there. Whether somebody known is gone is for `sync/`.
 */
import type { Filter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import type { Session } from '../session.ts';
import { readGroups, readPeople, type Tally } from './entries.ts';
import type { TrackedItem } from './tracking.ts';

/**
 * @param changed whom the server named, deleted ones among them
 * @param filters that find all of them who are still there
 */
export async function* readChanged(
  session: Session,
  tally: Tally,
  changed: ReadonlySet<StableId>,
  filters: readonly Filter[],
): AsyncGenerator<TrackedItem, void> {
  const told = new Set<StableId>();
  for (const only of filters) {
    for await (const item of readBoth(session, tally, only)) {
      if (item.kind === 'person') told.add(item.entry.stableId);
      if (item.kind === 'group') told.add(item.group.stableId);
      yield item;
    }
  }
  // Of an answer that is not whole nothing follows.
  if (tally.problems.size > 0) return;
  for (const stableId of changed) {
    if (told.has(stableId)) continue;
    yield { kind: 'absent', what: 'person', stableId };
    if (session.groups !== null) yield { kind: 'absent', what: 'group', stableId };
  }
}

/** @param only null for everybody */
export async function* readBoth(
  session: Session,
  tally: Tally,
  only: Filter | null,
): AsyncGenerator<TrackedItem, void> {
  yield* readPeople(session, tally, only);
  yield* readGroups(session, tally, only);
}

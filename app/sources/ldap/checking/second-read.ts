/**
 * Reads everybody a second time, page by page: with all groups known from the first, each person can be told with theirs.
 * It shows as well whether two reads in two ways name the same number of people.
 */
import type { Membership } from '../../checking/membership.ts';
import { counted, type Finding, good, lacking, wrong } from '../../checking/report.ts';
import { newTally, readPeople } from '../tracking/entries.ts';
import type { Scene } from './scene.ts';

/** @param first how many the first read named. @throws SourceUnavailable when the read broke */
export async function readAgain(
  { session, check }: Scene,
  membership: Membership,
  first: number,
): Promise<Finding> {
  check.note('reading everybody once more, page by page');
  const before = check.elapsed();
  const tally = newTally();
  const ids = new Set<string>();
  for await (const item of readPeople(session, tally, null)) {
    if (item.kind !== 'person' || ids.has(item.entry.stableId)) continue;
    ids.add(item.entry.stableId);
    check.onPerson(item.entry, membership.groupsOf(item.entry));
  }
  const ms = check.elapsed() - before;
  return { ...verdictOn(ids.size, first, [...tally.problems]), ms };
}

function verdictOn(second: number, first: number, problems: readonly string[]): Finding {
  const what = 'read page by page';
  const shows = counted(second, 'person', 'people');
  if (problems.length > 0) return wrong(what, `${shows}: ${problems.join('; ')}`, 'not everybody is seen');
  if (second === first) return good(what, shows);
  const advice = `the read before named ${first}: unless somebody came or left meanwhile, the server does not show everybody in both ways`;
  return lacking(what, shows, advice);
}

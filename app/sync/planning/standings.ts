/**
 * What operators have said, or are asked, about the removals of a plan: whoever applies it shall know that somebody else
 * is to decide about one, or has said no to it. Shown with each; it changes nothing of the plan. Whoever is missing at
 * the source stays as known until somebody decides, so that the plan has nothing for them: that is said as well.
 */
import type { PlanItem } from '../../plan/plan-file.ts';
import type { Holds } from '../../store/ports/index.ts';
import { standingReason } from '../provisioning/removal-guard.ts';

const AT_ONCE = 500;

export async function withStandings(
  items: readonly PlanItem[],
  target: string,
  holds: Holds,
): Promise<readonly PlanItem[]> {
  const removals = items.filter(({ removal, action }) => removal || action === 'none');
  const said = new Map<PlanItem, string>();
  for (let start = 0; start < removals.length; start += AT_ONCE) {
    const some = removals.slice(start, start + AT_ONCE);
    const standings = await holds.standings(
      target,
      some.map(({ person }) => person),
    );
    for (const [index, item] of some.entries()) {
      const standing = standings[index];
      if (standing?.kind === 'held' || standing?.kind === 'rejected')
        said.set(item, standingReason(standing));
    }
  }
  return items.map((item) => {
    const words = said.get(item);
    return words === undefined ? item : { ...item, problems: [...item.problems, words] };
  });
}

/** @returns a line for the totals where people wait here of whom it is not decided that they are gone; else none */
export async function undecidedAbsences(target: string, holds: Holds): Promise<readonly string[]> {
  let missing = 0;
  let after: string | null = null;
  do {
    const page = await holds.page({ target, state: 'waiting' }, after, AT_ONCE);
    missing += page.holds.filter(({ removal }) => removal.absence !== undefined).length;
    after = page.next;
  } while (after !== null);
  if (missing === 0) return [];
  const who =
    missing === 1
      ? '1 person is missing at the source and waits'
      : `${missing} people are missing at the source and wait`;
  return [`${who} for a decision, so that nothing is planned for them: landbridge holds list`];
}

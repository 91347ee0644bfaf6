/** What a plan for one target comes to: counts, what was not compared, requests and the time they take. Pure. */
import type { PlanItem, TargetTotals } from '../../plan/plan-file.ts';
import { durationOf, type RequestLimit } from './duration.ts';
import type { ListedAccounts } from './listed-accounts.ts';

type Counted = {
  readonly target: string;
  readonly items: readonly PlanItem[];
  readonly asWanted: number;
  readonly notCompared: number;
  /** How many of each method. */
  readonly requests: ReadonlyMap<string, number>;
  /** null where they were not listed. */
  readonly listed: Pick<ListedAccounts, 'complete' | 'problem'> | null;
  readonly unknownAccounts: number | null;
  readonly removalLimit: number;
  readonly limits: readonly RequestLimit[];
};

export function totalsOf(counted: Counted): TargetTotals {
  const { target, items, asWanted, notCompared, requests, listed, unknownAccounts, removalLimit } = counted;
  const actions: Partial<Record<PlanItem['action'], number>> = {};
  for (const { action } of items) actions[action] = (actions[action] ?? 0) + 1;
  const notices = [
    ...(listed === null || listed.complete ? [] : [`the listing is not complete: ${listed.problem}`]),
    ...(notCompared === 0
      ? []
      : [`${notCompared} accounts were not compared: the listing does not show all that is mapped`]),
  ];
  return {
    target,
    actions,
    asWanted,
    unknownAccounts,
    removals: items.filter(({ removal }) => removal).length,
    removalLimit,
    notices,
    requests: [...requests.values()].reduce((sum, count) => sum + count, 0),
    ...durationOf(requests, counted.limits),
  };
}

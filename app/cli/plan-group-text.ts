/** The groups of a plan as an operator reads them: a line for each, who comes and who goes, and the totals. Pure. */
import type { GroupItem, GroupTotals, Member, TargetTotals } from '../plan/plan-file.ts';

const SIGNS: Readonly<Record<GroupItem['action'], string>> = {
  create: '+',
  adopt: '=',
  update: '~',
  delete: '-',
  hold: '!',
  failed: '!',
  none: ' ',
};

const ACTIONS: readonly (readonly [GroupItem['action'], string])[] = [
  ['create', 'to create'],
  ['adopt', 'to adopt'],
  ['update', 'to change'],
  ['delete', 'to delete'],
  ['hold', 'to look at'],
  ['failed', 'that cannot be mapped'],
];

/** So many members are named: all of them stand in the plan as JSON. */
const MOST_NAMED = 10;

export function groupLines(item: GroupItem): readonly string[] {
  const { action, group, name, id, reason, renamedFrom, add, remove, beyondGuard, problems } = item;
  const names = [group, name, id === null ? null : `(id ${id})`].filter((one) => one !== null);
  return [
    `${SIGNS[action]} ${names.join('  ')}`,
    `    ${action}: ${reason}`,
    ...(renamedFrom === null
      ? []
      : [`    displayName: ${JSON.stringify(renamedFrom)} → ${JSON.stringify(name)}`]),
    ...(add.length === 0 ? [] : [`    ${add.length} in: ${namesOf(add)}`]),
    ...(remove.length === 0 ? [] : [`    ${remove.length} out: ${namesOf(remove)}`]),
    ...(beyondGuard ? ['    more go than go by themselves: workers would hold them'] : []),
    ...waitingLines(item),
    ...problems.map((problem) => `    ${problem}`),
  ];
}

function namesOf(members: readonly Member[]): string {
  const named = members
    .slice(0, MOST_NAMED)
    .map(({ account, person, userName }) => userName ?? person ?? account);
  const more = members.length - named.length;
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
}

function waitingLines({ waiting, joining }: GroupItem): readonly string[] {
  if (waiting.length === 0) return [];
  const without = waiting.length === 1 ? 'has no account there yet' : 'have no account there yet';
  const soon = joining.length === 0 ? '' : `, ${joining.length} of them will by this plan`;
  return [`    ${waiting.length} of its people ${without}${soon}: workers add them then`];
}

/** @param timeInWords how long the requests take */
export function groupTotalLines(
  totals: GroupTotals,
  timeInWords: (totals: Pick<TargetTotals, 'seconds' | 'limit'>) => string,
): readonly string[] {
  const { target, actions, asWanted, added, removed, deletionLimit, notices, requests } = totals;
  const counts = ACTIONS.flatMap(([action, words]) => {
    const count = actions[action] ?? 0;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const members = added + removed === 0 ? '' : `; members: ${added} in, ${removed} out`;
  const deleted = actions.delete ?? 0;
  return [
    `${target} groups: ${[...counts, `${asWanted} as wanted`].join(', ')}${members}`,
    ...(deleted > deletionLimit
      ? [
          `  ${deleted} are deleted, more than the ${deletionLimit} that are by themselves: workers would hold them`,
        ]
      : []),
    ...notices.map((notice) => `  ${notice}`),
    ...(requests === 0 ? [] : [`  ${requests} requests, ${timeInWords(totals)}`]),
  ];
}

/** A plan as an operator reads it: a line for each person and group, a line for each attribute, and the totals. Pure. */
import type { PlanFile, PlanItem, ShownDifference, SourceAge, TargetTotals } from '../plan/plan-file.ts';
import type { Json } from '../scim/resource.ts';
import { plainLine } from './plain-line.ts';
import { groupLines, groupTotalLines } from './plan-group-text.ts';

const SIGNS: Readonly<Record<PlanItem['action'], string>> = {
  create: '+',
  adopt: '=',
  update: '~',
  reactivate: '~',
  deactivate: '-',
  delete: '-',
  hold: '!',
  failed: '!',
  none: ' ',
};

const ACTIONS: readonly (readonly [PlanItem['action'], string])[] = [
  ['create', 'to create'],
  ['adopt', 'to adopt'],
  ['update', 'to change'],
  ['reactivate', 'to switch on'],
  ['deactivate', 'to switch off'],
  ['delete', 'to delete'],
  ['hold', 'to look at'],
  ['failed', 'that cannot be mapped'],
];

/** Longer values are cut: the whole stands in the plan as JSON. */
const LONGEST_VALUE = 200;

export function describePlan(file: PlanFile, now: Date): string {
  const lines = [
    ...file.sources.map((age) => ageInWords(age, now)),
    ...file.targets.flatMap((totals) => [
      '',
      ...file.items.filter(({ target }) => target === totals.target).flatMap(itemLines),
      ...totalLines(totals),
    ]),
    ...file.groupTargets.flatMap((totals) => [
      '',
      ...file.groups.filter(({ target }) => target === totals.target).flatMap(groupLines),
      ...groupTotalLines(totals, timeInWords),
    ]),
  ];
  return lines.map(plainLine).join('\n');
}

export function ageInWords({ source, knownAt, read, lacks }: SourceAge, now: Date): string {
  const but = lacks === null ? '' : `; ${lacks}`;
  if (read === 'now') return `source ${source}: read just now${but}`;
  if (read === 'told' || knownAt === null) return `source ${source}: as events told`;
  return `source ${source}: read ${ago(now.getTime() - Date.parse(knownAt))} ago (--fresh reads it anew)`;
}

function ago(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

export function itemLines(item: PlanItem): readonly string[] {
  const { action, person, userName, account, reason, differences, kept, problems, withheld } = item;
  const names = [person, userName, account === null ? null : `(id ${account})`].filter(
    (name) => name !== null,
  );
  return [
    `${SIGNS[action]} ${names.join('  ')}`,
    `    ${action}: ${reason}`,
    ...differences.map((difference) => `    ${differenceInWords(difference, action)}`),
    ...kept.map(
      ({ path, before, after }) => `    ${path}: ${shown(before)} stays, the mapping has ${shown(after)}`,
    ),
    ...withheld.map((path) => `    ${path.join('.')}: follows once the other's account is there`),
    ...problems.map((problem) => `    ${problem}`),
  ];
}

function differenceInWords({ path, before, after }: ShownDifference, action: PlanItem['action']): string {
  return action === 'create' ? `${path}: ${shown(after)}` : `${path}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: Json): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

export function totalLines(totals: TargetTotals): readonly string[] {
  const { target, actions, asWanted, unknownAccounts, removals, removalLimit, notices, requests } = totals;
  const counts = ACTIONS.flatMap(([action, words]) => {
    const count = actions[action] ?? 0;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return [
    `${target}: ${[...counts, `${asWanted} as wanted`].join(', ')}`,
    ...(removals > removalLimit
      ? [
          `  ${removals} lose access, more than the ${removalLimit} who do by themselves: workers would hold them`,
        ]
      : []),
    ...(unknownAccounts === null || unknownAccounts === 0
      ? []
      : [`  ${unknownAccounts} accounts there are nobody's; they are never touched`]),
    ...notices.map((notice) => `  ${notice}`),
    ...(requests === 0 ? [] : [`  ${requests} requests, ${timeInWords(totals)}`]),
  ];
}

function timeInWords({ seconds, limit }: Pick<TargetTotals, 'seconds' | 'limit'>): string {
  if (seconds === null) return limit;
  if (seconds < 120) return `at least ${seconds} s (${limit})`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120
    ? `at least ${minutes} min (${limit})`
    : `at least ${(minutes / 60).toFixed(1)} h (${limit})`;
}

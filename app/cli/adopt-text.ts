/** The report about a target that was filled before us, as an operator reads it. Pure. */
import type { PlanItem } from '../plan/plan-file.ts';
import type { AdoptionReport, UnknownAccount } from '../sync/planning/adoption-report.ts';
import { plainLine } from './plain-line.ts';
import { ageInWords, itemLines, totalLines } from './plan-text.ts';

/** @param isWaiting nothing is written there before it is accepted */
export function describeAdoption(report: AdoptionReport, isWaiting: boolean, now: Date): string {
  const { target, sources, matched, ambiguous, onlyInSource, others, onlyInTarget, totals, hash } = report;
  const lines = [
    ...sources.map((age) => ageInWords(age, now)),
    ...section('matched: would be taken over, with these changes', matched),
    ...section(
      'ambiguous: nothing is done until somebody has decided at the target or the source',
      ambiguous,
    ),
    ...section('only in the source: would be created', onlyInSource),
    ...section('linked already, or not to be mapped', others),
    ...unknownSection(onlyInTarget),
    '',
    ...totalLines(totals),
    '',
    isWaiting
      ? `Nothing is written at ${target} yet. To let it begin: landbridge adopt ${target} --accept ${hash}`
      : `Work goes on at ${target} already.`,
  ];
  return lines.map(plainLine).join('\n');
}

function section(title: string, items: readonly PlanItem[]): readonly string[] {
  return items.length === 0 ? [] : ['', `${title} (${items.length})`, ...items.flatMap(itemLines)];
}

function unknownSection(accounts: readonly UnknownAccount[]): readonly string[] {
  if (accounts.length === 0) return [];
  return [
    '',
    `only at the target: never touched (${accounts.length})`,
    ...accounts.map(({ account, userName, perhaps }) => {
      const who =
        perhaps.length === 0 ? '' : `: perhaps ${perhaps.join(' or ')}, who carries one of its names`;
      return `? ${userName}  (id ${account})${who}`;
    }),
  ];
}

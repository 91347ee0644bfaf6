/** The findings of `landbridge check target` as a person reads them: a table, and under it what to do. Pure. */
import type { TargetReport } from '../scim/index.ts';
import { plainLine } from './plain-line.ts';
import { table } from './table.ts';

type Row = readonly [string, string, string, string];

const HEAD: Row = ['what', 'profile says', 'target shows', 'result'];

/** @returns lines without a line break at the end */
export function describeCheck(target: string, profile: string, report: TargetReport): string {
  const { findings, brokenOff } = report;
  const rows = findings.map(({ what, says, shows, verdict }): Row => [what, says, shows, verdict]);
  return [
    `target ${target}, profile ${profile}`,
    ...(rows.length === 0 ? [] : ['', ...table(HEAD, rows)]),
    ...toDo(report),
    ...better(profile, report),
    ...leftBehind(report),
    '',
    brokenOff === null ? summary(report) : `The check was broken off: ${brokenOff}`,
  ]
    .map(plainLine)
    .join('\n');
}

function toDo({ findings }: TargetReport): readonly string[] {
  const advised = findings.flatMap(({ what, verdict, advice }) =>
    verdict === 'differs' ? [`- ${what}: ${advice ?? 'another profile may fit better'}`] : [],
  );
  return advised.length === 0 ? [] : ['', 'What to do:', ...advised];
}

function better(profile: string, { findings, fitsBetter }: TargetReport): readonly string[] {
  if (fitsBetter === null) return [];
  const differences = findings.filter(({ verdict }) => verdict === 'differs').length;
  const { profile: other, differences: fewer } = fitsBetter;
  return ['', `Another profile fits better: ${other} differs in ${fewer}, ${profile} in ${differences}.`];
}

function leftBehind({ left }: TargetReport): readonly string[] {
  if (left.length === 0) return [];
  const lines = left.map(({ userName, id, state }) => {
    const account = id === null ? userName : `${userName} (id ${id})`;
    return state === 'off'
      ? `- ${account} stays, switched off: DELETE removes nobody there`
      : `- ${account} may still be there, switched on: remove it by hand`;
  });
  return ['', 'Left at the target:', ...lines];
}

function summary({ findings }: TargetReport): string {
  const count = (wanted: string) => findings.filter(({ verdict }) => verdict === wanted).length;
  return `${count('agrees')} agree, ${count('differs')} differ, ${count('unknown')} unknown`;
}

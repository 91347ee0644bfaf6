/** The findings of `landbridge check source` as a person reads them: tables, and under them what to do. Pure. */
import { counted, type Finding, type Sample } from '../sources/checking/report.ts';
import type { CheckedSource } from './checked-source.ts';
import { plainLine } from './plain-line.ts';
import { table } from './table.ts';

const HEAD = ['what', 'found', 'result', 'time'];
const SAMPLE_HEAD = ['attribute', 'read as', 'values'];
const SCOPE_HEAD = ['target', 'in scope', 'out of scope', 'cannot be mapped'];

/** What is longer is cut in the tables; what was found stands below them in full. */
const WIDEST = 70;

/** @returns lines without a line break at the end */
export function describeSource(checked: CheckedSource): string {
  const { source, kind, findings, sample, brokenOff } = checked;
  return [
    `source ${source}, kind ${kind}`,
    ...(findings.length === 0 ? [] : ['', ...table(HEAD, findings.map(rowOf))]),
    ...scopeTable(checked),
    ...(sample === null ? [] : ['', ...sampleTable(sample)]),
    ...inFull(findings),
    ...toDo(checked),
    '',
    brokenOff === null ? summary(findings) : `The check was broken off: ${brokenOff}`,
  ]
    .map(plainLine)
    .join('\n');
}

function rowOf({ what, shows, verdict, ms }: Finding): readonly string[] {
  return [
    what,
    cut(shows),
    verdict === 'told' ? '' : verdict,
    ms === undefined ? '' : `${Math.round(ms)} ms`,
  ];
}

function scopeTable({ scopes, brokenOff }: CheckedSource): readonly string[] {
  if (scopes.length === 0 || brokenOff !== null) return [];
  const rows = scopes.map(({ target, inScope, outOfScope, failed }) => [
    target,
    ...[inScope, outOfScope, failed].map(String),
  ]);
  return ['', ...table(SCOPE_HEAD, rows)];
}

function sampleTable({ attributes, groups }: Sample): readonly string[] {
  const rows = attributes.map(({ name, syntax, values }) => [
    name,
    syntax,
    values.length === 0 ? '-' : cut(values.join(' | ')),
  ]);
  return [
    `A person as mappings see them, in ${counted(groups, 'group', 'groups')}:`,
    '',
    ...table(SAMPLE_HEAD, rows),
  ];
}

function cut(text: string): string {
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

function inFull(findings: readonly Finding[]): readonly string[] {
  const long = findings.filter(({ shows }) => shows.length > WIDEST);
  return long.length === 0 ? [] : ['', 'In full:', ...long.map(({ what, shows }) => `- ${what}: ${shows}`)];
}

function toDo({ findings, scopes }: CheckedSource): readonly string[] {
  const advised = findings.flatMap(({ what, verdict, advice }) =>
    advice === undefined || verdict === 'good' ? [] : [`- ${what}: ${advice}`],
  );
  const unmapped = scopes.flatMap(({ target, reasons }) =>
    reasons.map(({ why, people }) => `- target ${target}, ${people} of the people: ${why}`),
  );
  const lines = [...new Set([...advised, ...unmapped])];
  return lines.length === 0 ? [] : ['', 'What to do:', ...lines];
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: string) => findings.filter(({ verdict }) => verdict === wanted).length;
  return `${count('good')} good, ${count('lacking')} lacking, ${count('wrong')} wrong`;
}

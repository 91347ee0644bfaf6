/**
 * Checks a file as its source would read it: which one is taken, how old it is, whether it is ready and whole, and what
 * stands in it. It only reads, and keeps nothing.
 */
import { SourceUnavailable } from '../../../errors.ts';
import { ask } from '../../checking/ask.ts';
import { type Census, startCounting } from '../../checking/census.ts';
import { type Membership, membershipIn } from '../../checking/membership.ts';
import { attributeFinding, groupFindings, peopleFindings } from '../../checking/people.ts';
import {
  type Finding,
  good,
  isMapped,
  type Sample,
  type SourceCheck,
  type SourceReport,
  told,
} from '../../checking/report.ts';
import { sampleOf } from '../../checking/sample.ts';
import { type Located, newestFile } from '../locate.ts';
import type { FileSourceOptions } from '../options.ts';
import { readiness } from '../ready.ts';
import { lookOutFor } from './look-out.ts';
import { readEverybody } from './whole-read.ts';

const DAY_MS = 86_400_000;

/**
 * @param options ones that `fileOptionProblems` has nothing against
 * @throws what is no expected failure of a file
 */
export async function checkFile(options: FileSourceOptions, check: SourceCheck): Promise<SourceReport> {
  return await ask((findings) => look(options, check, findings));
}

/** @throws SourceUnavailable where the file cannot be read, or is not ready */
async function look(
  options: FileSourceOptions,
  check: SourceCheck,
  findings: Finding[],
): Promise<Sample | null> {
  await waitFor(options, check, findings);
  const counting = startCounting(() => {});
  const lookOut = check.person === null ? null : lookOutFor(check.person);
  const read = await readEverybody(options, check, (item) => {
    counting.take(item);
    if (item.kind === 'person') lookOut?.meet(item.entry);
  });
  findings.push(...read, ...(check.pushes ? [good('push', 'the folder is listened to')] : []));
  const census = counting.census();
  const membership = membershipIn(census, true);
  findings.push(...contentFindings(options, check, census, membership));
  // Once more, now that all groups are known.
  await readEverybody(options, check, (item) => {
    if (item.kind === 'person') check.onPerson(item.entry, membership.groupsOf(item.entry));
  });
  const met = lookOut?.met() ?? null;
  if (met !== null) findings.push(met.finding);
  const entry = met === null ? census.somebody : met.entry;
  if (entry === null) return null;
  const groups = membership.groupsOf(entry).length;
  return sampleOf(entry, groups, options.reads, () => 'text', check.showValues);
}

/** @throws SourceUnavailable where there is no file, or none that is ready */
async function waitFor(options: FileSourceOptions, check: SourceCheck, findings: Finding[]): Promise<void> {
  const located = await newestFile(options);
  findings.push(fileFinding(located, check.now()));
  const { name } = located.print;
  check.note(`looking whether ${name} is ready`);
  const ready = await readiness(located, options, check.signal);
  if (ready.kind === 'waiting') throw new SourceUnavailable(`source ${options.name}: ${name} ${ready.why}`);
}

function fileFinding({ path, print, chosen }: Located, now: Date): Finding {
  const age = Math.max(0, now.getTime() - Number(BigInt(print.modified) / 1_000_000n));
  const shown = age < 2 * DAY_MS ? `${Math.floor(age / 3_600_000)} h` : `${Math.floor(age / DAY_MS)} days`;
  return told(chosen ? 'newest file' : 'file', `${path}, ${print.size} bytes, ${shown} old`);
}

function contentFindings(
  { reads, format }: FileSourceOptions,
  check: SourceCheck,
  census: Census,
  membership: Membership,
): readonly Finding[] {
  const advice =
    'see that the file has it, under the name that is configured, unless nobody is meant to have it';
  const groups = groupFindings(census, membership, 'see that the file names groups as it is configured');
  return [
    ...peopleFindings(census, 'the file has rows, and its filters fit them'),
    ...reads.map((name) => attributeFinding(census, name, isMapped(check, name), advice)),
    ...(format.groups === null ? [] : groups),
  ];
}

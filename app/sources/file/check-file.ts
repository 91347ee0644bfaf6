/**
 * Checks a file as its source would read it: which one is taken, how old it is, whether it is ready and whole, and what
 * stands in it. It only reads, and keeps nothing.
 */
import { SourceUnavailable } from '../../errors.ts';
import type { Entry } from '../../person/entry.ts';
import { type Counting, startCounting } from '../checking/census.ts';
import { membershipIn } from '../checking/membership.ts';
import { attributeFinding, groupFindings, peopleFindings } from '../checking/people.ts';
import {
  type Finding,
  good,
  lacking,
  type Sample,
  type SourceCheck,
  type SourceReport,
  told,
  wrong,
} from '../checking/report.ts';
import { sampleOf } from '../checking/sample.ts';
import type { SourceItem } from '../source.ts';
import { type Located, newestFile } from './locate.ts';
import type { FileSourceOptions } from './options.ts';
import { readNewest } from './read.ts';
import { readiness } from './ready.ts';

/** So many lines that cannot be used are named. */
const MOST_LINES = 10;

/**
 * @param options ones that `fileOptionProblems` has nothing against
 * @throws what is no expected failure of a file
 */
export async function checkFile(options: FileSourceOptions, check: SourceCheck): Promise<SourceReport> {
  const findings: Finding[] = [];
  try {
    return { findings, sample: await look(options, check, findings), brokenOff: null };
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    return { findings, sample: null, brokenOff: error.message };
  }
}

/** @param findings grows, so that what was seen before a failure is told */
async function look(
  options: FileSourceOptions,
  check: SourceCheck,
  findings: Finding[],
): Promise<Sample | null> {
  const located = await newestFile(options);
  findings.push(fileFinding(located, check.now()));
  check.note(`waiting until nobody writes to ${located.print.name}`);
  const ready = await readiness(located, options, check.signal);
  if (ready.kind === 'waiting') {
    throw new SourceUnavailable(`source ${options.name}: ${located.print.name} ${ready.why}`);
  }
  const person = lookOutFor(check.person);
  const counting = startCounting(() => {});
  const read = await readOnce(options, check, (item) => {
    counting.take(item);
    if (item.kind === 'person') person.meet(item.entry);
  });
  findings.push(...readFindings(read, check));
  const sampled = whatStandsThere(options, check, counting, findings, person.met());
  await readOnce(options, check, (item) => {
    if (item.kind === 'person') check.onPerson(item.entry, sampled.membership.groupsOf(item.entry));
  });
  return sampled.sample;
}

function fileFinding({ path, print, chosen }: Located, now: Date): Finding {
  const age = now.getTime() - Number(BigInt(print.modified) / 1_000_000n);
  const hours = Math.max(0, Math.floor(age / 3_600_000));
  const shown = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
  return told(chosen ? 'newest file' : 'file', `${path}, ${print.size} bytes, ${shown} old`);
}

type Read = {
  readonly end: Extract<SourceItem, { kind: 'end' }>;
  readonly rejected: readonly string[];
  readonly ms: number;
};

async function readOnce(
  options: FileSourceOptions,
  check: SourceCheck,
  onItem: (item: Exclude<SourceItem, { kind: 'end' }>) => void,
): Promise<Read> {
  check.note('reading the file');
  const before = check.elapsed();
  const rejected: string[] = [];
  const wish = { since: null, everyone: true };
  for await (const item of readNewest(options, { lastRead: null }, wish, check.signal)) {
    if (item.kind === 'end') return { end: item, rejected, ms: check.elapsed() - before };
    if (item.kind === 'rejected') rejected.push(item.where);
    onItem(item);
  }
  throw new Error('a read without an end');
}

function readFindings({ end, rejected, ms }: Read, check: SourceCheck): readonly Finding[] {
  const what = 'read of everybody';
  const advice = 'have the file mended: as long as it is not whole, nobody who left loses access';
  const lines = rejected.slice(0, MOST_LINES).join(', ');
  const more = rejected.length > MOST_LINES ? ', …' : '';
  const push = check.pushes ? [good('push', 'the folder is listened to')] : [];
  return [
    ...(end.complete
      ? [{ ...good(what, 'complete'), ms }]
      : end.problems.map((problem) => ({ ...wrong(what, problem, advice), ms }))),
    ...(rejected.length === 0 ? [] : [told('lines without use', `${lines}${more}`)]),
    ...push,
  ];
}

function whatStandsThere(
  options: FileSourceOptions,
  check: SourceCheck,
  counting: Counting,
  findings: Finding[],
  met: Met,
) {
  const { reads, format } = options;
  const census = counting.census();
  const membership = membershipIn(census, true);
  const isMapped = (name: string) => check.mapped.includes(name.toLowerCase());
  findings.push(...peopleFindings(census, 'the file has rows, and its filters fit'));
  findings.push(
    ...reads.map((name) =>
      attributeFinding(
        census,
        name,
        isMapped(name),
        'see that the file has it, under the name that is configured',
      ),
    ),
  );
  const hasGroups = format.groups !== null;
  if (hasGroups)
    findings.push(...groupFindings(census, membership, 'see that the file names groups as configured'));
  if (check.person !== null) findings.push(personFinding(met));
  const entry = check.person === null ? census.somebody : met.one;
  const groups = entry === null ? 0 : membership.groupsOf(entry).length;
  const sample = entry === null ? null : sampleOf(entry, groups, reads, () => 'text', check.showValues);
  return { membership, sample };
}

type Met = { readonly one: Entry | null; readonly several: boolean };

/** Whoever has what was asked for as the id, the DN or the value of any attribute. */
function lookOutFor(asked: string | null) {
  const wanted = asked?.trim().toLowerCase();
  let one: Entry | null = null;
  let several = false;
  return {
    meet(entry: Entry): void {
      if (wanted === undefined || !namesIn(entry).some((name) => name.toLowerCase() === wanted)) return;
      several ||= one !== null;
      one = entry;
    },
    met: (): Met => ({ one: several ? null : one, several }),
  };
}

function namesIn({ stableId, dn, attributes }: Entry): readonly string[] {
  return [stableId, ...(dn === undefined ? [] : [dn]), ...Object.values(attributes).flat()];
}

function personFinding({ one, several }: Met): Finding {
  if (one !== null) return good('person', 'is read');
  if (several) return lacking('person', 'several rows fit', 'name one of them by the id');
  return lacking('person', 'not found', 'nobody who is read has that as an id or a value');
}

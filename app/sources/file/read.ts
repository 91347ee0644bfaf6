/**
 * Reads the newest file where there is one that was not read yet, or where everybody is asked for, and says what it was
 * worth. A file is only ever compared as a whole: it names everyone.
 *
 * It is gone through twice: first to learn what is wrong with it and which ids stand in it more than once, then to tell
 * of the people. Neither pass keeps more than the ids. It is never written to, moved or removed.
 */
import type { StableId } from '../../person/anchor.ts';
import type { ReadWish, SourceItem, Watermark } from '../source.ts';
import { gatherGroups } from './gather-groups.ts';
import { compareAge, type Located, newestFile, type Print, samePrint } from './locate.ts';
import type { FileSourceOptions } from './options.ts';
import { readiness } from './ready.ts';
import { type OpenFile, openFile, type ScanEnd, scan } from './scan.ts';
import { formatMark, type Mark, NOTHING_READ, parseMark, settingsPrint } from './watermark.ts';

const TRACKING = 'comparison';

/**
 * What a process remembers: which file it read to its end last, whatever became of that. So a read that is held, or was
 * incomplete, is repeated by the next read of everybody and not by each poll, which would take the held run away from
 * the operator who is looking at it.
 */
export type Memory = { lastRead: Print | null };

/** @throws SourceUnavailable where there is no file, or reading it broke off */
export async function* readNewest(
  options: FileSourceOptions,
  memory: Memory,
  wish: ReadWish,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void> {
  const located = await newestFile(options);
  const calm = whyNotRead(located, options, memory, wish);
  if (calm !== null) {
    yield noNews(wish.since, calm);
    return;
  }
  const ready = await readiness(located, options, signal);
  if (ready.kind === 'waiting') {
    yield noNews(wish.since, [`${located.print.name} ${ready.why}`]);
    return;
  }
  const file = await openFile(located, options.name);
  try {
    yield* readOpen(file, ready.digest, options, wish.since, signal);
  } finally {
    await file.handle.close();
  }
  memory.lastRead = located.print;
}

/** @returns what there is to say where the file is not to be read; null where it is */
function whyNotRead(
  { print, chosen }: Located,
  options: FileSourceOptions,
  { lastRead }: Memory,
  { since, everyone }: ReadWish,
): readonly string[] | null {
  const known = since === null ? null : parseMark(since);
  if (known === null) return null;
  if (chosen && compareAge(print, known.print, options.newest) < 0) {
    // Reading it would make leavers of whoever was hired since.
    return [`${known.print.name} was read last; ${print.name} is older and is not read`];
  }
  if (everyone || known.settings !== settingsPrint(options)) return null;
  if (!samePrint(print, lastRead ?? known.print)) return null;
  if (samePrint(print, known.print)) return [];
  return [`${print.name} was read before, and what came of that waits: see the earlier runs`];
}

/** @param expected the digest that the file has to have; null where nothing says */
async function* readOpen(
  file: OpenFile,
  expected: string | null,
  options: FileSourceOptions,
  since: Watermark | null,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void> {
  const { print } = file.located;
  const mark: Mark = { print, settings: settingsPrint(options) };
  const first = await inspect(file, options, signal);
  if (expected !== null && expected !== first.digest) {
    const other = `${print.name} does not have the digest that ${print.name}.sha256 says`;
    yield endOf(mark, since, first.digest === null ? first.problems : [other], []);
    return;
  }
  const problems = yield* tell(file, first, options, signal);
  yield endOf(mark, since, problems, [`${print.name} was read (people: ${first.people})`]);
}

type Inspected = Omit<ScanEnd, 'kind'> & {
  /** Ids of people, or of groups, that stand in it more than once: none of them can be believed. */
  readonly twice: ReadonlySet<StableId>;
  readonly people: number;
};

async function inspect(file: OpenFile, options: FileSourceOptions, signal: AbortSignal): Promise<Inspected> {
  const seen = new Set<StableId>();
  const twice = new Set<StableId>();
  const repeated: string[] = [];
  let people = 0;
  for await (const item of scan(file, options, signal)) {
    if (item.kind === 'end') {
      const { digest, problems } = item;
      const doubles = twice.size === 0 ? [] : [doublesIn(file.located.print.name, repeated, twice.size)];
      return { digest, problems: [...problems, ...doubles], twice, people };
    }
    if (item.kind !== 'person' && item.kind !== 'group') continue;
    const { stableId } = item.kind === 'person' ? item.entry : item.group;
    if (item.kind === 'person') people += 1;
    if (seen.has(stableId)) {
      twice.add(stableId);
      if (repeated.length < LINES_TOLD) repeated.push(String(item.line));
    }
    seen.add(stableId);
  }
  throw new Error('a scan without an end');
}

/** So many lines with an id that another one has are named. */
const LINES_TOLD = 10;

function doublesIn(file: string, lines: readonly string[], count: number): string {
  const more = count > lines.length ? ', …' : '';
  return `${file} has ids more than once (${count}), at lines ${lines.join(', ')}${more}`;
}

/** @returns everything that is not right about the file */
async function* tell(
  file: OpenFile,
  { problems, twice, digest }: Inspected,
  options: FileSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, readonly string[]> {
  const { name } = file.located.print;
  const reject = (line: number): SourceItem => ({
    kind: 'rejected',
    reason: 'bad-record',
    where: `${name} line ${line}`,
  });
  const groups = gatherGroups();
  const found = new Set(problems);
  for await (const item of scan(file, options, signal)) {
    switch (item.kind) {
      case 'person':
        if (twice.has(item.entry.stableId)) yield reject(item.line);
        else {
          groups.add(item.entry.stableId, item.groups);
          yield { kind: 'person', entry: item.entry };
        }
        break;
      case 'group':
        if (twice.has(item.group.stableId)) yield reject(item.line);
        else yield { kind: 'group', group: item.group };
        break;
      case 'rejected':
        yield reject(item.line);
        break;
      case 'outside':
        break;
      case 'end':
        for (const problem of item.problems) found.add(problem);
        if (item.digest !== digest) found.add(`${name} was written to while it was read`);
    }
  }
  for (const group of groups.all(found.size > 0)) yield { kind: 'group', group };
  return [...found];
}

function endOf(
  mark: Mark,
  since: Watermark | null,
  problems: readonly string[],
  notices: readonly string[],
): SourceItem {
  const complete = problems.length === 0;
  const watermark = complete ? formatMark(mark) : (since ?? NOTHING_READ);
  return { kind: 'end', watermark, complete, problems, names: 'everyone', tracking: TRACKING, notices };
}

function noNews(since: Watermark | null, notices: readonly string[]): SourceItem {
  return {
    kind: 'end',
    watermark: since ?? NOTHING_READ,
    complete: true,
    problems: [],
    names: 'changes',
    tracking: TRACKING,
    notices,
  };
}

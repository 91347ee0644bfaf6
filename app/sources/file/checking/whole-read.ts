/** Reads the file as a worker would, and says what the read was worth. */
import { type Finding, good, type SourceCheck, told, wrong } from '../../checking/report.ts';
import type { SourceItem } from '../../source.ts';
import type { FileSourceOptions } from '../options.ts';
import { readNewest } from '../read.ts';

/** So many lines that cannot be used are named. */
const MOST_LINES = 10;

const INCOMPLETE = 'have the file mended: as long as it is not whole, nobody who left loses access';

type Item = Exclude<SourceItem, { kind: 'end' }>;

/** @throws SourceUnavailable when the read broke */
export async function readEverybody(
  options: FileSourceOptions,
  check: SourceCheck,
  onItem: (item: Item) => void,
): Promise<readonly Finding[]> {
  check.note('reading the file');
  const before = check.elapsed();
  const rejected: string[] = [];
  const wish = { since: null, everyone: true };
  for await (const item of readNewest(options, { lastRead: null }, wish, check.signal)) {
    if (item.kind === 'end') return [...worthOf(item, check.elapsed() - before), ...linesIn(rejected)];
    if (item.kind === 'rejected') rejected.push(item.where);
    onItem(item);
  }
  throw new Error('a read without an end');
}

function worthOf(
  { complete, problems }: Extract<SourceItem, { kind: 'end' }>,
  ms: number,
): readonly Finding[] {
  const what = 'read of everybody';
  if (complete) return [{ ...good(what, 'complete'), ms }];
  return problems.map((problem) => ({ ...wrong(what, problem, INCOMPLETE), ms }));
}

function linesIn(rejected: readonly string[]): readonly Finding[] {
  if (rejected.length === 0) return [];
  const more = rejected.length > MOST_LINES ? ', …' : '';
  return [told('lines without use', `${rejected.slice(0, MOST_LINES).join(', ')}${more}`)];
}

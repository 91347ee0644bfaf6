/**
 * How much of a target's request limit is used, and how often it is overrun: points used against points granted, over
 * whole windows, with more to do than any window holds. Real Redis, real queues, worker processes of their own, the
 * sandbox target with a limit, its windows' ends told in whole seconds. The journal of the sandbox tells what was used;
 * its windows open at the first request, so they follow from when each request came.
 *
 *   npm run bench:budget
 */
import { personKey } from '../app/person/anchor.ts';
import { markDue } from '../app/sync/announce.ts';
import type { JournalEntry } from '../sandbox/scim-target/journal.ts';
import { until } from '../sandbox/until.ts';
import { report } from './report.ts';
import { type BenchStage, linkEverybody, personNumber, setStage } from './stage.ts';

type Case = {
  readonly points: number;
  readonly windowSeconds: number;
  readonly windows: number;
  readonly processes: number;
};
type Window = { readonly openedAt: number; used: number };

const CASES: readonly Case[] = [1, 3].flatMap((processes) => [
  { points: 20, windowSeconds: 1, windows: 30, processes },
  { points: 120, windowSeconds: 60, windows: 3, processes },
]);
/** More than any case can serve: each costs one request. */
const PEOPLE = 800;

const rows: object[] = [];
for (const limits of CASES) rows.push(await measured(limits));
await report('budget', PEOPLE, rows);

async function measured(limits: Case): Promise<object> {
  const stage = await setStage();
  try {
    await linkEverybody(PEOPLE, stage);
    await stage.control.limits({ points: limits.points, windowSeconds: limits.windowSeconds });
    // Nobody begins before all workers are there, and everybody is due: their start is not what is measured.
    const queues = stage.context.queues.ofTarget('agileplace');
    await Promise.all(queues.map((queue) => queue.pause()));
    await Promise.all(Array.from({ length: limits.processes }, () => stage.startWorker()));
    await makeDue(stage);
    await Promise.all(queues.map((queue) => queue.resume()));
    const journal = await journalOf(limits, stage);
    return rowOf(limits, journal);
  } finally {
    await stage.strike();
  }
}

/** A fresh look at each costs one request. */
async function makeDue({ context }: BenchStage): Promise<void> {
  for (let n = 0; n < PEOPLE; n += 1) {
    const key = personKey('hr', personNumber(n).stableId);
    await markDue(key, { lane: 'bulk', fresh: true }, context.reading);
  }
}

async function journalOf(limits: Case, { control }: BenchStage): Promise<readonly JournalEntry[]> {
  const enough = async () => windowsOf(await control.journal(), limits).length > limits.windows;
  // Twice as long as the windows last, since each ends in whole seconds, and some to spare.
  const patience = 2 * limits.windows * limits.windowSeconds * 1_000 + 60_000;
  await until('the windows are over', enough, patience);
  return await control.journal();
}

/** As the sandbox counts them: a window opens at the first request after the last one's end. */
function windowsOf(journal: readonly JournalEntry[], { windowSeconds }: Case): readonly Window[] {
  const windows: Window[] = [];
  for (const { receivedAt, status } of journal) {
    const at = Date.parse(receivedAt);
    const last = windows.at(-1);
    const open =
      last !== undefined && at < last.openedAt + windowSeconds * 1_000 ? last : { openedAt: at, used: 0 };
    if (open !== last) windows.push(open);
    if (status !== 429) open.used += 1;
  }
  return windows;
}

function rowOf(limits: Case, journal: readonly JournalEntry[]): object {
  // The last one has not ended.
  const windows = windowsOf(journal, limits).slice(0, -1);
  const [first, last] = [windows.at(0), windows.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no window has ended');
  const used = windows.reduce((sum, window) => sum + window.used, 0);
  const granted = windows.length * limits.points;
  const open = windows.length * limits.windowSeconds * 1_000;
  const wall = last.openedAt + limits.windowSeconds * 1_000 - first.openedAt;
  return {
    limit: `${limits.points} in ${limits.windowSeconds} s`,
    processes: limits.processes,
    windows: windows.length,
    granted,
    used,
    ratio: Number((used / granted).toFixed(3)),
    refused: journal.filter(({ status }) => status === 429).length,
    windowsOpen: Number((open / wall).toFixed(2)),
  };
}

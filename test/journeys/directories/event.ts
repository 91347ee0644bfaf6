/** One row of the table: what happens in a directory, and what has to come of it at the target. */
import { isDeepStrictEqual } from 'node:util';
import { type Accounts, type Changes, changed, shown } from './accounts.ts';
import type { Column } from './column.ts';
import type { Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

export type Step = {
  /** In the directory, once, however many read it. */
  does?(world: World): Promise<unknown>;
  /** Default: one poll. */
  reads?(column: Column): Promise<void>;
  /** The accounts that are new or other than before, and only what is other. Default: none. */
  readonly changes?: Changes;
  readonly writes?: readonly string[];
  /** How the reads end. Default: one, ok. */
  readonly runs?: readonly string[];
  /** It leaves no entry behind in the scope that would carry a stamp: stamps show nothing until everybody is read. */
  readonly leavesNoStamp?: true;
  /** What it brings is looked at after the next step only: whether the target hears of it before is chance. */
  readonly goesOn?: true;
};

export type Event = {
  readonly name: string;
  readonly steps: readonly Step[];
};

/** What one installation made of an event: each time that it was looked at. */
export type Outcome = {
  readonly before: Accounts;
  readonly seen: Snapshot[];
  readonly expected: Snapshot[];
  /** Whether a read of everybody was needed. */
  readonly bySweep: boolean;
};

export function isRight({ seen, expected }: Outcome): boolean {
  return isDeepStrictEqual(seen, expected);
}

/** @returns by the columns' titles what came of it; and what all targets have to hold then */
export async function happen(
  { steps }: Event,
  columns: readonly Column[],
  before: Accounts,
): Promise<{ readonly outcomes: ReadonlyMap<string, Outcome>; readonly after: Accounts }> {
  const worlds = new Set(columns.map(({ world }) => world));
  const outcomes = new Map(columns.map((column) => [column.title, emptyOutcome(column, steps, before)]));
  let accounts = before;
  for (const step of [...steps, SETTLED]) {
    const next = changed(accounts, step.changes ?? {});
    await Promise.all([...worlds].map((world) => step.does?.(world)));
    await Promise.all(
      columns.map(async (column) => {
        const looked = look(step, column).catch((error: unknown) => [brokenBy(error, accounts)]);
        outcomes.get(column.title)?.seen.push(...(await looked));
        outcomes.get(column.title)?.expected.push(...expectedOf(step, column, accounts, next));
      }),
    );
    accounts = next;
  }
  return { outcomes, after: accounts };
}

function emptyOutcome({ tracking }: Column, steps: readonly Step[], before: Accounts): Outcome {
  const bySweep = tracking === 'time-stamps' && steps.some(({ leavesNoStamp }) => leavesNoStamp);
  return { before, seen: [], expected: [], bySweep };
}

/** After each event: whoever reads once more finds nothing to do. */
const SETTLED: Step = {};

async function look(step: Step, column: Column): Promise<readonly Snapshot[]> {
  await (step.reads ?? poll)(column);
  if (step.goesOn === true) return [];
  if (!isSweptFor(step, column)) return [await column.take()];
  const first = await column.take();
  await column.read('sweep');
  return [first, await column.take()];
}

/** What is no answer is a wrong one, in this column alone. */
function brokenBy(error: unknown, before: Accounts): Snapshot {
  return { runs: [String(error)], writes: [], accounts: shown(before) };
}

function expectedOf(step: Step, column: Column, before: Accounts, after: Accounts): readonly Snapshot[] {
  const { writes = [], runs = ['ok'] } = step;
  if (step.goesOn === true) return [];
  const last: Snapshot = { runs, writes: [...writes].sort(), accounts: shown(after) };
  if (!isSweptFor(step, column)) return [last];
  return [{ runs: ['ok'], writes: [], accounts: shown(before) }, last];
}

function isSweptFor({ leavesNoStamp }: Step, { tracking }: Column): boolean {
  return leavesNoStamp === true && tracking === 'time-stamps';
}

async function poll(column: Column): Promise<void> {
  await column.read('poll');
}

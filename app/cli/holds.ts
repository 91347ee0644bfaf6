/**
 * `landbridge holds`: what waits for an operator, and the word about all of it, some or none, in the Redis of the
 * installation. It asks no target; what was approved is written by the workers.
 */
import { createContext } from '../context.ts';
import { isGroupKey, parsePersonKey, type WorkKey } from '../person/anchor.ts';
import type { Logger } from '../signals/log.ts';
import type { HoldFilter } from '../store/ports/index.ts';
import { type ReviewDeps, type ReviewedHold, reviewHold } from '../sync/held-removal.ts';
import {
  type Decision,
  type DecisionDeps,
  type Rejected,
  type Released,
  rejectRun,
  releaseRun,
} from '../sync/reading/release.ts';
import { CannotStart } from './cannot-start.ts';
import { plainLine } from './plain-line.ts';
import { withRedisAtHand } from './redis-at-hand.ts';
import { table } from './table.ts';

export type AskHolds = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly json: boolean;
  readonly write: (line: string) => void;
};

/** `people`: keys as the list shows them; empty: everybody. */
export type Word = {
  readonly run: string;
  readonly people: readonly string[];
  readonly reason: string;
  /** Who decides, for the record. */
  readonly actor: string;
};

const HEAD = ['run', 'target', 'person', 'name', 'would', 'why', 'since', 'state'];
const PAGE = 500;

/** @returns the exit code: 2 where something waits. @throws CannotStart where Redis cannot be asked */
export async function listHolds(filter: HoldFilter, ask: AskHolds): Promise<number> {
  return await withStores(ask, async (deps) => {
    if (filter.run !== undefined && (await deps.runs.get(filter.run)) === null) throw noRun(filter.run);
    const holds = await everything(filter, deps);
    const waiting = holds.filter(({ state }) => state === 'waiting').length;
    if (ask.json) ask.write(JSON.stringify({ waiting, items: holds }, null, 2));
    else for (const line of described(holds, waiting)) ask.write(line);
    return waiting > 0 ? 2 : 0;
  });
}

/** @throws CannotStart where nothing was decided, with the reason */
export async function decideHolds(verdict: 'approve' | 'reject', word: Word, ask: AskHolds): Promise<void> {
  const people = new Set(word.people.map(keyOf));
  const decision: Decision = {
    actor: word.actor,
    reason: word.reason,
    ...(people.size === 0 ? {} : { people }),
  };
  await withStores(ask, async (deps) => {
    const decide = verdict === 'approve' ? releaseRun : rejectRun;
    const { run } = decided(word.run, await decide(word.run, decision, deps));
    const waiting = await deps.holds.size(run.id);
    if (ask.json) ask.write(JSON.stringify({ run: run.id, state: run.state, waiting }, null, 2));
    else ask.write(`run ${run.id} is ${run.state}; ${waiting} of it wait`);
  });
}

function decided(id: string, result: Released | Rejected): Extract<Released | Rejected, { run: unknown }> {
  if (result.kind === 'not-found') throw noRun(id);
  if (result.kind === 'not-held') throw new CannotStart(`Nothing was decided: ${result.why}.`);
  return result;
}

function noRun(id: string): CannotStart {
  return new CannotStart(
    `There is no run ${id}. Runs are kept for 30 days; landbridge holds list shows all.`,
  );
}

function keyOf(text: string): WorkKey {
  const key = isGroupKey(text) ? text : parsePersonKey(text)?.key;
  if (key !== undefined) return key;
  throw new CannotStart(`--person must be source:stableId, as landbridge holds list shows it, and is not.`);
}

async function withStores<T>(
  { file, env, log }: AskHolds,
  work: (deps: DecisionDeps & ReviewDeps) => Promise<T>,
): Promise<T> {
  return await withRedisAtHand(file, env, async (installation, url) => {
    const context = createContext(installation, url, log);
    try {
      return await work({ ...context.reading, ...context.stores });
    } finally {
      await context.close();
    }
  });
}

async function everything(
  filter: HoldFilter,
  deps: DecisionDeps & ReviewDeps,
): Promise<readonly ReviewedHold[]> {
  const all: ReviewedHold[] = [];
  let after: string | null = null;
  do {
    const { holds, next } = await deps.holds.page(filter, after, PAGE);
    all.push(...(await Promise.all(holds.map((hold) => reviewHold(hold, true, deps)))));
    after = next;
  } while (after !== null);
  return all;
}

function described(holds: readonly ReviewedHold[], waiting: number): readonly string[] {
  if (holds.length === 0) return ['nothing is held'];
  const rows = holds.map(({ run, target, person, name = '', action, why, since, state, expires }) => [
    run,
    target,
    person,
    plainLine(name),
    action,
    plainLine(why),
    since,
    expires === undefined ? state : `${state} until ${expires}`,
  ]);
  return [...table(HEAD, rows), '', `${waiting} to be decided, ${holds.length - waiting} rejected`];
}

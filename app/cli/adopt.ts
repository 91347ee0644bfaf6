/**
 * `landbridge adopt`: what would become of a target that was filled before us, and the word that work may begin there.
 * Exit codes: 0 work may go on there, 2 it waits to be accepted, 1 it could not be told, or the report has moved.
 */
import type { Context } from '../context.ts';
import { type AdoptionReport, reportForAdoption } from '../sync/planning/adoption-report.ts';
import type { PlanDeps } from '../sync/planning/make-plan.ts';
import { describeAdoption } from './adopt-text.ts';
import { CannotStart } from './cannot-start.ts';
import { type PlanningCommand, readingCall, withPlanning } from './with-planning.ts';

export type AdoptCommand = PlanningCommand & {
  readonly target: string;
  /** The hash of the report to accept; null where it is only to be shown. */
  readonly accept: string | null;
  /** Takes the acceptance back. */
  readonly undo: boolean;
  /** Who decides, and why. */
  readonly actor: string;
  readonly reason: string | null;
  /** Reads the sources before. */
  readonly fresh: boolean;
  readonly json: boolean;
};

/** @returns the exit code. @throws CannotStart with why it cannot be done */
export async function adoptCommand(command: AdoptCommand): Promise<0 | 2> {
  const { target, accept, undo, write } = command;
  return await withPlanning(command, async (deps, context) => {
    if (!(target in context.config.targets)) {
      const known = Object.keys(context.config.targets).join(', ');
      throw new CannotStart(`There is no target ${target}. Known: ${known}.`);
    }
    if (undo) {
      const undone = await context.stores.adoptions.undo(target);
      write(undone ? `${target} waits to be accepted again` : `${target} was not accepted`);
      return await exitCodeAt(target, context);
    }
    const report = await reportForAdoption(target, command.fresh, deps, readingCall(command, deps));
    if (accept === null) show(report, command, deps, await exitCodeAt(target, context));
    else await acceptReport(report, accept, command, deps, context);
    return await exitCodeAt(target, context);
  });
}

async function exitCodeAt(target: string, { config, stores }: Context): Promise<0 | 2> {
  const isFree = config.targets[target]?.adoption !== 'reviewed';
  return isFree || (await stores.adoptions.get(target)) !== null ? 0 : 2;
}

function show(report: AdoptionReport, { json, write }: AdoptCommand, deps: PlanDeps, code: 0 | 2): void {
  const isWaiting = code === 2;
  write(
    json
      ? JSON.stringify({ ...report, waits: isWaiting }, null, 2)
      : describeAdoption(report, isWaiting, deps.now()),
  );
}

async function acceptReport(
  report: AdoptionReport,
  hash: string,
  { target, actor, reason, write }: AdoptCommand,
  deps: PlanDeps,
  { stores, reading }: Context,
): Promise<void> {
  if (report.hash !== hash) {
    throw new CannotStart(
      `The report is another one by now: ${report.hash}. Look at it again with landbridge adopt ${target}.`,
    );
  }
  const note = reason === null ? {} : { note: reason };
  await stores.adoptions.accept(target, { hash, at: deps.now().toISOString(), actor, ...note });
  await reading.bell.unpark(target);
  write(`${target} is accepted: work begins there`);
}

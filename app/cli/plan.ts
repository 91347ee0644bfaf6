/**
 * `landbridge plan`: the whole decision before anything is written. Exit codes: 0 there is nothing to do, 2 there is,
 * 1 it could not be told.
 */
import { open } from 'node:fs/promises';
import { isToDo } from '../plan/plan-file.ts';
import { FilterError, matchesFilter, parseFilter, type ScimUser } from '../scim/index.ts';
import { makePlan, type Wish } from '../sync/planning/make-plan.ts';
import { CannotStart } from './cannot-start.ts';
import { describePlan } from './plan-text.ts';
import { type PlanningCommand, readingCall, withPlanning } from './with-planning.ts';

export type PlanCommand = PlanningCommand & {
  readonly source: string | null;
  readonly target: string | null;
  readonly people: readonly string[];
  readonly group: string | null;
  /** A SCIM filter over the account as it shall be. */
  readonly filter: string | null;
  readonly fresh: boolean;
  /** Where to write the plan to. */
  readonly out: string | null;
  readonly json: boolean;
};

/** @returns the exit code. @throws CannotStart with why it could not be told */
export async function planCommand(command: PlanCommand): Promise<0 | 2> {
  const { source, target, people, group, filter, fresh, json, write, out } = command;
  const matches = filter === null ? null : matching(filter);
  // Somebody who asks for people is told of people.
  const groups = people.length === 0 && filter === null;
  const wish: Wish = { source, target, people, group, groups, matches, fresh };
  return await withPlanning(command, async (deps) => {
    const { file } = await makePlan(wish, deps, readingCall(command, deps));
    if (out !== null) await writePlan(out, JSON.stringify(file, null, 1));
    write(json ? JSON.stringify(file, null, 2) : describePlan(file, deps.now()));
    if (out !== null && !json) write(`\nTo carry out exactly this: landbridge apply ${out}`);
    return [...file.items, ...file.groups].some(isToDo) ? 2 : 0;
  });
}

function matching(filter: string): (user: ScimUser) => boolean {
  try {
    const parsed = parseFilter(filter);
    return (user) => matchesFilter(parsed, user);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new CannotStart(`--filter: ${error.message}`);
  }
}

/** It tells of people, so others on this machine may not read it, also where a file of that name is there already. */
async function writePlan(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'w', 0o600);
    try {
      if ((await file.stat()).isFile()) await file.chmod(0o600);
      await file.writeFile(`${text}\n`);
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new CannotStart(`The plan cannot be written to ${path} (${why}). Name another file.`);
  }
}

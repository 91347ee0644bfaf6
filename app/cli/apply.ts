/**
 * `landbridge apply`: carries out a plan, exactly as it was shown. Exit codes: 0 all of it is done, 3 some of it is
 * not, 1 none of it could be begun. Ctrl-C ends it after the requests that are under way; applied once more, the same
 * plan goes on where it was left.
 */
import { readFile } from 'node:fs/promises';
import { isToDo, openPlan, type PlanFile } from '../plan/plan-file.ts';
import { applyDeps } from '../planning-deps.ts';
import type { AppliedItem } from '../sync/planning/apply-piece.ts';
import { applyPlan } from '../sync/planning/apply-plan.ts';
import type { PlanDeps } from '../sync/planning/make-plan.ts';
import { CannotStart } from './cannot-start.ts';
import { plainLine } from './plain-line.ts';
import { describePlan } from './plan-text.ts';
import { type PlanningCommand, withPlanning } from './with-planning.ts';

export type ApplyCommand = PlanningCommand & {
  readonly plan: string;
  /** Ends what is under way as well. */
  readonly hurry: AbortSignal;
  /** Who applies it; stands in the provisioning log with the reason. */
  readonly actor: string;
  readonly reason: string | null;
  /** Asks before it begins; null: it is not asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly json: boolean;
};

type Counts = Record<AppliedItem['result'], number>;

const WORDS: Readonly<Record<AppliedItem['result'], string>> = {
  done: 'done',
  nothing: 'was so already',
  moved: 'moved since the plan was made',
  refused: 'refused',
  failed: 'failed',
  stopped: 'not tried',
};

/** @returns the exit code. @throws CannotStart with why it was not begun */
export async function applyCommand(command: ApplyCommand): Promise<0 | 3> {
  const { confirm, json, write } = command;
  return await withPlanning(command, async (deps, context) => {
    const file = await planIn(command.plan, deps);
    const todo = [...file.items, ...file.groups].filter(isToDo).length;
    if (confirm !== null) {
      write(describePlan(file, deps.now()));
      if (todo > 0 && !(await confirm(`Carry out ${todo} of them?`)))
        throw new CannotStart('Nothing was done.');
    }
    const by = {
      actor: command.actor,
      ...(command.reason === null ? {} : { note: command.reason }),
    };
    const counts: Counts = { done: 0, nothing: 0, moved: 0, refused: 0, failed: 0, stopped: 0 };
    const results: object[] = [];
    for await (const applied of applyPlan(file, by, command, await applyDeps(context))) {
      counts[applied.result] += 1;
      if (json) results.push(asJson(applied));
      else write(plainLine(lineOf(applied)));
    }
    write(json ? JSON.stringify({ plan: file.hash, counts, results }, null, 2) : totalsOf(counts));
    return counts.done + counts.nothing === todo ? 0 : 3;
  });
}

async function planIn(path: string, { seal, installation }: PlanDeps): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CannotStart(`${path} cannot be read. Name a plan that landbridge plan --out has written.`);
  });
  const opened = openPlan(text, seal);
  if (!opened.ok) throw new CannotStart(`${path} ${opened.problem}`);
  if (opened.file.installation !== installation) {
    throw new CannotStart(
      `${path} was made with another configuration or other mappings than there are now. Make a new plan.`,
    );
  }
  return opened.file;
}

function lineOf({ item, result, reason }: AppliedItem): string {
  const { target, action } = item;
  const what = 'group' in item ? `${item.group}  ${item.name}` : item.person;
  const why = reason === null ? '' : `: ${reason}`;
  return `${what} at ${target}: ${action}: ${WORDS[result]}${why}`;
}

function asJson({ item, result, reason }: AppliedItem): object {
  const what = 'group' in item ? { group: item.group } : { person: item.person };
  return { ...what, target: item.target, action: item.action, result, reason };
}

function totalsOf(counts: Counts): string {
  const said = Object.entries(WORDS).flatMap(([result, words]) => {
    const count = counts[result as AppliedItem['result']];
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return said.length === 0 ? 'nothing to do' : said.join(', ');
}

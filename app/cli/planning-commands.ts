/** `landbridge plan`, `apply` and `adopt`: their options. What each does stands in the file named after it. */
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { createLogger } from '../signals/log.ts';
import { adoptCommand } from './adopt.ts';
import { applyCommand } from './apply.ts';
import { CannotStart } from './cannot-start.ts';
import { planCommand } from './plan.ts';
import { stopSignals } from './stop-signals.ts';
import { whoAmI } from './who-am-i.ts';
import type { PlanningCommand } from './with-planning.ts';

/** What a terminal gives and takes. */
type Terminal = Pick<PlanningCommand, 'write' | 'note'>;

/** @param file the path of landbridge.yaml */
export function addPlanningCommands(program: Command, file: () => string, terminal: Terminal): void {
  const common = () => ({
    ...terminal,
    file: file(),
    env: process.env,
    log: createLogger({ level: 'warn', name: 'cli' }, process.stderr),
  });
  addPlan(program, common);
  addApply(program, common);
  addAdopt(program, common);
}

type Common = () => Omit<PlanningCommand, 'stop' | 'hurry'>;

type PlanOptions = {
  readonly source?: string;
  readonly target?: string;
  readonly person?: readonly string[];
  readonly group?: string;
  readonly filter?: string;
  readonly out?: string;
  readonly fresh: boolean;
  readonly json: boolean;
};

function addPlan(program: Command, common: Common): void {
  program
    .command('plan')
    .description(
      'show all that would be written, and write nothing: 0 nothing to do, 2 something, 1 cannot tell',
    )
    .option('--source <name>', 'only people and groups of this source')
    .option('--target <name>', 'only accounts and groups at this target')
    .option('--person <name...>', 'only these: source:id, an id, a userName or a mail address')
    .option('--group <name>', 'only this group and its members, by name or DN')
    .option('--filter <filter>', 'only accounts that shall be so, as a SCIM filter: title co "eng"')
    .option('--fresh', 'read the sources first', false)
    .option('--out <file>', 'also write the plan to a file, for landbridge apply')
    .option('--json', 'print the plan as JSON', false)
    .action(async (options: PlanOptions) => {
      process.exitCode = await planCommand({
        ...common(),
        ...stopSignals(),
        source: options.source ?? null,
        target: options.target ?? null,
        people: options.person ?? [],
        group: options.group ?? null,
        filter: options.filter ?? null,
        out: options.out ?? null,
        fresh: options.fresh,
        json: options.json,
      });
    });
}

type Deciding = { readonly as: string; readonly reason?: string };

const AS = (): Option => new Option('--as <name>', 'who decides, for the provisioning log').default(whoAmI());

function addApply(program: Command, common: Common): void {
  program
    .command('apply')
    .description('carry out a plan, exactly as it was shown: 0 all is done, 3 some is not, 1 nothing is')
    .argument('<file>', 'what landbridge plan --out has written')
    .option('--yes', 'do not ask', false)
    .addOption(AS())
    .option('--reason <text>', 'why, for the provisioning log')
    .option('--json', 'print what came of it as JSON', false)
    .action(async (plan: string, options: Deciding & { readonly yes: boolean; readonly json: boolean }) => {
      if (!options.yes && (options.json || !process.stdin.isTTY)) {
        throw new CannotStart('Nobody can be asked here. Look at the plan, then add --yes.');
      }
      const { stop, hurry } = stopSignals();
      process.exitCode = await applyCommand({
        ...common(),
        stop,
        hurry,
        plan,
        actor: options.as,
        reason: options.reason ?? null,
        confirm: options.yes ? null : (question) => ask(question, stop),
        json: options.json,
      });
    });
}

/** Anything but a clear yes is a no. */
async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Only "yes" does: `, { signal })).trim() === 'yes';
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

type AdoptOptions = Deciding & {
  readonly accept?: string;
  readonly undo: boolean;
  readonly fresh: boolean;
  readonly json: boolean;
};

function addAdopt(program: Command, common: Common): void {
  program
    .command('adopt')
    .description('show what would become of the accounts that a target has already, and let work begin there')
    .argument('<target>', 'name of the target')
    .addOption(
      new Option('--accept <hash>', 'accept the report with this hash: work begins').conflicts('undo'),
    )
    .option('--undo', 'take the acceptance back: work waits again', false)
    .option('--fresh', 'read the sources first', false)
    .addOption(AS())
    .option('--reason <text>', 'why')
    .option('--json', 'print the report as JSON', false)
    .action(async (target: string, options: AdoptOptions) => {
      process.exitCode = await adoptCommand({
        ...common(),
        ...stopSignals(),
        target,
        accept: options.accept ?? null,
        undo: options.undo,
        fresh: options.fresh,
        actor: options.as,
        reason: options.reason ?? null,
        json: options.json,
      });
    });
}

/** The commands of `landbridge holds` and their options; what each does stands in `holds.ts`. */
import { type Command, Option } from 'commander';
import { createLogger } from '../signals/log.ts';
import { type AskHolds, decideHolds, listHolds } from './holds.ts';
import { whoAmI } from './who-am-i.ts';

type Verdict = 'approve' | 'reject';
type Deciding = { readonly person: readonly string[]; readonly reason: string; readonly json: boolean };
type Listing = { readonly target?: string; readonly state?: 'waiting' | 'rejected'; readonly json: boolean };

const JSON_OPTION = ['--json', 'print it as JSON', false] as const;

export function addHoldCommands(program: Command, file: () => string, write: (line: string) => void): void {
  const ask = (json: boolean): AskHolds => {
    const log = createLogger({ level: 'warn', name: 'cli' }, process.stderr);
    return { file: file(), env: process.env, log, json, write };
  };
  const holds = program
    .command('holds')
    .description('removals that wait for an operator; list and show: 0 nothing waits, 2 something does');
  holds
    .command('list')
    .description('list what waits, and what was rejected')
    .option('--target <target>', 'only at this target')
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'rejected']))
    .option(...JSON_OPTION)
    .action(async ({ json, ...filter }: Listing) => {
      process.exitCode = await listHolds(filter, ask(json));
    });
  holds
    .command('show')
    .description('list what one run holds')
    .argument('<run>', 'id of the run')
    .option(...JSON_OPTION)
    .action(async (run: string, { json }: { readonly json: boolean }) => {
      process.exitCode = await listHolds({ run }, ask(json));
    });
  const add = (verdict: Verdict, description: string): void => {
    holds
      .command(verdict)
      .description(description)
      .argument('<run>', 'id of the run')
      .option('--person <key...>', 'these alone, as list shows them; without it everybody', [])
      .requiredOption('--reason <text>', 'why; stands in the provisioning log of each person')
      .option(...JSON_OPTION)
      .action(async (run: string, { person, reason, json }: Deciding) => {
        await decideHolds(
          verdict,
          { run, people: person, reason, actor: `${whoAmI()} (command line)` },
          ask(json),
        );
      });
  };
  add('approve', 'let removals go that a run holds');
  add('reject', 'keep the accounts whose removal a run holds');
}

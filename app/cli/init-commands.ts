/** `landbridge init`: its options, and the questions that it asks at a terminal. What it does stands in `init.ts`. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { createLogger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { initCommand } from './init.ts';
import type { Ask, InitOptions } from './init-answers.ts';
import { stopSignals } from './stop-signals.ts';

type Terminal = {
  readonly write: (text: string) => void;
  readonly note: (line: string) => void;
};

type Options = InitOptions & { readonly dir: string; readonly force: boolean; readonly questions: boolean };

export function addInitCommand(program: Command, terminal: Terminal): void {
  const init = program
    .command('init')
    .description('write a first landbridge.yaml and mapping, by asking source and target what they offer')
    .option('-d, --dir <folder>', 'folder to write to', '.')
    .option('--force', 'overwrite files that are there', false)
    .option('--no-questions', 'ask nothing, also at a terminal: what is not said is as usual');
  addSourceOptions(init);
  addTargetOptions(init);
  init.action(async ({ dir, force, questions, ...options }: Options) => {
    const stopping = stopSignals();
    const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    await initCommand({
      ...terminal,
      dir,
      force,
      options,
      ask: questions && isTerminal ? asking(stopping.stop) : null,
      env: process.env,
      log: createLogger({ level: 'warn', name: 'cli' }, process.stderr),
      stopping,
      now: () => new Date(),
    });
  });
}

function addSourceOptions(init: Command): void {
  init
    .option('--source-url <url>', 'the directory: ldaps://host')
    .option('--source-file <path>', 'instead: a CSV or LDIF file of people')
    .option('--source-name <name>', 'what to call the source; corp or hr where it is left out')
    .option('--source-ca <file>', 'PEM file of the authority behind the certificate of the directory')
    .option('--bind-dn <dn>', 'the account that reads the directory')
    .option('--password <variable>', 'the environment variable that holds its password (LDAP_PASSWORD)')
    .option('--password-file <file>', 'instead: the file that holds it')
    .option('--base <dn>', 'where people stand; without it, where the directory says that entries stand')
    .option('--id-column <heading>', 'of a CSV file: the column of the ids that never change');
}

function addTargetOptions(init: Command): void {
  init
    .option('--target-profile <profile>', 'agileplace, slack, generic, …: docs/targets.md')
    .option('--target-url <url>', 'where the SCIM service begins: what stands before /Users')
    .option('--target-name <name>', 'what to call the target; without it, as its profile')
    .option('--target-ca <file>', 'PEM file of the authority behind the certificate of the target')
    .option('--target-user <name>', 'our account at the target; without it, a token is used')
    .option(
      '--target-password <variable>',
      'the environment variable that holds its password (SCIM_PASSWORD)',
    )
    .option('--target-password-file <file>', 'instead: the file that holds it')
    .option('--token <variable>', 'the environment variable that holds the token (SCIM_TOKEN)')
    .option('--token-file <file>', 'instead: the file that holds it');
}

function asking(signal: AbortSignal): NonNullable<Ask> {
  return async (question, usual) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const hint = usual === null || usual === '' ? '' : ` [${usual}]`;
    try {
      const said = (await terminal.question(`${question}${hint}: `, { signal })).trim();
      return said === '' ? (usual ?? '') : said;
    } catch {
      throw new CannotStart('Nothing was written.');
    } finally {
      terminal.close();
    }
  };
}

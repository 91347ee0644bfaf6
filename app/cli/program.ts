/**
 * The commands of `landbridge` and their options. Each action is one call; what it does stands in the file named
 * after it. Exit codes: 0 done, 1 failed, 2 the command line was wrong, or what was checked is not as it should be.
 */
import { randomBytes } from 'node:crypto';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { configFile, plainName, SCOPES, type Scope } from '../config/index.ts';
import { createLogger } from '../signals/log.ts';
import { checkedInstallation, describeInstallation } from './check-config.ts';
import { checkSourceCommand } from './check-source.ts';
import { checkTargetCommand } from './check-target.ts';
import { dev } from './dev.ts';
import { type EntryName, entryCommand, entryUrl } from './entries.ts';
import { schemaFiles } from './generated-files.ts';
import { addHoldCommands } from './hold-commands.ts';
import { addInitCommand } from './init-commands.ts';
import { addMappingsCommands } from './mappings-commands.ts';
import { plainLine } from './plain-line.ts';
import { addPlanningCommands } from './planning-commands.ts';
import { stopSignals } from './stop-signals.ts';
import type { AtTarget } from './token-at-target.ts';
import { listTargetTokens } from './token-list.ts';
import { mintTargetToken } from './token-mint.ts';
import { describeNewToken } from './token-new.ts';
import { revokeTargetTokens } from './token-revoke.ts';
import { writeFiles } from './write-files.ts';

/** How long web and worker may take to finish what they are writing. */
const GRACE_MS = 30_000;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`${plainLine(line)}\n`);

export function landbridge(): Command {
  const program = new Command('landbridge')
    .description(
      'Keeps accounts that only speak SCIM 1.1 in step with a directory, HR systems and identity providers.',
    )
    .option('-c, --config <file>', 'configuration file', configFile(process.env))
    .exitOverride()
    .showHelpAfterError('(landbridge --help lists the commands)');
  const file = (): string => program.opts<{ config: string }>().config;
  addRunCommands(program, file);
  addCheckCommands(program, file);
  addInitCommand(program, { write, note });
  addMappingsCommands(program, file, { write, note });
  addPlanningCommands(program, file, { write, note });
  addTokenCommands(program, file);
  addHoldCommands(program, file, write);
  addSchemasCommand(program);
  return program;
}

function addRunCommands(program: Command, file: () => string): void {
  program
    .command('dev')
    .description('run everything on this machine, with a private Redis where REDIS_URL is not set')
    .action(async () => {
      const stopping = { ...stopSignals(), graceMs: GRACE_MS };
      process.exitCode = await dev({
        file: file(),
        env: process.env,
        write,
        stopping,
        commandOf: entryCommand,
      });
    });
  program
    .command('web')
    .description('run the HTTP API')
    .action(() => runEntry('web', file()));
  program
    .command('worker')
    .description('run a worker; start as many as needed')
    .action(() => runEntry('worker', file()));
}

/** In this process, so that signals and the exit code are the entry's own. */
async function runEntry(name: EntryName, file: string): Promise<void> {
  process.env['LANDBRIDGE_CONFIG'] = file;
  await import(entryUrl(name).href);
}

function addCheckCommands(program: Command, file: () => string): void {
  const check = program.command('check').description('look for mistakes before a start');
  check
    .command('config')
    .description('check the configuration file, its mappings and the secrets it refers to')
    .action(() => {
      write(describeInstallation(file(), checkedInstallation(file(), process.env)));
    });
  check
    .command('source')
    .description(
      'ask a live source what it shows: 0 all is well, 2 something is lacking, 1 it cannot be read, or not all of it',
    )
    .argument('<source>', 'name of the source')
    .option('--person <id>', 'whom to show: an id, a DN, a login name or a mail address')
    .option(
      '--show-values',
      'show values as they are, and not only of what kind and how long they are',
      false,
    )
    .option('--json', 'print the findings as JSON', false)
    .action((source: string, options: CheckSourceOptions) => runCheckSource(source, file(), options));
  check
    .command('target')
    .description(
      'hold a live target against its profile: 0 nothing differs, 2 something does, 1 cannot be asked',
    )
    .argument('<target>', 'name of the target')
    .option('--write', 'also make, change and remove a throw-away account', false)
    .option('--user-domain <domain>', "what the throw-away account's name ends with", 'example.invalid')
    .option('--json', 'print the findings as JSON', false)
    .action((target: string, options: CheckTargetOptions) => runCheckTarget(target, file(), options));
}

type CheckSourceOptions = {
  readonly person?: string;
  readonly showValues: boolean;
  readonly json: boolean;
};

async function runCheckSource(source: string, file: string, options: CheckSourceOptions): Promise<void> {
  process.exitCode = await checkSourceCommand({
    source,
    file,
    env: process.env,
    person: options.person ?? null,
    showValues: options.showValues,
    json: options.json,
    write,
    note,
    stop: stopSignals().stop,
  });
}

type CheckTargetOptions = { readonly write: boolean; readonly userDomain: string; readonly json: boolean };

async function runCheckTarget(target: string, file: string, options: CheckTargetOptions): Promise<void> {
  process.exitCode = await checkTargetCommand({
    target,
    file,
    env: process.env,
    log: createLogger({ level: 'warn', name: 'cli' }, process.stderr),
    stopping: stopSignals(),
    userDomain: options.write ? options.userDomain : null,
    json: options.json,
    write,
    note,
    randomText: () => randomBytes(6).toString('hex'),
  });
}

function addTokenCommands(program: Command, file: () => string): void {
  const token = program.command('token').description('credentials for callers and at targets');
  token
    .command('new')
    .description('make a token for a caller of the HTTP API')
    .addArgument(new Argument('<name>', 'who will hold the token').argParser(parseName))
    .addOption(
      new Option('-s, --scope <scope...>', 'what it may be used for').choices(SCOPES).makeOptionMandatory(),
    )
    .action((name: string, { scope }: { scope: readonly Scope[] }) => {
      write(describeNewToken(name, [...new Set(scope)], randomBytes));
    });
  addTargetTokenCommands(token, file);
}

function addTargetTokenCommands(token: Command, file: () => string): void {
  const at = (target: string): AtTarget => {
    const log = createLogger({ level: 'warn', name: 'cli' }, process.stderr);
    return { target, file: file(), env: process.env, log, signal: stopSignals().stop };
  };
  token
    .command('mint')
    .description('make sure that a target with auth.kind minted or oauth2 has its token')
    .argument('<target>', 'name of the target')
    .option(
      '--rotate',
      'get another one though one is kept, and revoke the old one where that can be done',
      false,
    )
    .action(async (target: string, { rotate }: { rotate: boolean }) => {
      write(await mintTargetToken({ ...at(target), rotate }));
    });
  token
    .command('list')
    .description('list the tokens that the target keeps of our account, never their texts')
    .argument('<target>', 'name of the target')
    .action(async (target: string) => write(await listTargetTokens(at(target))));
  token
    .command('revoke')
    .description('revoke tokens at the target')
    .argument('<target>', 'name of the target')
    .argument('<id...>', 'ids of tokens, as token list shows them')
    .option('--force', 'also the one in use; the next request gets another', false)
    .action(async (target: string, ids: readonly string[], { force }: { force: boolean }) => {
      write(await revokeTargetTokens({ ...at(target), ids, force }));
    });
}

function parseName(name: string): string {
  const checked = plainName(name);
  if (!checked.ok) throw new InvalidArgumentError(`It ${checked.message}`);
  return checked.value;
}

function addSchemasCommand(program: Command): void {
  program
    .command('schemas')
    .description('write the JSON Schemas of the configuration and mapping files, for completion in editors')
    .option('-d, --dir <folder>', 'folder to write to', 'schemas')
    .action(({ dir }: { dir: string }) => writeFiles(dir, schemaFiles(), write));
}

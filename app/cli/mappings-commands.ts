/** The commands of `landbridge mappings` and their options; what each does stands in the file named after it. */
import { type Command, InvalidArgumentError } from 'commander';
import { createLogger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { mappingsCheckCommand } from './mappings-check.ts';
import { mappingsExplainCommand } from './mappings-explain.ts';
import { mappingsTestCommand } from './mappings-test.ts';
import { stopSignals } from './stop-signals.ts';

type Terminal = {
  readonly write: (text: string) => void;
  readonly note: (line: string) => void;
};

/** @param file the path of landbridge.yaml */
export function addMappingsCommands(program: Command, file: () => string, terminal: Terminal): void {
  const mappings = program.command('mappings').description('test, explain and check mapping files');
  const common = () => ({
    ...terminal,
    file: file(),
    env: process.env,
    log: createLogger({ level: 'warn', name: 'cli' }, process.stderr),
    now: () => new Date(),
  });
  addTest(mappings, common);
  addExplain(mappings, common);
  addCheck(mappings, common);
}

type Common = () => Terminal & {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: ReturnType<typeof createLogger>;
  readonly now: () => Date;
};

function addTest(mappings: Command, common: Common): void {
  mappings
    .command('test')
    .description('run the tests that stand in mapping files: 0 all pass, 1 some do not')
    .argument('[file...]', 'mapping files; without any, those of the configuration')
    .option('--environment <name>', 'the environment of the mappings, instead of that of the configuration')
    .option('--json', 'print the results as JSON', false)
    .action(
      (files: readonly string[], options: { readonly environment?: string; readonly json: boolean }) => {
        process.exitCode = mappingsTestCommand({
          ...common(),
          files,
          environment: options.environment ?? null,
          json: options.json,
        });
      },
    );
}

type ExplainOptions = {
  readonly file?: string;
  readonly target?: string;
  readonly at?: Date;
  readonly json: boolean;
};

function addExplain(mappings: Command, common: Common): void {
  mappings
    .command('explain')
    .description('show how the mappings come to what they give for one person')
    .argument('[person]', 'source:id, a stable id, a userName or a mail address')
    .option('--file <file>', 'instead: a YAML file with a person as the tests of mappings write them')
    .option('--target <name>', 'only at this target')
    .option('--at <time>', 'the time it is, as in 2026-03-01T12:00:00Z; without it: now', parseMoment)
    .option('--json', 'print it as JSON', false)
    .action(async (person: string | undefined, { file, target, at, json }: ExplainOptions) => {
      if ((person === undefined) === (file === undefined)) {
        throw new CannotStart('Name either a person, or with --file a file that holds one.');
      }
      await mappingsExplainCommand({
        ...common(),
        person: file === undefined ? { known: person ?? '' } : { file },
        target: target ?? null,
        at: at ?? null,
        json,
      });
    });
}

function addCheck(mappings: Command, common: Common): void {
  mappings
    .command('check')
    .description(
      'check mapping files in each of their environments: 0 in order, 2 something is told, 1 mistakes',
    )
    .argument('[file...]', 'mapping files; without any, those of the configuration')
    .option('--live', 'also ask sources and targets for the attributes that the mappings name', false)
    .option('--json', 'print the findings as JSON', false)
    .action(
      async (
        files: readonly string[],
        { live, json }: { readonly live: boolean; readonly json: boolean },
      ) => {
        process.exitCode = await mappingsCheckCommand({
          ...common(),
          stop: stopSignals().stop,
          files,
          live,
          json,
        });
      },
    );
}

function parseMoment(text: string): Date {
  const moment = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(moment.getTime()))
    return moment;
  throw new InvalidArgumentError('It must be a moment with its offset, as in 2026-03-01T12:00:00Z.');
}

/**
 * `landbridge init`: writes a first landbridge.yaml and a first mapping, by asking the source and the target what they
 * offer. It only reads there, overwrites nothing unless it is told to, and writes nothing where the source cannot be
 * asked. What it wrote is checked and tested as everything else is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import { KNOWLEDGE } from '../installation.ts';
import type { Logger } from '../signals/log.ts';
import { CannotStart } from './cannot-start.ts';
import { checkedInstallation, describeInstallation } from './check-config.ts';
import {
  type Ask,
  type InitOptions,
  type LdapAnswers,
  sourceAnswers,
  type TargetAnswers,
  targetAnswers,
} from './init-answers.ts';
import { configText, type SourceDraft } from './init-config.ts';
import { hasAddress, mappingText } from './init-mapping.ts';
import { type Offer, offerOfDirectory, offerOfFile } from './init-source.ts';
import { lookAtTarget } from './init-target.ts';
import { mappingsTestCommand } from './mappings-test.ts';
import type { Stopping } from './run-together.ts';

export type InitCommand = {
  /** Where landbridge.yaml is to stand. */
  readonly dir: string;
  readonly options: InitOptions;
  readonly force: boolean;
  /** null where nobody is at a terminal. */
  readonly ask: Ask;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly stopping: Pick<Stopping, 'stop' | 'hurry'>;
  readonly write: (text: string) => void;
  readonly note: (line: string) => void;
  readonly now: () => Date;
};

/** @throws CannotStart with why nothing was written, or what is wrong with what was */
export async function initCommand(command: InitCommand): Promise<void> {
  const { options, ask, write } = command;
  const dir = resolve(command.dir);
  const file = join(dir, 'landbridge.yaml');
  refuseToOverwrite([file], command);
  const source = await sourceAnswers(options, ask);
  const target = await targetAnswers(options, ask);
  const mapping = `mappings/${target.name}.yaml`;
  refuseToOverwrite([join(dir, mapping)], command);
  const draft = drafter(target, mapping, dir, command.env);
  const offer =
    source.kind === 'file' ? offerOfFile(source) : await offerOfLdap(source, draft, command.stopping.stop);
  for (const line of offer.found) write(line);
  if (target.profile.required.includes('emails') && !hasAddress(offer)) {
    const mend = 'Name a source that has one, or give a column of a CSV file the heading mail.';
    throw new CannotStart(
      `Targets with profile ${target.profile.name} make no account without a mail address, and none was found. ${mend}`,
    );
  }
  const names = { source: source.name, target: target.name };
  const { text } = draft(offer.draft);
  writeOut(
    join(dir, mapping),
    `${schemaLine('mapping', '../', dir)}${mappingText(offer, target.profile, names, command.now())}`,
  );
  writeOut(file, `${schemaLine('landbridge', './', dir)}${text}`);
  write(`wrote ${file} and ${join(dir, mapping)}`);
  await checkWritten(file, target, command);
  write(nextSteps(file, names).join('\n'));
}

function refuseToOverwrite(paths: readonly string[], { force }: InitCommand): void {
  for (const path of paths) {
    if (force || !existsSync(path)) continue;
    throw new CannotStart(
      `${path} is there already. Name another folder with --dir, or overwrite it with --force.`,
    );
  }
}

type Draft = (source: SourceDraft) => { readonly text: string; readonly config: Config };

/** Makes the configuration and checks it, so that nothing is asked or written with one that is wrong. */
function drafter(target: TargetAnswers, mapping: string, dir: string, env: NodeJS.ProcessEnv): Draft {
  return (source) => {
    const text = configText(source, target, mapping, dir);
    const file = join(dir, 'landbridge.yaml');
    // The mapping is made after the source was asked; what it says is of no matter here.
    const readFile = (path: string) => (path === join(dir, mapping) ? '' : readFileSync(path, 'utf8'));
    const loaded = loadConfig({ file, text, env, readFile, knowledge: KNOWLEDGE });
    if (loaded.ok) return { text, config: loaded.config };
    const problems = loaded.problems.map(({ field, message: why }) => `${field}: ${why}`);
    throw new CannotStart(
      ['Nothing was written, since landbridge.yaml would be wrong:', ...problems].join('\n'),
    );
  };
}

async function offerOfLdap(answers: LdapAnswers, draft: Draft, stop: AbortSignal): Promise<Offer> {
  const configFor = (people: string, groups: string | null) => {
    const { config } = draft({ answers, bases: { people, groups, lookup: null } });
    const source = config.sources[answers.name];
    if (source?.kind !== 'ldap') throw new Error('a directory was drafted as something else');
    return source;
  };
  return await offerOfDirectory(answers, configFor, stop);
}

/** For completion in editors, where the schemas are. */
function schemaLine(name: string, up: string, dir: string): string {
  const isThere = existsSync(join(dir, 'schemas', `${name}.schema.json`));
  return isThere ? `# yaml-language-server: $schema=${up}schemas/${name}.schema.json\n#\n` : '';
}

function writeOut(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new CannotStart(`${path} cannot be written (${why}). Name another folder with --dir.`);
  }
}

async function checkWritten(file: string, target: TargetAnswers, command: InitCommand): Promise<void> {
  const { env, write, now } = command;
  write(describeInstallation(file, checkedInstallation(file, env)));
  mappingsTestCommand({ file, env, files: [], environment: null, json: false, write, now });
  for (const line of await lookAtTarget(file, target.name, command)) write(line);
}

function nextSteps(
  file: string,
  { source, target }: { readonly source: string; readonly target: string },
): readonly string[] {
  const config = `-c ${file}`;
  return [
    '',
    'Next:',
    `  landbridge ${config} check source ${source}   what the source shows, and what is lacking`,
    `  landbridge ${config} plan --fresh   what would be written; nothing is`,
    `  landbridge ${config} adopt ${target}   what becomes of accounts that are there; then landbridge dev begins`,
  ];
}

/**
 * `landbridge check source`: asks a live source what it is and what it shows to us, and prints what was found, and what
 * to do. It goes by the configuration as a worker would, only reads, and needs no Redis. Exit codes: 0 all is well,
 * 2 it works and something is lacking, 1 it cannot be read, or not all of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceConfig } from '../config/index.ts';
import { fileSourceOptions } from '../file-source-options.ts';
import { type Installation, ldapOptions } from '../installation.ts';
import { mappedReads, readsOf } from '../source-reads.ts';
import type { SourceCheck, SourceReport } from '../sources/checking/report.ts';
import { checkFile } from '../sources/file/index.ts';
import { checkDirectory } from '../sources/ldap/index.ts';
import { CannotStart } from './cannot-start.ts';
import { describeSource } from './check-source-table.ts';
import type { CheckedSource } from './checked-source.ts';
import { countScope } from './count-scope.ts';
import { installationWithRedis } from './installation-with-redis.ts';

export type CheckSourceCommand = {
  readonly source: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whom to show; null: somebody. */
  readonly person: string | null;
  readonly showValues: boolean;
  readonly json: boolean;
  readonly write: (text: string) => void;
  /** For what goes on meanwhile. */
  readonly note: (line: string) => void;
  /** Ends the asking. */
  readonly stop: AbortSignal;
};

/** @returns the exit code. @throws CannotStart with the reason, where nothing could be asked at all */
export async function checkSourceCommand(command: CheckSourceCommand): Promise<0 | 1 | 2> {
  // Redis is not asked for anything; the configuration counts as right without one.
  const { installation } = installationWithRedis(command.file, command.env);
  const { sources } = installation.config;
  const source = Object.hasOwn(sources, command.source) ? sources[command.source] : undefined;
  if (source === undefined) {
    throw new CannotStart(`There is no source ${command.source}. Known: ${Object.keys(sources).join(', ')}.`);
  }
  const checked = await checkedSource(installation, source, command);
  command.write(command.json ? JSON.stringify(checked, null, 2) : describeSource(checked));
  return exitCodeOf(checked);
}

async function checkedSource(
  { mappings }: Installation,
  source: SourceConfig,
  { source: name, person, showValues, note, stop }: CheckSourceCommand,
): Promise<CheckedSource> {
  const now = () => new Date();
  // Whom a mapping takes that joins other sources cannot be told from one source alone.
  const own = mappings.filter((mapping) => mapping.source === name && mapping.joins === undefined);
  const scope = countScope(name, own, now);
  const check = (pushes: boolean): SourceCheck => ({
    mapped: mappedReads(name, mappings),
    pushes,
    person,
    showValues,
    onPerson: scope.take,
    note,
    elapsed: () => performance.now(),
    now,
    signal: stop,
  });
  const report = async (): Promise<SourceReport> => {
    if (source.kind === 'ldap') {
      return await checkDirectory(ldapOptions(name, source, mappings, now), check(source.poll.push));
    }
    if (source.kind === 'events') {
      throw new CannotStart(`Source ${name} is told by events and cannot be asked. See docs/api.md.`);
    }
    const options = fileSourceOptions(name, source, readsOf(name, mappings), {
      now,
      sleep: sleepUntilAborted,
    });
    return await checkFile(options, check(source.poll.push));
  };
  return { source: name, kind: source.kind, ...(await report()), scopes: scope.scopes() };
}

async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

function exitCodeOf({ findings, brokenOff, scopes }: CheckedSource): 0 | 1 | 2 {
  const some = (wanted: string) => findings.some(({ verdict }) => verdict === wanted);
  if (brokenOff !== null || some('wrong')) return 1;
  return some('lacking') || scopes.some(({ failed }) => failed > 0) ? 2 : 0;
}

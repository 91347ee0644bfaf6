/**
 * `landbridge mappings check`: what is found wrong with mapping files in each of their environments, and with `--live`
 * what their sources and targets say of the attributes that they name. It only reads. Exit codes: 0 in order, 2
 * something is told that was probably not meant, 1 mistakes, or somebody could not be asked.
 */
import { formatMappingProblem } from '../mapping/index.ts';
import type { Logger } from '../signals/log.ts';
import { type LoadedFile, mappingFiles } from './mappings-files.ts';
import { type LiveFinding, liveFindings } from './mappings-live.ts';

export type MappingsCheckCommand = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  /** Mapping files; empty: those of the configuration. */
  readonly files: readonly string[];
  readonly live: boolean;
  readonly json: boolean;
  readonly stop: AbortSignal;
  readonly write: (text: string) => void;
  readonly note: (line: string) => void;
};

type CheckedFile = {
  readonly file: string;
  readonly environment: string | null;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
};

/** @returns the exit code. @throws CannotStart where there is nothing to check, or nobody can be asked */
export async function mappingsCheckCommand(command: MappingsCheckCommand): Promise<0 | 1 | 2> {
  const files = mappingFiles({ ...command, environment: 'each' }).map(checkFile);
  const isSound = files.every(({ problems }) => problems.length === 0);
  const live = command.live && isSound ? await liveFindings(command) : [];
  command.write(
    command.json
      ? JSON.stringify({ files, live }, null, 2)
      : [...files.map(describe), ...describeLive(live)].join('\n'),
  );
  if (!isSound || live.some(({ verdict }) => verdict === 'wrong')) return 1;
  const isTold =
    files.some(({ warnings }) => warnings.length > 0) || live.some(({ verdict }) => verdict === 'lacking');
  return isTold ? 2 : 0;
}

function checkFile({ file, environment, loaded }: LoadedFile): CheckedFile {
  const lines = (loaded.ok ? loaded.warnings : loaded.problems).map(formatMappingProblem);
  return { file, environment, problems: loaded.ok ? [] : lines, warnings: loaded.ok ? lines : [] };
}

function describe({ file, environment, problems, warnings }: CheckedFile): string {
  const named = environment === null ? file : `${file} (${environment})`;
  return [
    ...problems,
    ...warnings.map((warning) => `warning: ${warning}`),
    `${named}: ${problems.length === 0 ? 'in order' : 'has mistakes'}`,
  ].join('\n');
}

function describeLive(live: readonly LiveFinding[]): readonly string[] {
  return live.map(({ about, what, shows, verdict, advice }) => {
    const told = `${about}: ${what} ${shows}`;
    return verdict === 'good' || verdict === 'told'
      ? told
      : `${verdict}: ${told}${advice === undefined ? '' : `. ${advice}`}`;
  });
}

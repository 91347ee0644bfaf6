/**
 * `landbridge mappings test`: runs the tests that stand in mapping files and shows what comes out otherwise, with the
 * values. Exit codes: 0 all pass, 1 some do not, or a file has mistakes.
 */
import { formatMappingProblem } from '../mapping/index.ts';
import { type LoadedFile, mappingFiles } from './mappings-files.ts';

export type MappingsTestCommand = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Mapping files; empty: those of the configuration. */
  readonly files: readonly string[];
  /** null: the one of the configuration. */
  readonly environment: string | null;
  readonly json: boolean;
  readonly write: (text: string) => void;
  readonly now: () => Date;
};

type Tested = {
  readonly file: string;
  readonly environment: string | null;
  /** What keeps the file from being tested. */
  readonly problems: readonly string[];
  readonly tests: readonly {
    readonly name: string;
    readonly passes: boolean;
    readonly faults: readonly { readonly where: string; readonly words: string }[];
  }[];
};

/** @returns the exit code. @throws CannotStart where there is no file to test */
export function mappingsTestCommand(command: MappingsTestCommand): 0 | 1 {
  const { environment: name, json, write, now } = command;
  const tested = mappingFiles({ ...command, environment: { name } }).map((one) => testFile(one, now()));
  write(json ? JSON.stringify({ files: tested }, null, 2) : tested.map(describe).join('\n'));
  const isInOrder = tested.every(
    ({ problems, tests }) => problems.length === 0 && tests.every(({ passes }) => passes),
  );
  return isInOrder ? 0 : 1;
}

function testFile({ file, environment, loaded }: LoadedFile, now: Date): Tested {
  if (!loaded.ok) {
    return { file, environment, problems: loaded.problems.map(formatMappingProblem), tests: [] };
  }
  const tests = loaded.mapping.tests.map((test) => {
    const faults = test.faults(now).map(({ file: at, line, column, shown }) => ({
      where: `${at}:${line}:${column}`,
      words: shown,
    }));
    return { name: test.name, passes: faults.length === 0, faults };
  });
  return { file, environment, problems: [], tests };
}

function describe({ file, environment, problems, tests }: Tested): string {
  const named = environment === null ? file : `${file} (${environment})`;
  if (problems.length > 0) return [...problems, `${named}: not tested, since it has mistakes`].join('\n');
  if (tests.length === 0) return `${named}: no tests`;
  const passing = tests.filter(({ passes }) => passes).length;
  const counted = `${passing} of ${tests.length} ${tests.length === 1 ? 'test passes' : 'tests pass'}`;
  const failing = tests.flatMap(({ name, faults }) =>
    faults.map(({ where, words }) => `${where} test "${name}": ${words}`),
  );
  return [...failing, `${named}: ${counted}`].join('\n');
}

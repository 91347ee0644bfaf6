/**
 * `landbridge check config`: says whether configuration and mappings are in order, or everything that is wrong with
 * them. The same check stands before every start.
 */
import { type Installation, loadInstallation } from '../installation.ts';
import { CannotStart } from './cannot-start.ts';

/**
 * @param tests whether failing tests of mappings count, as `loadInstallation` takes it
 * @throws CannotStart with every problem, a line each
 */
export function checkedInstallation(
  file: string,
  env: NodeJS.ProcessEnv,
  tests: 'count' | 'leave' = 'count',
): Installation {
  const loaded = loadInstallation(file, env, tests);
  if (loaded.ok) return loaded.installation;
  const { problems, files } = loaded;
  throw new CannotStart(
    [...problems, `${counted(problems.length, 'problem')} in ${listed(files)}`].join('\n'),
  );
}

/** What is there, and what is allowed but probably not meant. */
export function describeInstallation(file: string, { config, mappings, warnings }: Installation): string {
  const counts = [
    counted(Object.keys(config.sources).length, 'source'),
    counted(Object.keys(config.targets).length, 'target'),
    counted(mappings.length, 'mapping'),
  ];
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    `${file} is in order: ${counts.join(', ')}`,
  ].join('\n');
}

/** `a`, `a and b`, `a, b and c` */
function listed(names: readonly string[]): string {
  const last = names.slice(-2).join(' and ');
  return [...names.slice(0, -2), last].join(', ');
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

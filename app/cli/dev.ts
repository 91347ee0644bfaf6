/**
 * `landbridge dev`: everything of an installation on one machine, for a first try. Where REDIS_URL is not set, it
 * brings its own Redis, which is started first and stopped last.
 */
import type { EntryName } from './entries.ts';
import { installationWithRedis } from './installation-with-redis.ts';
import { startPrivateRedis } from './private-redis.ts';
import { type Ending, type Program, runTogether, type Stopping } from './run-together.ts';

const REDIS_DIED: Ending = { kind: 'died', name: 'the private Redis', how: 'by itself' };

type Dev = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (line: string) => void;
  readonly stopping: Stopping;
  /** How each part is started: `entryCommand`. */
  readonly commandOf: (name: EntryName) => Pick<Program, 'command' | 'args'>;
};

/** Runs until it is stopped. @returns the exit code: 0 where it was asked to stop, 1 where a part died */
export async function dev({ file, env, write, stopping, commandOf }: Dev): Promise<number> {
  const { privateRedisDir } = installationWithRedis(file, env);
  const childEnv = { ...env, LANDBRIDGE_CONFIG: file };
  const programs: readonly Program[] = [
    { name: 'web', ...commandOf('web'), env: childEnv },
    { name: 'worker', ...commandOf('worker'), env: childEnv },
  ];
  if (privateRedisDir === null) return exitCode(await runTogether(programs, write, stopping), write);
  return runWithPrivateRedis(privateRedisDir, programs, write, stopping);
}

async function runWithPrivateRedis(
  dir: string,
  programs: readonly Program[],
  write: (line: string) => void,
  stopping: Stopping,
): Promise<number> {
  const redis = await startPrivateRedis({ dir });
  write(`landbridge: private Redis started, its data is in ${dir}`);
  const stop = new AbortController();
  let redisDied = false;
  void redis.ended.then(() => {
    redisDied = true;
    stop.abort();
  });
  const pass = () => stop.abort();
  stopping.stop.addEventListener('abort', pass, { once: true });
  if (stopping.stop.aborted) pass();
  const connected = programs.map((program) => ({
    ...program,
    env: { ...program.env, REDIS_URL: redis.url },
  }));
  try {
    const ending = await runTogether(connected, write, { ...stopping, stop: stop.signal });
    return exitCode(redisDied ? REDIS_DIED : ending, write);
  } finally {
    stopping.stop.removeEventListener('abort', pass);
    await redis.stop();
  }
}

function exitCode(ending: Ending, write: (line: string) => void): number {
  if (ending.kind === 'asked') {
    write('landbridge: stopped');
    return 0;
  }
  write(`landbridge: ${ending.name} ended (${ending.how}); everything else was stopped`);
  return 1;
}

/**
 * How every process begins: reads the installation, or says everything that is wrong with it and ends with 1. Makes
 * the log, and turns a surprise that nobody caught into a last line and an end, since nobody knows what it left behind.
 */
import { type Installation, loadInstallation } from './installation.ts';
import { createLogger, type Logger } from './signals/log.ts';

export type Begun = {
  readonly installation: Installation;
  readonly redisUrl: string;
  readonly log: Logger;
};

/** @param name of the process, for the log */
export function begin(name: string, file: string, env: NodeJS.ProcessEnv): Begun {
  const loaded = loadInstallation(file, env);
  if (!loaded.ok) stopWith(loaded.problems);
  const { installation } = loaded;
  const redisUrl = installation.config.redis.url?.reveal();
  if (redisUrl === undefined) {
    stopWith([`${file} redis.url: is missing. Set REDIS_URL, or start with: landbridge dev.`]);
  }
  const log = createLogger({ name, level: installation.config.log.level });
  for (const warning of installation.warnings) log.warn(warning);
  for (const surprise of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(surprise, (error: unknown) => {
      log.fatal({ err: error }, 'ended by a surprise');
      process.exit(1);
    });
  }
  return { installation, redisUrl, log };
}

function stopWith(problems: readonly string[]): never {
  console.error(`Landbridge cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  process.exit(1);
}

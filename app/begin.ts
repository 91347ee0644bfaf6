/**
 * How every process begins and ends. Reads the installation, or says everything that is wrong with it and ends with 1.
 * Makes the log, and turns a surprise that nobody caught into a last line and an end, since nobody knows what it left
 * behind.
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

/** What is under way may take so long after the order to stop; deployments usually kill after 30 s. */
export const GRACE_MS = 20_000;
/** Beyond the grace, for what waits for a Redis that does not come back. */
const LAST_CALL_MS = 5_000;

/** Stops once on SIGTERM or SIGINT, and ends with 0, also where stopping comes to no end: others take the work over. */
export function endOnSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    log.info('stopping');
    setTimeout(() => {
      log.warn('stopped without waiting any longer, for Redis or for work under way');
      process.exit(0);
    }, GRACE_MS + LAST_CALL_MS);
    void stop().then(() => {
      log.info('stopped');
      process.exit(0);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
}

function stopWith(problems: readonly string[]): never {
  console.error(`Landbridge cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  process.exit(1);
}

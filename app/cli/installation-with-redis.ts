/**
 * An installation and where its Redis is: as configured, or a private one beside the configuration where it is to come
 * from REDIS_URL and that is not set. It starts nothing.
 */
import { dirname, join } from 'node:path';
import type { Installation } from '../installation.ts';
import { checkedInstallation } from './check-config.ts';

/** Stands in for the address of a Redis that is started only after the configuration was found to be right. */
const NOT_YET_STARTED = 'redis://127.0.0.1:1';
const REDIS_ORIGIN = `\${env:REDIS_URL}`;

export type InstallationWithRedis = {
  readonly installation: Installation;
  /** Where a private Redis keeps its data; null where another one is configured. */
  readonly privateRedisDir: string | null;
};

/**
 * @param tests whether failing tests of mappings count, as `loadInstallation` takes it
 * @throws CannotStart with every problem of the configuration
 */
export function installationWithRedis(
  file: string,
  env: NodeJS.ProcessEnv,
  tests: 'count' | 'leave' = 'count',
): InstallationWithRedis {
  const given = env['REDIS_URL']?.trim() ?? '';
  const url = given === '' ? NOT_YET_STARTED : given;
  const installation = checkedInstallation(file, { ...env, REDIS_URL: url }, tests);
  const fromEnvironment = installation.config.redis.url?.origin === REDIS_ORIGIN;
  const privateRedisDir = given === '' && fromEnvironment ? join(dirname(file), 'data', 'redis') : null;
  return { installation, privateRedisDir };
}

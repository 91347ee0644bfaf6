/**
 * The Redis of an installation for a command that ends: the configured one; else the private one of a Landbridge that
 * runs beside it; else a private one for as long as the command takes.
 */
import type { Installation } from '../installation.ts';
import { expectRedis } from './expect-redis.ts';
import { installationWithRedis } from './installation-with-redis.ts';
import { runningPrivateRedis, startPrivateRedis } from './private-redis.ts';

/**
 * @param tests whether failing tests of mappings count, as `loadInstallation` takes it
 * @throws CannotStart with every problem of the configuration, or why Redis cannot be used
 */
export async function withRedisAtHand<T>(
  file: string,
  env: NodeJS.ProcessEnv,
  work: (installation: Installation, redisUrl: string) => Promise<T>,
  tests: 'count' | 'leave' = 'count',
): Promise<T> {
  const { installation, privateRedisDir } = installationWithRedis(file, env, tests);
  const { url, close } = await redisAt(privateRedisDir, installation);
  try {
    await expectRedis(url);
    return await work(installation, url);
  } finally {
    await close();
  }
}

async function redisAt(privateDir: string | null, { config }: Installation) {
  if (privateDir === null) return { url: config.redis.url?.reveal() ?? '', close: async () => {} };
  const running = runningPrivateRedis(privateDir);
  if (running !== null) return { url: running, close: async () => {} };
  const own = await startPrivateRedis({ dir: privateDir });
  return { url: own.url, close: () => own.stop() };
}

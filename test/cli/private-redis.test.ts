import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type PrivateRedis, runningPrivateRedis, startPrivateRedis } from '../../app/cli/private-redis.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function start(dir: string): Promise<PrivateRedis> {
  const redis = await startPrivateRedis({ dir });
  onTestFinished(() => redis.stop());
  return redis;
}

async function ask<T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

test('a restart with the same folder knows what was known before', async () => {
  const dir = join(temporaryFolder(), 'deep', 'redis "quoted"');
  const first = await start(dir);
  await ask(first.url, (client) => client.set('person', 'known'));
  await first.stop();
  const second = await start(dir);
  expect(await ask(second.url, (client) => client.get('person'))).toBe('known');
});

test('every write goes to disk and nothing is evicted', async () => {
  const { url } = await start(temporaryFolder());
  const setting = (name: string) =>
    ask(url, async (client) => (await client.config('GET', name)) as string[]);
  expect(await setting('appendonly')).toEqual(['appendonly', 'yes']);
  expect(await setting('appendfsync')).toEqual(['appendfsync', 'everysec']);
  expect(await setting('maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
});

test('it listens to this machine alone and asks for its password', async () => {
  const { url } = await start(temporaryFolder());
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const stranger = new Redis(Number(new URL(url).port), '127.0.0.1', { enableReadyCheck: false });
  stranger.on('error', () => {});
  onTestFinished(() => stranger.disconnect());
  await expect(stranger.get('person')).rejects.toThrow('NOAUTH');
});

test('its password stands in no command line', async () => {
  const dir = temporaryFolder();
  const { url } = await start(dir);
  const pid = readFileSync(join(dir, 'redis.pid'), 'utf8').trim();
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(new URL(url).password);
});

test('its folder is closed to others, also where it was there before', async () => {
  const dir = temporaryFolder();
  chmodSync(dir, 0o755);
  await start(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

test('a second start in a folder that is in use is refused and says which process to stop', async () => {
  const dir = temporaryFolder();
  await start(dir);
  const pid = readFileSync(join(dir, 'redis.pid'), 'utf8').trim();
  await expect(startPrivateRedis({ dir })).rejects.toThrow(
    `A private Redis (process ${pid}) already uses ${dir}. Stop that Landbridge, or: kill ${pid}`,
  );
});

test('a pid file left by a power cut does not keep it from starting', async () => {
  const dir = temporaryFolder();
  // This test's own process: alive, but no Redis.
  writeFileSync(join(dir, 'redis.pid'), `${process.pid}\n`);
  const redis = await start(dir);
  expect(await ask(redis.url, (client) => client.ping())).toBe('PONG');
});

test('stopping ends the process and takes the pid file away', async () => {
  const dir = temporaryFolder();
  const redis = await start(dir);
  await redis.stop();
  await redis.ended;
  expect(existsSync(join(dir, 'redis.pid'))).toBe(false);
});

test('a machine without Redis is told how to get it', async () => {
  const dir = temporaryFolder();
  await expect(startPrivateRedis({ dir, searchPath: dir })).rejects.toThrow(
    'Neither redis-server nor valkey-server is installed. Run: npm run setup, or set REDIS_URL.',
  );
});

test('a Redis that cannot start says why', async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'appendonlydir'), 'a file where the folder of the append-only files belongs');
  await expect(startPrivateRedis({ dir })).rejects.toThrow(
    /^The private Redis in .* did not start: .*appendonlydir/i,
  );
});

test('a command that is given while it runs finds it, and nobody else can read where it is', async () => {
  const dir = temporaryFolder();
  expect(runningPrivateRedis(dir)).toBeNull();
  const redis = await startPrivateRedis({ dir });
  const found = runningPrivateRedis(dir);
  const mode = statSync(join(dir, 'redis.address')).mode & 0o777;
  await redis.stop();
  expect(found).toBe(redis.url);
  expect(mode).toBe(0o600);
  expect(runningPrivateRedis(dir)).toBeNull();
  expect(existsSync(join(dir, 'redis.address'))).toBe(false);
});

/** A Redis of its own for each test file: a free loopback port, nothing kept on disk unless asked for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../sandbox/free-port.ts';

export type TestRedis = {
  readonly url: string;
  /** Kills it, and starts it with what it has on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * @param password what clients have to know; without it nothing
 * @param keeps whether each write is on disk before it is answered
 */
export async function startRedis(password = '', keeps = false): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'landbridge-redis-'));
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    keeps ? 'yes' : 'no',
    '--appendfsync',
    'always',
    ...(password === '' ? [] : ['--requirepass', password]),
  ];
  let child = spawn('redis-server', options, { stdio: 'ignore' });
  const url = `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`;
  await untilItAnswers(url, child);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    // A test may have stopped it already, to see what happens then.
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    url,
    async restart() {
      await end('SIGKILL');
      child = spawn('redis-server', options, { stdio: 'ignore' });
      await untilItAnswers(url, child);
    },
    async stop() {
      await end('SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  let failed = false;
  child.once('error', () => {
    failed = true;
  });
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => {
    failed ||= child.exitCode !== null;
    if (failed) redis.disconnect();
  });
  try {
    await redis.ping();
  } catch {
    throw new Error('redis-server did not start: run `npm run setup`');
  } finally {
    redis.disconnect();
  }
}

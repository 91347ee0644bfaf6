/**
 * A Redis of our own for a first try and for the demo: on a free loopback port, behind a random password, with
 * every write in an append-only file, so that a restart with the same folder knows everything it knew.
 * It never touches a Redis that somebody else runs. Production uses its own Redis through REDIS_URL.
 *
 * While it runs, its address lies in its folder, which is closed to everybody else, like its data: commands that are
 * given meanwhile find it there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { CannotStart } from './cannot-start.ts';
import { findProgram } from './find-program.ts';
import { runningRedis } from './running-redis.ts';

export type PrivateRedis = {
  /** Address with password: a secret, for the environment of our own processes only. */
  readonly url: string;
  /** Settles when the server is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server after it wrote everything to disk. */
  stop(): Promise<void>;
};

type Options = {
  /** Where the data lives; made where it is missing. */
  readonly dir: string;
  /** Where programs are looked for; by default PATH. */
  readonly searchPath?: string;
};

const ADDRESS_FILE = 'redis.address';
const PROGRAMS = ['redis-server', 'valkey-server'];
const STARTS = 5;
const LAST_LINES = 5;

/** Starts a private Redis and waits until it answers. @throws CannotStart with what to do about it */
export async function startPrivateRedis({
  dir,
  searchPath = process.env['PATH'] ?? '',
}: Options): Promise<PrivateRedis> {
  const folder = resolve(dir);
  const program = findProgram(PROGRAMS, searchPath);
  if (program === null) {
    throw new CannotStart(
      'Neither redis-server nor valkey-server is installed. Run: npm run setup, or set REDIS_URL.',
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Redis makes its files readable for all; a folder that was there before may be open, too.
  chmodSync(folder, 0o700);
  const pidFile = join(folder, 'redis.pid');
  const other = runningRedis(pidFile);
  if (other !== null) {
    throw new CannotStart(
      `A private Redis (process ${other}) already uses ${dir}. Stop that Landbridge, or: kill ${other}`,
    );
  }
  const addressFile = join(folder, ADDRESS_FILE);
  rmSync(addressFile, { force: true });
  for (let start = 1; ; start += 1) {
    const server = await launch(program, folder, pidFile);
    if (server.kind === 'answers') return findable(server.redis, addressFile);
    // Between finding a free port and listening on it, somebody else may take it.
    if (!/address already in use/i.test(server.lastWords) || start === STARTS) {
      throw new CannotStart(`The private Redis in ${dir} did not start: ${server.lastWords}`);
    }
  }
}

/** The address of the private Redis that runs in this folder now; null where none does, or none that can be found. */
export function runningPrivateRedis(dir: string): string | null {
  const folder = resolve(dir);
  if (runningRedis(join(folder, 'redis.pid')) === null) return null;
  try {
    return readFileSync(join(folder, ADDRESS_FILE), 'utf8').trim();
  } catch {
    return null;
  }
}

function findable(redis: PrivateRedis, addressFile: string): PrivateRedis {
  writeFileSync(addressFile, `${redis.url}\n`, { mode: 0o600 });
  const stop = async () => {
    rmSync(addressFile, { force: true });
    await redis.stop();
  };
  return { ...redis, stop };
}

type Launched =
  | { readonly kind: 'answers'; readonly redis: PrivateRedis }
  | { readonly kind: 'ended'; readonly lastWords: string };

async function launch(program: string, folder: string, pidFile: string): Promise<Launched> {
  const port = await freePort();
  const password = randomBytes(24).toString('hex');
  // A group of its own: Ctrl-C in a terminal reaches the whole group, and Redis has to outlive its clients.
  const child = spawn(program, ['-'], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const lastWords = keepLastLines(child);
  const ended = new Promise<void>((settle) => {
    child.once('exit', () => settle());
    child.once('error', () => settle());
  });
  // Over standard input, because arguments can be read by every user of the machine.
  child.stdin.on('error', () => {});
  child.stdin.end(serverConfig({ port, password, folder, pidFile }));
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const answered = await Promise.race([answers(url, ended), ended.then(() => false)]);
  if (!answered) return { kind: 'ended', lastWords: lastWords() };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { kind: 'answers', redis: { url, ended, stop } };
}

function serverConfig(options: { port: number; password: string; folder: string; pidFile: string }): string {
  return [
    'bind 127.0.0.1',
    `port ${options.port}`,
    `requirepass ${options.password}`,
    `dir ${JSON.stringify(options.folder)}`,
    `pidfile ${JSON.stringify(options.pidFile)}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'save ""',
    '',
  ].join('\n');
}

/** True once the server answers; the client repeats by itself while it is starting or loading its data. */
async function answers(url: string, ended: Promise<void>): Promise<boolean> {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => {});
  void ended.then(() => client.disconnect());
  try {
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

function keepLastLines(child: ChildProcess): () => string {
  const lines: string[] = [];
  const take = (chunk: Buffer) => {
    lines.push(
      ...chunk
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== ''),
    );
    lines.splice(0, lines.length - LAST_LINES);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return () => lines.join(' / ');
}

function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => settle(port));
    });
  });
}

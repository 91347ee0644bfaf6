import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dev } from '../../app/cli/dev.ts';
import { runningRedis } from '../../app/cli/running-redis.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NEVER = new AbortController().signal;
const IOREDIS = JSON.stringify(import.meta.resolve('ioredis'));

/** Stands in for web and worker: says that it reaches its Redis, then waits to be stopped. */
const PART = `
  import { Redis } from ${IOREDIS};
  const redis = new Redis(process.env.REDIS_URL);
  process.on('SIGTERM', async () => { console.log('last write ' + await redis.set('a', 'b')); redis.disconnect(); process.exit(0); });
  console.log('redis says ' + await redis.ping());
`;

function installation(): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  writeFileSync(file, RIGHT);
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  return { folder, file };
}

type Parts = { readonly web: string; readonly worker: string };

async function run(file: string, parts: Parts, stopAfter: number, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const stop = new AbortController();
  const exitCode = await dev({
    file,
    env: { PATH: process.env['PATH'], ...ENV, ...env },
    write: (line) => {
      lines.push(line);
      if (lines.filter((shown) => shown.includes('redis says PONG')).length === stopAfter) stop.abort();
    },
    stopping: { stop: stop.signal, hurry: NEVER, graceMs: 30_000 },
    commandOf: (name) => ({ command: process.execPath, args: ['--input-type=module', '-e', parts[name]] }),
  });
  return { exitCode, lines };
}

test('without REDIS_URL a private Redis serves both parts until their last write, then stops', async () => {
  const { folder, file } = installation();
  const { exitCode, lines } = await run(file, { web: PART, worker: PART }, 2);
  expect(exitCode).toBe(0);
  expect(lines[0]).toBe(`landbridge: private Redis started, its data is in ${folder}/data/redis`);
  expect(lines.slice(3, 5).sort()).toEqual(['web    | last write OK', 'worker | last write OK']);
  expect(lines.at(-1)).toBe('landbridge: stopped');
  expect(runningRedis(join(folder, 'data', 'redis', 'redis.pid'))).toBeNull();
});

test('when a part dies, everything is stopped and the exit code says so', async () => {
  const { folder, file } = installation();
  const { exitCode, lines } = await run(file, { web: PART, worker: 'process.exit(7)' }, 99);
  expect(exitCode).toBe(1);
  expect(lines.at(-1)).toBe('landbridge: worker ended (exit code 7); everything else was stopped');
  expect(runningRedis(join(folder, 'data', 'redis', 'redis.pid'))).toBeNull();
});

test('when the private Redis dies, it is named and everything else is stopped', async () => {
  const { folder, file } = installation();
  const pidFile = JSON.stringify(join(folder, 'data', 'redis', 'redis.pid'));
  const killer = `import { readFileSync } from 'node:fs'; process.kill(Number(readFileSync(${pidFile}, 'utf8')), 'SIGKILL'); setInterval(() => {}, 1000)`;
  const { exitCode, lines } = await run(file, { web: 'setInterval(() => {}, 1000)', worker: killer }, 99);
  expect(exitCode).toBe(1);
  expect(lines.at(-1)).toBe('landbridge: the private Redis ended (by itself); everything else was stopped');
});

test('a REDIS_URL that is set is used, and no Redis is started', async () => {
  const { file } = installation();
  const shows = 'console.log(process.env.REDIS_URL)';
  const { lines } = await run(file, { web: shows, worker: 'setInterval(() => {}, 1000)' }, 99, {
    REDIS_URL: 'redis://127.0.0.1:1',
  });
  expect(lines).toEqual([
    'web    | redis://127.0.0.1:1',
    'landbridge: web ended (exit code 0); everything else was stopped',
  ]);
});

test('a wrong configuration starts nothing and shows what is wrong', async () => {
  const { file } = installation();
  writeFileSync(file, RIGHT.replace('version: 1', 'version: 2'));
  await expect(run(file, { web: PART, worker: PART }, 1)).rejects.toThrow(
    `${file}:1:1 version: must be one of: 1.\n1 problem in ${file}`,
  );
});

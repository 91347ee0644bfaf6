import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { mintTargetToken } from '../../app/cli/token-mint.ts';
import { createLogger } from '../../app/signals/log.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { startRedis } from '../support/redis.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

const USER = 'ops@example.test';

async function setup(): Promise<{ sandbox: Sandbox; file: string; tokenFile: string; redisUrl: string }> {
  const [sandbox, redis] = await Promise.all([
    startSandbox({ signIns: [{ user: USER, password: 'right' }] }),
    startRedis(),
  ]);
  onTestFinished(async () => {
    await Promise.all([sandbox.stop(), redis.stop()]);
  });
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const text = RIGHT.replace('https://account.example.test/io/scim/v1', sandbox.baseUrl);
  writeFileSync(file, text.replace('kind: basic,', 'kind: minted, keep: { file: token },'));
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  return { sandbox, file, tokenFile: join(folder, 'token'), redisUrl: redis.url };
}

function mint(file: string, redisUrl: string, password: string, target = 'agileplace'): Promise<string> {
  return mintTargetToken({
    target,
    file,
    env: { ...ENV, REDIS_URL: redisUrl, TARGET_PASSWORD: password },
    log: createLogger({ level: 'error', name: 'test' }),
    signal: new AbortController().signal,
  });
}

test('a token is made once, kept where the configuration says, and never shown', async () => {
  const { sandbox, file, tokenFile, redisUrl } = await setup();
  const said = await mint(file, redisUrl, 'right');
  expect(said).toBe(`target agileplace has a token; it is kept in ${tokenFile}`);
  const kept = readFileSync(tokenFile, 'utf8');
  expect(kept).not.toBe('');
  await mint(file, redisUrl, 'right');
  expect(readFileSync(tokenFile, 'utf8')).toBe(kept);
  const requests = (await sandbox.journal()).map(({ method, path }) => `${method} ${path}`);
  expect(requests).toEqual(['POST /io/auth/token']);
});

test('a wrong password shows at once, and in no message (O-27)', async () => {
  const { file, redisUrl } = await setup();
  await expect(mint(file, redisUrl, 'canary-pw')).rejects.toThrow(
    /^POST \/io\/auth\/token at agileplace: name and password were refused \(401\)$/,
  );
});

test('an unknown target is answered with those that are known', async () => {
  const { file, redisUrl } = await setup();
  await expect(mint(file, redisUrl, 'right', 'other')).rejects.toThrow(
    'There is no target other. Known: agileplace.',
  );
});

test('without REDIS_URL it says that nothing needs to be done, and how to do it by hand', async () => {
  const { file } = await setup();
  await expect(mint(file, '', 'right')).rejects.toThrow(
    /^Minting needs Redis, so that only one process does it, and REDIS_URL is not set\. A running landbridge dev \(npm start\) brings its own Redis and mints by itself before its first request to the target: nothing needs to be done\. To mint by hand, set REDIS_URL to the Redis that Landbridge uses\.$/,
  );
});

test('a Redis that refuses the password is told apart from one that does not answer', async () => {
  const { file, redisUrl } = await setup();
  const { host } = new URL(redisUrl);
  const redis = new Redis(redisUrl);
  await redis.config('SET', 'requirepass', 'other');
  redis.disconnect();
  await expect(mint(file, `redis://:canary@${host}`, 'right')).rejects.toThrow(
    /^redis refuses the user name or password of its address; check REDIS_URL or redis\.url$/,
  );
});

test('a Redis that does not answer is not waited for', async () => {
  const { file } = await setup();
  await expect(mint(file, 'redis://127.0.0.1:1', 'right')).rejects.toThrow(
    'Redis does not answer. Check REDIS_URL, and that it runs.',
  );
});

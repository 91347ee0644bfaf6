import { readFileSync, writeFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { mintTargetToken } from '../../app/cli/token-mint.ts';
import { asking, keptToken, mintingInstallation as setup } from './minting-installation.ts';

function mint(file: string, redisUrl: string, password = 'right', target?: string): Promise<string> {
  return mintTargetToken({ ...asking(file, redisUrl, password, target), rotate: false });
}

function rotate(file: string, redisUrl: string): Promise<string> {
  return mintTargetToken({ ...asking(file, redisUrl), rotate: true });
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

describe('with --rotate', () => {
  test('another token is kept, and the old one is revoked at the target', async () => {
    const { sandbox, file, tokenFile, redisUrl } = await setup();
    await mint(file, redisUrl);
    const old = keptToken(tokenFile);
    expect(await rotate(file, redisUrl)).toBe(
      `target agileplace has a new token; it is kept in ${tokenFile}; the old one (${old.id}) is revoked`,
    );
    const now = keptToken(tokenFile);
    expect(now.token).not.toBe(old.token);
    expect((await sandbox.tokens()).map(({ id }) => id)).toEqual([now.id]);
  });

  test('where none was kept yet, one is', async () => {
    const { sandbox, file, tokenFile, redisUrl } = await setup();
    expect(await rotate(file, redisUrl)).toBe(
      `target agileplace has a new token; it is kept in ${tokenFile}`,
    );
    expect(await sandbox.tokens()).toHaveLength(1);
  });

  test('where the old one was put there by hand, its id is not known', async () => {
    const { file, tokenFile, redisUrl } = await setup();
    writeFileSync(tokenFile, 'by-hand\n');
    expect(await rotate(file, redisUrl)).toBe(
      `target agileplace has a new token; it is kept in ${tokenFile}; the id of the old one is not known: look at landbridge token list agileplace`,
    );
  });

  test('where the old one cannot be revoked, the new one is kept, and the command fails with what to do', async () => {
    const { sandbox, file, tokenFile, redisUrl } = await setup();
    await mint(file, redisUrl);
    const old = keptToken(tokenFile);
    await sandbox.fault({ kind: 'status', status: 500, method: 'DELETE' });
    await expect(rotate(file, redisUrl)).rejects.toThrow(
      `but the old one (${old.id}) is not revoked: DELETE /io/auth/token/ID at agileplace: answered 500. Try later: landbridge token revoke agileplace ${old.id}`,
    );
    expect(keptToken(tokenFile).id).not.toBe(old.id);
  });

  test('with OAuth another token is kept, and the old one runs out', async () => {
    const auth = "kind: oauth2, tokenUrl: 'SANDBOX/oauth/token', keep: { file: token },";
    const { sandbox, file, tokenFile, redisUrl } = await setup(auth, { dialect: 'generic' }, 'generic');
    expect(await mint(file, redisUrl)).toBe(`target agileplace has a token; it is kept in ${tokenFile}`);
    const old = keptToken(tokenFile);
    expect(await rotate(file, redisUrl)).toBe(
      `target agileplace has a new token; it is kept in ${tokenFile}; the old one runs out by itself`,
    );
    expect(keptToken(tokenFile).token).not.toBe(old.token);
    const requests = (await sandbox.journal()).map(
      ({ method, path, status }) => `${method} ${path} ${status}`,
    );
    expect(requests).toEqual(Array(2).fill('POST /oauth/token 200'));
  });

  test('a wrong client secret shows at once, and in no message (O-27)', async () => {
    const auth = "kind: oauth2, tokenUrl: 'SANDBOX/oauth/token', keep: { file: token },";
    const { file, redisUrl } = await setup(auth, { dialect: 'generic' }, 'generic');
    await expect(mint(file, redisUrl, 'canary-pw')).rejects.toThrow(
      /^POST \/oauth\/token for agileplace: invalid_client \(401\); check clientId, clientSecret and clientAuthentication$/,
    );
  });
});

test('a target that gets no token of its own is not asked for one', async () => {
  const { file, redisUrl } = await setup('kind: basic,');
  await expect(mint(file, redisUrl)).rejects.toThrow(
    'Target agileplace gets no token of its own: its auth.kind is basic. Set it to minted or oauth2.',
  );
});

/** An installation whose target mints tokens: files, a sandbox and a Redis that are there for one test only. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AtTarget } from '../../app/cli/token-at-target.ts';
import { createLogger } from '../../app/signals/log.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { startRedis } from '../support/redis.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type MintingInstallation = {
  readonly sandbox: Sandbox;
  readonly file: string;
  readonly tokenFile: string;
  readonly redisUrl: string;
};

/** @param auth kind and what it needs, in place of a minted token in a file */
export async function mintingInstallation(
  auth = 'kind: minted, keep: { file: token },',
  options: SandboxOptions = {},
  profile = 'agileplace',
): Promise<MintingInstallation> {
  const [sandbox, redis] = await Promise.all([
    startSandbox({ signIns: [{ user: 'ops@example.test', password: 'right' }], ...options }),
    startRedis(),
  ]);
  onTestFinished(async () => {
    await Promise.all([sandbox.stop(), redis.stop()]);
  });
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const text = RIGHT.replace('https://account.example.test/io/scim/v1', sandbox.baseUrl)
    .replace('profile: agileplace', `profile: ${profile}`)
    .replace('kind: basic,', auth.replaceAll('SANDBOX', sandbox.origin));
  // OAuth calls the two by other names.
  const named = auth.includes('oauth2')
    ? text.replace('username:', 'clientId:').replace("password: '${env:TARGET", "clientSecret: '${env:TARGET")
    : text;
  writeFileSync(file, named);
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  return { sandbox, file, tokenFile: join(folder, 'token'), redisUrl: redis.url };
}

export function asking(file: string, redisUrl: string, password = 'right', target = 'agileplace'): AtTarget {
  return {
    target,
    file,
    env: { ...ENV, REDIS_URL: redisUrl, TARGET_PASSWORD: password },
    log: createLogger({ level: 'error', name: 'test' }),
    signal: new AbortController().signal,
  };
}

export function keptToken(tokenFile: string): { token: string; id: string } {
  return JSON.parse(readFileSync(tokenFile, 'utf8'));
}

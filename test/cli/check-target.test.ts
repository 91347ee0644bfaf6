import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type CheckTargetCommand, checkTargetCommand } from '../../app/cli/check-target.ts';
import { createLogger } from '../../app/signals/log.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { startRedis } from '../support/redis.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PASSWORD = 'sandbox-pw';

type Installed = { readonly sandbox: Sandbox; readonly file: string };

async function installed(dialect: string, profile: string): Promise<Installed> {
  const sandbox = await startSandbox({
    dialect,
    signIns: [{ user: 'ops@example.test', password: PASSWORD }],
  });
  onTestFinished(async () => {
    await sandbox.stop();
  });
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const text = RIGHT.replace('https://account.example.test/io/scim/v1', sandbox.baseUrl);
  writeFileSync(file, text.replace('profile: agileplace', `profile: ${profile}`));
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  return { sandbox, file };
}

/** Runs the command. @returns its exit code and what it wrote */
async function run(
  file: string,
  more: Partial<CheckTargetCommand> = {},
): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const never = new AbortController().signal;
  const code = await checkTargetCommand({
    target: 'agileplace',
    file,
    env: { ...process.env, ...ENV, TARGET_PASSWORD: PASSWORD, REDIS_URL: '' },
    log: createLogger({ level: 'error', name: 'test' }),
    stopping: { stop: never, hurry: never },
    userDomain: 'example.invalid',
    json: false,
    write: (text) => void lines.push(text),
    note: () => {},
    randomText: () => '0a1b2c3d4e5f',
    ...more,
  });
  return { code, text: lines.join('\n') };
}

test('a target as its profile says: 0, with a private Redis where none is set', async () => {
  const { file } = await installed('generic', 'generic');
  const { code, text } = await run(file);
  expect(text).toMatch(/^target agileplace, profile generic\n/);
  expect(text).toMatch(/\n\d+ agree, 0 differ, \d+ unknown$/);
  expect(code).toBe(0);
});

test('a target that differs: 2, with what to do and the profile that fits better', async () => {
  const { sandbox, file } = await installed('wso2', 'generic');
  await sandbox.seed({ userName: 'canary', name: { familyName: 'Quillfeather' }, title: 'x' });
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const env = { ...process.env, ...ENV, TARGET_PASSWORD: PASSWORD, REDIS_URL: redis.url };
  const { code, text } = await run(file, { env, userDomain: null });
  expect(code).toBe(2);
  expect(text).toContain(
    "- list: shows users: what a list leaves out would read as gone: the profile's listShows has to be stubs",
  );
  expect(text).toContain('Another profile fits better: wso2 differs in 0, generic in 3.');
  expect(text).not.toContain('canary');
  const methods = new Set((await sandbox.journal()).map(({ method }) => method));
  expect(methods).toEqual(new Set(['GET']));
});

test('a target that cannot be asked: 1, and why; no secret is told (O-27)', async () => {
  const { file } = await installed('generic', 'generic');
  const env = { ...process.env, ...ENV, REDIS_URL: '' };
  const { code, text } = await run(file, { env });
  expect({ code, text }).toEqual({
    code: 1,
    text: [
      'target agileplace, profile generic',
      '',
      'The check was broken off: GET Users at agileplace: our credential was refused (401); renew it',
    ].join('\n'),
  });
});

test('an account that stays switched on: 1, whatever else was found', async () => {
  const { sandbox, file } = await installed('generic', 'generic');
  await sandbox.fault({ kind: 'status', status: 403, method: 'DELETE' });
  const { code, text } = await run(file);
  expect(code).toBe(1);
  const id = (await sandbox.account('landbridge-check-0a1b2c3d4e5f@example.invalid'))?.id;
  expect(text).toContain(
    `- landbridge-check-0a1b2c3d4e5f@example.invalid (id ${id}) may still be there, switched on: remove it by hand`,
  );
});

test('the same as JSON, for a program to read', async () => {
  const { file } = await installed('generic', 'generic');
  const { text } = await run(file, { json: true, userDomain: null });
  expect(JSON.parse(text)).toMatchObject({
    target: 'agileplace',
    profile: 'generic',
    findings: expect.arrayContaining([
      { what: 'service', says: 'a list of users', shows: 'a list of users', verdict: 'agrees' },
    ]),
    fitsBetter: null,
    brokenOff: null,
    left: [],
  });
});

test('an unknown target is answered with those that are known', async () => {
  const { file } = await installed('generic', 'generic');
  await expect(run(file, { target: 'other' })).rejects.toThrow(
    'There is no target other. Known: agileplace.',
  );
});

test('Ctrl-C in the middle: the account is removed before the command ends', async () => {
  const { sandbox, file } = await installed('generic', 'generic');
  await sandbox.fault({ kind: 'latency', milliseconds: 3_000, method: 'PATCH' });
  const command = ['--import', import.meta.resolve('tsx'), resolve('app/cli/main.ts'), '--config', file];
  const child = spawn(process.execPath, [...command, 'check', 'target', 'agileplace', '--write'], {
    env: { ...process.env, ...ENV, TARGET_PASSWORD: PASSWORD, REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = once(child, 'exit');
  await expect
    .poll(async () => (await sandbox.journal({ method: 'PATCH' })).length, { timeout: 20_000 })
    .toBe(1);
  child.kill('SIGINT');
  expect(await ended).toEqual([1, null]);
  expect(text).toContain('The check was broken off: PATCH Users/{id} at agileplace: we stopped waiting');
  expect(await sandbox.accounts()).toEqual([]);
});

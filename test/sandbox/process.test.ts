/**
 * The sandbox as a process: its flags, its start and its end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readCommandLine } from '../../sandbox/scim-target/options.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../support/sandbox.ts';
import { ask } from './scim-request.ts';

const running: Sandbox[] = [];
const folders: string[] = [];

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function dataFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  folders.push(folder);
  return join(folder, 'target.json');
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with 0, also while an answer is being held back',
  async (signal) => {
    const sandbox = await start();
    await sandbox.fault({ kind: 'latency', milliseconds: 600_000 });
    const held = ask(sandbox, 'GET', '/Users').catch(() => 'cut');
    await expect.poll(() => sandbox.journal(), { timeout: 20_000 }).toHaveLength(1);
    expect(await sandbox.stop(signal)).toBe(0);
    expect(await held).toBe('cut');
  },
);

test('it does not outlive the process that started it', async () => {
  const args = ['--import', 'tsx', 'sandbox/scim-target/main.ts', '--stop-with-stdin'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const exit = once(child, 'exit');
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
});

test('O-18 · without unique names the same user can be created twice', async () => {
  const sandbox = await start({ unique: false });
  const create = () => ask(sandbox, 'POST', '/Users', { userName: 'ana@corp.test' });
  expect([(await create()).status, (await create()).status]).toEqual([201, 201]);
  expect(await sandbox.accounts()).toHaveLength(2);
});

test('with a data file accounts, tokens and ids outlive a restart, and the file holds no secret', async () => {
  const data = await dataFile();
  const first = await start({ data });
  const before = await first.seed({ userName: 'ana@corp.test', password: 'canary-pw' });
  const { body: token } = await ask(first, 'POST', '/io/auth/token', { description: 'kept' });
  await first.stop();
  const text = await readFile(data, 'utf8');
  for (const secret of ['canary-pw', String(token['token']), first.password])
    expect(text).not.toContain(secret);

  const second = await start({ data });
  expect(await second.accounts()).toEqual([before]);
  const headers = { Authorization: `Bearer ${token['token']}` };
  expect((await ask(second, 'GET', '/Users', undefined, headers)).status).toBe(200);
  const next = await second.seed({ userName: 'bob@corp.test' });
  expect(BigInt(next.id)).toBeGreaterThan(BigInt(String(token['id'])));
});

test('groups outlive a restart, with their members', async () => {
  const data = await dataFile();
  const first = await start({ data, dialect: 'generic' });
  const { id } = await first.seed({ userName: 'ana@corp.test' });
  await ask(first, 'POST', '/Groups', { displayName: 'Maths', members: [{ value: id }] });
  const before = (await ask(first, 'GET', '/Groups')).body['totalResults'];
  await first.stop();
  const second = await start({ data, dialect: 'generic' });
  const { body } = await ask(second, 'GET', `/Users/${id}`);
  expect([before, body['groups']]).toMatchObject([1, [{ display: 'Maths' }]]);
});

test('a data file that is something else is not touched', async () => {
  const data = await dataFile();
  await writeFile(data, 'my notes');
  await expect(start({ data })).rejects.toThrow('does not hold a saved sandbox target');
  expect(await readFile(data, 'utf8')).toBe('my notes');
});

test('a port that is taken is said in one line', async () => {
  const first = await start();
  const port = Number(new URL(first.baseUrl).port);
  await expect(start({ port })).rejects.toThrow(/The sandbox target cannot start: listen EADDRINUSE/);
});

test('without flags it has the documented defaults', () => {
  expect(readCommandLine([])).toMatchObject({
    kind: 'ok',
    stopWithStdin: false,
    options: {
      port: 0,
      controlPort: 0,
      dialect: { name: 'agileplace', limits: { points: 120, windowSeconds: 60 }, bulk: null },
      rateHeaders: 'x',
      signIns: [{ user: 'admin@sandbox.test', password: 'sandbox' }],
      staticTokens: ['sandbox-token'],
      tokenLifetimeSeconds: 3600,
      journalCapacity: 100_000,
      unique: true,
      data: undefined,
    },
  });
});

test.each([
  [['--dialect', 'slack'], { limits: { sets: expect.any(Array) } }, 'retry-after'],
  [
    ['--dialect', 'slack', '--points', '5', '--rate-headers', 'draft-new'],
    { limits: { points: 5, windowSeconds: 60 } },
    'draft-new',
  ],
  [['--window-seconds', '1'], { limits: { points: 120, windowSeconds: 1 } }, 'x'],
  [['--dialect', 'uaa'], { limits: null, bulk: null }, 'none'],
  [
    ['--dialect', 'generic', '--bulk', '3'],
    { bulk: { maxOperations: 3, maxPayloadSize: 1_000_000 } },
    'none',
  ],
  [['--dialect', 'wso2', '--bulk', '0'], { bulk: null }, 'none'],
])('%j changes what the dialect says', (args, dialect, rateHeaders) => {
  expect(readCommandLine(args)).toMatchObject({ options: { dialect, rateHeaders } });
});

test('accounts of one dialect are not opened by another', async () => {
  const data = await dataFile();
  const first = await start({ data });
  await first.stop();
  await expect(start({ data, dialect: 'generic' })).rejects.toThrow(
    'holds accounts of the dialect agileplace; start with --dialect agileplace',
  );
});

test.each([
  [
    ['--port', 'x', '--points', '1.5'],
    [/^--port: /, /^--points: /],
  ],
  [['--user', 'ana@corp.test'], [/^--user and --password come in pairs/]],
  [['--user', 'ana@corp.test', '--password', ''], [/^--password: must not be empty$/]],
  [['--speed', '9'], [/^Unknown option '--speed'/]],
  [['--dialect', 'pingone'], [/^--dialect: must be one of agileplace, gateway-style, generic, okta-style/]],
  [['--rate-headers', 'y'], [/^--rate-headers: /]],
])('%j is refused, naming the flag', (args, words) => {
  const commandLine = readCommandLine(args);
  expect(commandLine).toEqual({ kind: 'wrong', problems: words.map((word) => expect.stringMatching(word)) });
});

/** The throw-away account never stays behind unnoticed, whatever becomes of the check. */
import { expect, test } from 'vitest';
import { check, NONCE, startPopulated } from './checking.ts';

const OURS = `${NONCE}@example.invalid`;
const DIALECT = { dialect: 'generic' } as const;

async function oursIn(sandbox: Awaited<ReturnType<typeof startPopulated>>): Promise<readonly string[]> {
  const accounts = await sandbox.accounts();
  return accounts.flatMap(({ id, user }) => (user.userName === OURS ? [id] : []));
}

test('broken off in the middle by Ctrl-C, it is removed', async () => {
  const sandbox = await startPopulated(DIALECT);
  const stop = new AbortController();
  await sandbox.fault({ kind: 'latency', milliseconds: 2_000, method: 'PATCH' });
  const checking = check(sandbox, { profile: 'generic', signal: stop.signal });
  await expect
    .poll(async () => (await sandbox.journal({ method: 'PATCH' })).length, { timeout: 10_000 })
    .toBe(1);
  stop.abort();
  const report = await checking;
  expect(report.brokenOff).toBe('PATCH Users/{id} at service: we stopped waiting for the answer');
  expect(report.left).toEqual([]);
  expect(await oursIn(sandbox)).toEqual([]);
});

test('its create was carried out and the answer lost: it is looked for and removed', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
  const report = await check(sandbox, { profile: 'generic' });
  expect(report.brokenOff).toMatch(/^POST Users at service: no connection or it broke/);
  expect(report.left).toEqual([]);
  expect(await oursIn(sandbox)).toEqual([]);
});

test('so it is where the target has made another name of it (Slack), which only switches it off', async () => {
  const sandbox = await startPopulated({ dialect: 'slack' });
  await sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
  const report = await check(sandbox, { profile: 'slack' });
  expect(report.brokenOff).toMatch(/^POST Users at service: no connection or it broke/);
  expect(report.left).toEqual([{ userName: 'landbridge-check-0a1b', id: expect.any(String), state: 'off' }]);
});

test('a gateway gave up on a create that went through: it is looked for and removed', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'html-error', status: 502, phase: 'after-commit', method: 'POST', count: 1 });
  const report = await check(sandbox, { profile: 'generic' });
  expect(report.findings.at(-1)).toMatchObject({ what: 'POST', shows: 'refused (502)', verdict: 'unknown' });
  expect(report.left).toEqual([]);
  expect(await oursIn(sandbox)).toEqual([]);
});

test('the create that repeats a name went through as well, and its answer was lost: both are removed', async () => {
  const sandbox = await startPopulated({ ...DIALECT, unique: false });
  await sandbox.fault({
    kind: 'latency',
    milliseconds: 3_000,
    phase: 'after-commit',
    method: 'POST',
    count: 1,
  });
  const checking = check(sandbox, { profile: 'generic' });
  await expect.poll(async () => (await oursIn(sandbox)).length, { timeout: 10_000 }).toBe(1);
  await sandbox.fault({ kind: 'drop-after-commit', method: 'POST' });
  const report = await checking;
  expect(report.brokenOff).toMatch(/^POST Users at service: no connection or it broke/);
  expect(report.left).toEqual([]);
  expect(await oursIn(sandbox)).toEqual([]);
});

test('it cannot be removed: it is named, with its id', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'status', status: 403, method: 'DELETE' });
  const report = await check(sandbox, { profile: 'generic' });
  const [id] = await oursIn(sandbox);
  expect(report.left).toEqual([{ userName: OURS, id, state: 'on' }]);
  expect(report.findings.find(({ what }) => what === 'DELETE')).toMatchObject({
    shows: 'not taken (403)',
    verdict: 'differs',
  });
});

test('nothing can be asked any more: it is named without an id', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
  await sandbox.fault({ kind: 'drop-before-commit', method: 'GET', path: OURS.replace('@', '.*') });
  const report = await check(sandbox, { profile: 'generic' });
  expect(report.left).toEqual([{ userName: OURS, id: null, state: 'on' }]);
});

test('its create is refused: nothing else is written, and the words say why', async () => {
  const sandbox = await startPopulated(DIALECT);
  await sandbox.fault({ kind: 'status', status: 403, description: 'No licence is left.', method: 'POST' });
  const report = await check(sandbox, { profile: 'generic' });
  expect(report.findings.at(-1)).toMatchObject({
    what: 'POST',
    shows: 'refused (403): No licence is left.',
    verdict: 'unknown',
  });
  expect(report.left).toEqual([]);
  const written = (await sandbox.journal()).filter(({ method }) => method !== 'GET');
  expect(written.map(({ method }) => method)).toEqual(['POST']);
});

/** O-28: a reprovision that an operator asks for really runs, over a whole installation. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, mailOf, personLdif } from '../support/people.ts';
import type { Process } from '../support/processes.ts';

const ADA = 'ada';
const mail = mailOf(ADA);
let installation: InstallationUnderTest;
let worker: Process;

beforeAll(async () => {
  installation = await startInstallation({
    directory: { ldif: personLdif(ADA) },
    // Reads are rare, so that what is seen is the reprovision's doing.
    poll: '{ every: 1h, sweepEvery: 1h }',
  });
  await installation.startWeb();
  worker = await installation.startWorker();
  await until('she is there', async () => (await installation.sandbox.account(mail)) ?? null);
  await quiet();
});
afterAll(async () => {
  await installation.stop();
});

async function quiet(): Promise<void> {
  await until('nobody is due', async () => {
    const { body } = await installation.api('GET', '/v1/targets');
    return (body.items as { due: number }[]).every(({ due }) => due === 0);
  });
}
async function byHand(familyName: string): Promise<void> {
  const account = await installation.sandbox.account(mail);
  await installation.sandbox.change(account?.id ?? '', { name: { familyName } });
  await installation.sandbox.clearJournal();
}
async function ask(): Promise<string> {
  const { status, body } = await installation.api('POST', '/v1/reprovision', { person: { mail } });
  expect(status).toBe(202);
  return String(body.id);
}
async function ended(run: string) {
  return await until('the run has ended', async () => {
    const { body } = await installation.api('GET', `/v1/runs/${run}`);
    return body.state === 'running' ? null : body;
  });
}
async function surnames(): Promise<unknown[]> {
  const writes = (await installation.sandbox.journal()).filter(({ method }) => method === 'PATCH');
  return writes.map(({ body }) => (body as { name?: { familyName?: string } }).name?.familyName);
}

test('O-28 a, e: right after the first load, and again after a job that ended: one write each', async () => {
  for (const by of ['Once', 'Twice']) {
    await byHand(by);
    expect(await ended(await ask())).toMatchObject({ state: 'ok', targets: [{ outcome: 'done' }] });
    expect(await surnames()).toEqual(['Byron']);
  }
  await installation.sandbox.clearJournal();
  expect(await ended(await ask())).toMatchObject({
    state: 'ok',
    targets: [{ outcome: 'unchanged', action: 'none' }],
  });
  expect(await surnames()).toEqual([]);
});

test('O-28 b: after a job that failed and is kept: a real run, and the dead letter is gone', async () => {
  await byHand('Broken');
  await installation.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH', count: 1 });
  expect(await ended(await ask())).toMatchObject({ state: 'failed' });
  expect((await installation.api('GET', '/v1/dead-letters')).body.items).toHaveLength(1);
  await installation.sandbox.clearJournal();
  expect(await ended(await ask())).toMatchObject({ state: 'ok' });
  expect(await surnames()).toEqual(['Byron']);
  expect((await installation.api('GET', '/v1/dead-letters')).body.items).toEqual([]);
});

test('O-28 c: twice while it waits, with a change in between: one write, of the newest', async () => {
  expect(await worker.end('SIGTERM')).toBe(0);
  await byHand('Waiting');
  const first = await ask();
  await installation.directory.modify(dnOf(ADA), { replace: { sn: 'Lovelace' } });
  const second = await ask();
  worker = await installation.startWorker();
  expect(await ended(first)).toMatchObject({ state: 'ok' });
  expect(await ended(second)).toMatchObject({ state: 'ok' });
  expect(await surnames()).toEqual(['Lovelace']);
});

test('O-28 d: while one is running, with a change in between: exactly one further write', async () => {
  await byHand('Running');
  await installation.sandbox.fault({ kind: 'latency', milliseconds: 1_500, method: 'PATCH', count: 1 });
  const first = await ask();
  await until('it is being written', async () => (await installation.sandbox.journal()).length >= 2);
  await installation.directory.modify(dnOf(ADA), { replace: { sn: 'King' } });
  const others = [await ask(), await ask(), await ask()];
  for (const run of [first, ...others]) expect(await ended(run)).toMatchObject({ state: 'ok' });
  await quiet();
  expect(await surnames()).toEqual(['Lovelace', 'King']);
});

test('O-28 f: for somebody unknown: 404', async () => {
  const person = { mail: 'nobody@example.test' };
  expect((await installation.api('POST', '/v1/reprovision', { person })).status).toBe(404);
});

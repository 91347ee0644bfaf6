/**
 * With `poll.push` a change reaches the target although the next poll by the clock is an hour away, and it goes on
 * doing so when the process that listens is killed, or the directory is restarted.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, mailOf, personLdif } from '../support/people.ts';
import type { Process } from '../support/processes.ts';

const LONG_MS = 60_000;

let installation: InstallationUnderTest;
let first: Process;
let second: Process;

beforeAll(async () => {
  installation = await startInstallation({
    directory: { ldif: personLdif('ada') + personLdif('bea') },
    poll: '{ every: 1h, sweepEvery: 1h, push: true }',
    policy: '{ lease: 3s }',
    timeout: '1s',
  });
  first = await installation.startWorker();
  await installation.startWeb();
  await until('both have an account', async () => (await surnames()).size === 2, LONG_MS);
  await until('somebody listens', isListening, LONG_MS);
});
afterAll(() => installation.stop());

async function surnames(): Promise<ReadonlyMap<unknown, string>> {
  const accounts = await installation.sandbox.accounts();
  const named = accounts.map(({ user }) => [user.userName, (user.name as { familyName: string }).familyName]);
  return new Map(named as [unknown, string][]);
}

async function isListening(): Promise<boolean> {
  const answer = await fetch(`${installation.webUrl()}/metrics`, {
    headers: { authorization: 'Bearer lb_test-caller-with-every-scope' },
  });
  return (await answer.text()).includes('landbridge_source_listening{source="corp"} 1');
}

async function rename(uid: string, sn: string): Promise<void> {
  await installation.directory.modify(dnOf(uid), { replace: { sn } });
  await until(`${uid} is called ${sn}`, async () => (await surnames()).get(mailOf(uid)) === sn, LONG_MS);
}

test('a change, and one more right behind it, reach the target at once', async () => {
  await rename('ada', 'One');
  await rename('ada', 'Two');
});

test('a person who is removed loses the account at once', async () => {
  await installation.directory.remove(dnOf('bea'));
  const isOff = async () => {
    const bea = (await installation.sandbox.accounts()).find(({ user }) => user.userName === mailOf('bea'));
    return bea?.user.active === false;
  };
  await until('bea is switched off', isOff, LONG_MS);
});

test('the process that listens is killed: another takes over, and what came between is not lost', async () => {
  second = await installation.startWorker();
  expect(second.output()).not.toContain('hears changes');
  await first.end('SIGKILL');
  await rename('ada', 'Three');
  expect(second.output()).toContain('"msg":"hears changes"');
  await rename('ada', 'Four');
});

test('the directory is restarted: it is listened to again, and what came between is not lost', async () => {
  await installation.directory.restart();
  await rename('ada', 'Five');
  await until('somebody listens again', isListening, LONG_MS);
  await rename('ada', 'Six');
});

test('a worker that is told to stop stops listening, and exits with 0', async () => {
  expect(await second.end('SIGTERM')).toBe(0);
  await until('nobody listens', async () => !(await isListening()), LONG_MS);
});

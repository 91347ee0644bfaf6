/**
 * O-27 over a whole installation: every secret is a canary, every kind of failure happens for real at debug level, and
 * afterwards no canary is anywhere that people or other programs can look.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READER_DN } from '../../sandbox/directory/configuration.ts';
import { until } from '../../sandbox/until.ts';
import { dnOf, mailOf, uids } from '../support/people.ts';
import { redisContents } from '../support/redis-contents.ts';
import { type Canaries, startCanaries } from './canaries.ts';
import { checkSource, type Point } from './canary-sources.ts';

const PEOPLE = uids(8);

let under: Canaries;
beforeAll(async () => {
  under = await startCanaries(PEOPLE);
});
afterAll(() => under.stop());

async function letterOf(uid: string): Promise<Record<string, unknown>> {
  const { entryUUID } = await under.directory.read(dnOf(uid));
  return await until(`${uid} is on the dead-letter list`, async () => {
    const letters = await under.items('/v1/dead-letters?limit=500');
    const person = `corp:${entryUUID?.[0]}`;
    return letters.find((letter) => letter.person === person && letter.target === 'agileplace') ?? null;
  });
}

function rename(uid: string, sn: string): Promise<void> {
  return under.directory.modify(dnOf(uid), { replace: { sn } });
}

async function hasArrived(uid: string, sn: string): Promise<void> {
  await until(`${uid} is called ${sn}`, async () => {
    const name = (await under.sandbox.account(mailOf(uid)))?.user.name;
    return (name as { familyName?: string } | undefined)?.familyName === sn;
  });
}

async function isSaid(text: string): Promise<void> {
  await until(`a process says ${text}`, async () =>
    under.processes.some(({ output }) => output().includes(text)),
  );
}

test('people are created, with a token that was minted', async () => {
  await until('all are there', async () => (await under.sandbox.accounts()).length === PEOPLE.length);
  expect(await under.mintedToken()).not.toBe('');
});

test('a 400 that quotes our token is shown without it', async () => {
  const description = `Bearer ${await under.mintedToken()} may not do this`;
  await under.sandbox.fault({ kind: 'status', status: 400, user: mailOf('p000'), description });
  await rename('p000', 'Refused');
  expect(await letterOf('p000')).toMatchObject({ status: 400, words: 'Bearer [redacted] may not do this' });
  const dryRun = JSON.stringify({ person: { mail: mailOf('p000') }, dryRun: true });
  expect((await under.ask('POST', '/v1/reprovision', dryRun)).status).toBe(502);
});

test('a 500 that quotes it, no answer in time, and a lost answer leave their marks only', async () => {
  const { sandbox } = under;
  const description = `Bearer ${await under.mintedToken()}`;
  await sandbox.fault({ kind: 'status', status: 500, user: mailOf('p001'), description });
  await sandbox.fault({ kind: 'latency', milliseconds: 3_000, user: mailOf('p002') });
  await sandbox.fault({ kind: 'drop-after-commit', user: mailOf('p003'), count: 1 });
  await Promise.all(['p001', 'p002', 'p003'].map((uid) => rename(uid, 'Lost')));
  expect(await letterOf('p001')).toMatchObject({ status: null });
  expect(await letterOf('p002')).toMatchObject({ status: null });
  await hasArrived('p003', 'Lost');
  await sandbox.clearFaults();
});

test('a token that is refused once is replaced, and one that is refused again pauses the target', async () => {
  const { sandbox } = under;
  await sandbox.fault({ kind: 'unauthorized', path: '/Users', count: 1 });
  await rename('p004', 'Renewed');
  await hasArrived('p004', 'Renewed');
  await under.mintedToken();
  await sandbox.fault({ kind: 'unauthorized' });
  await rename('p004', 'Paused');
  await until('the target is paused', async () =>
    (await under.items('/v1/targets')).some(({ name, breaker }) => name === 'agileplace' && breaker !== null),
  );
  await sandbox.clearFaults();
  await under.ask('POST', '/v1/targets/agileplace/resume');
  await hasArrived('p004', 'Paused');
  await under.mintedToken();
});

test('targets that cannot be reached', async () => {
  await isSaid('ENOTFOUND');
  await isSaid('ECONNREFUSED');
});

test('the directory does not take the password', async () => {
  const { directory } = under;
  await directory.modify(READER_DN, { replace: { userPassword: 'canary-new-bind' } });
  await until('a run has failed', async () =>
    (await under.items('/v1/runs?state=failed')).some(({ source }) => source === 'corp'),
  );
  await directory.modify(READER_DN, { replace: { userPassword: directory.reader.password } });
});

async function isToldOf(source: string, words: string): Promise<void> {
  await until(`a run of ${source} says "${words}"`, async () => {
    const runs = await under.items('/v1/runs?limit=200');
    return runs.some((run) => run.source === source && JSON.stringify(run).includes(words));
  });
}

function checked(source: string): Promise<string> {
  return checkSource(source, under.folder, { TEST_LDAP_PASSWORD: under.directory.reader.password });
}

test.each<[Point, string, string]>([
  ['the log-in', 'the password for cn=reader is wrong, or', 'knows no account for our client certificate'],
  ['an unknown result', 'LDAP result code 80', 'LDAP result code 80'],
  ['a refusal', 'the server refused the operation', 'the server refused the operation'],
  ['a limit', 'the server stopped at its size limit', 'the server stopped at its size limit'],
  ['a referral', 'is held by another server (referral)', 'is held by another server (referral)'],
  ['the middle of an entry', 'the connection was lost', 'the connection was lost'],
  ['nonsense', 'does not speak LDAP as it should', 'does not speak LDAP as it should'],
  ['no id', '1 entries show no usable entryUUID', '1 entries show no usable entryUUID'],
])('a directory quotes secrets and people: %s', async (point, mute, vault) => {
  under.others.betray(point);
  await Promise.all([isToldOf('mute', mute), isToldOf('vault', vault)]);
  expect(under.found(await checked('mute'))).toEqual([]);
  expect(under.found(await checked('vault'))).toEqual([]);
});

test('a file holds people where something else should stand', async () => {
  const { deliver } = under.others;
  await deliver('1.csv', 'canary-of-a-person,id,mail\n');
  await isToldOf('payroll', 'has no column \\"groups\\"');
  await deliver(
    '2.csv',
    'id,groups,mail\n1,,canary-of-a-person,x\n,,canary-of-a-person\n2,,"canary-of-a-person',
  );
  await isToldOf('payroll', 'line 2 has 4 instead of 3 columns');
  expect(under.found(await checked('payroll'))).toEqual([]);
});

test('callers send passwords, tokens in wrong places, and nonsense', async () => {
  const event = (attributes: object) =>
    JSON.stringify({
      id: `e-${Object.keys(attributes).length}`,
      source: 'hr',
      type: 'person.updated',
      subject: '1001',
      time: '2026-03-01T09:00:00Z',
      data: { attributes },
    });
  const statuses = [
    await under.ask(
      'POST',
      '/v1/events',
      event({ mail: 'm@example.test', password: 'canary-event-password', sn: 'S' }),
    ),
    await under.ask('POST', '/v1/events', '{"id": "canary-event-password'),
    await under.ask(
      'POST',
      '/v1/events',
      JSON.stringify({ id: ['canary-event-password'], type: 'canary-event-password' }),
    ),
    await under.ask('POST', '/v1/events', event({ mail: 'm@example.test', sn: 'Event' })),
    await under.ask('GET', '/v1/runs', undefined, 'lb_canary-guess'),
    await under.ask('GET', '/v1/runs?token=lb_canary-guess'),
    await under.ask('GET', '/v1/runs?kind=canary-header'),
    await under.ask('DELETE', '/v1/runs'),
    await under.ask('POST', '/v1/reprovision', JSON.stringify({ person: { mail: 'canary-event-password' } })),
  ].map(({ status }) => status);
  expect(statuses).toEqual([400, 400, 400, 202, 401, 401, 400, 405, 404]);
  await until('the event is done', async () => {
    const receipt = JSON.parse((await under.ask('GET', '/v1/events/e-2')).text) as { state: string };
    return receipt.state === 'done';
  });
});

test('Redis does not take the password for a while, and a job meets a surprise', async () => {
  await under.client.config('SET', 'requirepass', 'another');
  await under.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await isSaid('"code":"WRONGPASS"');
  await under.client.config('SET', 'requirepass', 'canary-redis-password');
  await until('Redis is there again', async () => (await under.ask('GET', '/readyz')).status === 200);

  const links = (await under.client.keys('*:links:agileplace'))[0] ?? '';
  await under.client.rename(links, 'aside');
  await under.client.set(links, 'not what belongs here');
  await rename('p005', 'Surprise');
  await isSaid('a job ended with a surprise');
  await under.client.rename('aside', links);
  await under.ask('POST', '/v1/dead-letters/retry', JSON.stringify({ target: 'agileplace', all: true }));
  await hasArrived('p005', 'Surprise');
});

test('a worker is killed in the middle of a request, and another goes on', async () => {
  await under.sandbox.fault({ kind: 'latency', milliseconds: 500, user: mailOf('p006'), count: 1 });
  await under.sandbox.clearJournal();
  await rename('p006', 'Crashed');
  await until(
    'a request is under way',
    async () => (await under.sandbox.journal({ method: 'PATCH' })).length > 0,
  );
  await under.processes[1]?.end('SIGKILL');
  under.processes.push(await under.startWorker());
  await hasArrived('p006', 'Crashed');
});

test('no canary is in what the API shows, in metrics or in problems', async () => {
  const [runs, accounts] = [await under.items('/v1/runs?limit=500'), await under.sandbox.accounts()];
  const paths = [
    ...runs.map(({ id }) => `/v1/runs/${id}`),
    ...accounts.map(({ user }) => `/v1/people/${user.userName}`),
    ...['/v1/dead-letters?limit=500', '/v1/targets', '/metrics', '/healthz', '/readyz', '/openapi.json'],
  ];
  const asked = await Promise.all(paths.map((path) => under.ask('GET', path)));
  expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  expect(under.found(under.answers.join('\n'))).toEqual([]);
});

test('no canary is in the output of a process, nor on its command line', async () => {
  const said = under.processes.map(({ output }) => output()).join('\n');
  for (const level of ['debug', 'info', 'warn', 'error']) expect(said).toContain(`"level":"${level}"`);
  expect(under.found(said)).toEqual([]);
  const lines = await Promise.all(
    under.processes.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(lines.join('')).toContain('app/main.ts');
  expect(under.found(lines.join('\n'))).toEqual([]);
});

test('no canary is in Redis: names, values, jobs with their failures, or ours', async () => {
  // A queue's list is there only while somebody waits in it: this one shows that lists are looked into.
  await under.client.rpush('probe', 'a list that was looked into');
  const { text, types } = await redisContents(under.client);
  expect(text).toContain('a list that was looked into');
  expect([...types].sort()).toEqual(['hash', 'list', 'set', 'stream', 'string', 'zset']);
  expect(text).toContain('internal error');
  expect(text).toContain('failedReason');
  expect(under.found(text)).toEqual([]);
});

test('no canary is in a file but the one for the token, which nobody else may read', async () => {
  const { folder } = under;
  const files = (await readdir(folder, { recursive: true })).sort();
  expect(files).toEqual(['landbridge.yaml', 'target.token']);
  expect(under.found(await readFile(join(folder, 'landbridge.yaml'), 'utf8'))).toEqual([]);
  expect((await stat(join(folder, 'target.token'))).mode & 0o777).toBe(0o600);
});

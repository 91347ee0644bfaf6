/** Somebody's first moment comes while nothing changes anywhere, and the worker that knew of it has been killed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';

const LONG_MS = 60_000;
const USER_NAME = 'grace@example.test';

const MAPPING = `version: 1
source: hr
target: agileplace
resource: User
match: [externalId, userName]
lifecycle: { newInactive: create }
attributes:
  externalId: '= id'
  userName: '= e.mail'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  active: '= reached(e.startAt)'
`;

let folder: string;
let installation: InstallationUnderTest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbridge-timers-'));
  const file = join(folder, 'hr.yaml');
  await writeFile(file, MAPPING);
  const more = { sources: '  hr: { kind: events }\n', targets: '', mappings: [file] };
  installation = await startInstallation({ more, policy: '{ lease: 5s }', timeout: '1s' });
  await installation.startWeb();
});
afterAll(async () => {
  await installation.stop();
  await rm(folder, { recursive: true, force: true });
});

async function isActive(): Promise<unknown> {
  return (await installation.sandbox.account(USER_NAME))?.user.active;
}

test('is switched on by itself, by the worker that came after, once', async () => {
  const first = await installation.startWorker();
  const startAt = new Date(Date.now() + 15_000);
  const told = { mail: USER_NAME, givenName: 'Grace', sn: 'Hopper', startAt: startAt.toISOString() };
  const posted = await installation.api('POST', '/v1/events', {
    id: 'e-1',
    source: 'hr',
    type: 'person.created',
    subject: '1002',
    time: new Date().toISOString(),
    data: { attributes: told },
  });
  expect(posted.status).toBe(202);
  await until('the account is there', async () => (await isActive()) !== undefined, LONG_MS);
  expect(await isActive()).toBe(false);
  const standing = await installation.api('GET', '/v1/people/hr:1002');
  expect(standing.body).toMatchObject({ targets: [{ target: 'agileplace', again: startAt.toISOString() }] });

  await first.end('SIGKILL');
  await installation.startWorker();
  await until('the account is active', async () => (await isActive()) === true, LONG_MS);
  expect(Date.now()).toBeGreaterThanOrEqual(startAt.getTime());
  const writes = (await installation.sandbox.journal()).filter(
    ({ method, body }) => method !== 'GET' && JSON.stringify(body).includes('"active"'),
  );
  expect(writes.map(({ method, body }) => [method, (body as { active: boolean }).active])).toEqual([
    ['POST', false],
    ['PATCH', true],
  ]);
  const settled = await installation.api('GET', '/v1/people/hr:1002');
  expect(settled.body).toMatchObject({ targets: [{ target: 'agileplace', again: null }] });
});

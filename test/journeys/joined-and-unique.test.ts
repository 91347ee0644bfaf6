/**
 * A whole installation with two workers: a directory of people who all want one login name, and an HR system whose events
 * say what they do.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { personLdif, uids } from '../support/people.ts';

const PEOPLE = uids(40);

const MAPPING = `version: 1
source: corp
join:
  hr: { on: uid, to: id }
target: agileplace
resource: User
match: [externalId]
attributes:
  userName: '= unique("a.byron@example.test")'
  externalId: '= id'
  name:
    givenName: '= e.uid'
    familyName: { from: sn, precedence: [hr, corp] }
  active: '= !isIn("hr") || from("hr", "status") != "left"'
`;

let installation: InstallationUnderTest;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbridge-joined-'));
  const file = join(folder, 'mapping.yaml');
  await writeFile(file, MAPPING);
  installation = await startInstallation({
    directory: { ldif: PEOPLE.map((uid) => personLdif(uid)).join('') },
    // Two accounts of one name would be accepted: nothing but our own care keeps them apart.
    sandbox: { unique: false },
    mapping: file,
    more: { sources: '  hr: { kind: events }\n', targets: '', mappings: [] },
  });
  await installation.startWeb();
  await Promise.all([installation.startWorker(), installation.startWorker()]);
});
afterAll(async () => {
  await installation.stop();
  await rm(folder, { recursive: true, force: true });
});

type User = { readonly userName: string; readonly active: boolean; readonly name: Record<string, string> };

async function users(): Promise<readonly User[]> {
  return (await installation.sandbox.accounts()).map(({ user }) => user as unknown as User);
}

let sequence = 0;
async function tell(subject: string, attributes: Record<string, string>): Promise<void> {
  sequence += 1;
  const answer = await installation.api('POST', '/v1/events', {
    id: `event-${sequence}`,
    source: 'hr',
    type: 'person.updated',
    subject,
    time: new Date().toISOString(),
    sequence,
    data: { attributes },
  });
  expect(answer.status).toBe(202);
}

test('nobody gets the name of another, and each is what both sources say', async () => {
  const [first = '', second = ''] = PEOPLE;
  await tell(first.toUpperCase(), { sn: 'King', status: 'here' });
  await until('everybody has an account', async () => (await users()).length === PEOPLE.length, 60_000);
  const names = PEOPLE.map((_, index) => (index === 0 ? 'a.byron' : `a.byron${index + 1}`));
  const given = (await users()).map(({ userName }) => userName);
  expect(given.toSorted()).toEqual(names.map((name) => `${name}@example.test`).toSorted());
  const called = async (uid: string) => (await users()).find(({ name }) => name.givenName === uid);
  expect(await called(first)).toMatchObject({ active: true, name: { familyName: 'King' } });

  await installation.sandbox.clearJournal();
  await tell(second, { sn: 'Hopper', status: 'left' });
  await until('HR is heard', async () => (await called(second))?.active === false, 30_000);
  await until('no more is written', async () => (await called(second))?.name.familyName === 'Hopper', 30_000);
  const journal = await installation.sandbox.journal();
  expect(journal.filter(({ method }) => method !== 'GET').length).toBe(1);
  expect((await users()).map(({ userName }) => userName).toSorted()).toEqual(given.toSorted());
});

/** An HR system's file beside a directory, with the processes of a deployment: a delivery is heard, read and written. */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { inbox } from '../sources/file/delivered.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';

const box = inbox();
let installation: InstallationUnderTest;

const MAPPING = `version: 1
source: hr
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, givenName: string, sn: string }
attributes:
  externalId: '= id'
  userName: '= e.mail'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  active: true
`;

/** Looked for once a day: whatever comes sooner was heard. */
const SOURCE = `  hr:
    kind: file
    path: ${box.at('people-*.csv')}
    encoding: windows-1252
    csv:
      id: Personnel no.
      delimiter: ';'
      columns: { givenName: First name, sn: Last name, mail: E-mail }
      trailer: END
    complete: { settle: 300ms }
    poll: { every: 1d, sweepEvery: 1d, push: true }
`;

beforeAll(async () => {
  await writeFile(box.at('hr.yaml'), MAPPING);
  installation = await startInstallation({
    more: { sources: SOURCE, targets: '', mappings: [box.at('hr.yaml')] },
  });
  await Promise.all([installation.startWorker(), installation.startWeb()]);
});
afterAll(() => installation.stop());

const HEADINGS = 'Personnel no.;First name;Last name;E-mail\r\n';
const export1252 = (...rows: readonly string[]) =>
  Buffer.from(`${HEADINGS}${rows.map((row) => `${row}\r\n`).join('')}END;${rows.length}\r\n`, 'latin1');
const MIA = '0815;Mia;Müller;mia@example.test';
const account = async (mail: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const found = await installation.sandbox.account(mail);
  return found === undefined ? undefined : { ...found.user, id: found.id };
};

test('a delivery is heard and written at once, a changed name reaches the same account, and who is gone is off', async () => {
  await box.deliver('people-1.csv', export1252(MIA, '0816;Nora;Novák;nora@example.test'.replace('á', 'a')));
  const created = await until('both have accounts', async () =>
    (await account('nora@example.test')) === undefined ? null : ((await account('mia@example.test')) ?? null),
  );
  expect(created).toMatchObject({
    externalId: '0815',
    active: true,
    name: { givenName: 'Mia', familyName: 'Müller' },
  });

  await box.deliver('people-2.csv', export1252(MIA.replace('Müller', 'Möller')));
  await until('Nora is switched off', async () => (await account('nora@example.test'))?.['active'] === false);
  const changed = await until('Mia has her new name', async () => {
    const user = await account('mia@example.test');
    return (user?.['name'] as { familyName?: string } | undefined)?.familyName === 'Möller' ? user : null;
  });
  expect(changed).toMatchObject({ externalId: '0815', active: true, id: created['id'] });
});

test('a delivery that is cut off is told of, and changes nobody', async () => {
  await box.deliver('people-3.csv', export1252(MIA).subarray(0, -6));
  const run = await until('the run is held', async () => {
    const { body } = await installation.api('GET', '/v1/runs?state=held');
    const runs = body['items'] as readonly Record<string, unknown>[];
    return runs.find(({ source }) => source === 'hr') ?? null;
  });
  expect(run).toMatchObject({
    releasable: false,
    reason:
      'incomplete read: people-3.csv ends in the middle of line 3; people-3.csv has no trailer: it ends too early',
  });
  expect(await account('mia@example.test')).toMatchObject({ active: true });
});

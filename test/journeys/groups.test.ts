/**
 * Groups of a directory at a target that has groups, with Landbridge's own processes: made, joined by somebody new,
 * shown to an operator, and whole again after the worker was killed in the middle.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, mailOf, personLdif } from '../support/people.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';

const LONG_MS = 60_000;
const GROUP = 'cn=engines,ou=groups,dc=example,dc=test';

const PEOPLE = `version: 1
source: corp
target: box
resource: User
match: [userName]
attributes:
  userName: '= e.mail.lower()'
  name: { familyName: '= e.sn' }
  active: true
`;
const GROUPS = `version: 1
source: corp
target: box
resource: Group
match: [displayName]
attributes:
  displayName: '= "team " + g.name'
`;

let installation: InstallationUnderTest;
let box: Sandbox;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbridge-groups-'));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const mappings = [await file('people.yaml', PEOPLE), await file('groups.yaml', GROUPS)];
  box = await startSandbox({ dialect: 'pingdirectory' });
  const auth = `{ kind: basic, username: ${box.user}, password: ${JSON.stringify(`\${env:TEST_SCIM_PASSWORD}`)} }`;
  const targets = `  box:\n    profile: pingdirectory\n    baseUrl: ${box.baseUrl}\n    auth: ${auth}\n    timeout: 1s\n`;
  const group = ldifEntry(GROUP, {
    objectClass: 'groupOfNames',
    cn: 'engines',
    member: [dnOf('ada'), dnOf('bea')],
  });
  installation = await startInstallation({
    directory: { ldif: personLdif('ada') + personLdif('bea') + group },
    sandbox: { signIns: [{ user: box.user, password: box.password }] },
    policy: '{ lease: 3s }',
    timeout: '1s',
    more: { sources: '', targets, mappings },
  });
  await installation.startWeb();
});
afterAll(async () => {
  await installation?.stop();
  await box?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Names of the members of the only group there. */
async function members(): Promise<string[]> {
  const response = await fetch(`${box.baseUrl}/Groups`, { headers: { authorization: box.authorization } });
  type Shown = { Resources?: readonly { displayName: string; members?: readonly { value: string }[] }[] };
  const { Resources = [] } = (await response.json()) as Shown;
  const users = new Map((await box.accounts()).map(({ id, user }) => [id, String(user.userName)]));
  const shown = Resources.find(({ displayName }) => displayName === 'team engines')?.members ?? [];
  return shown.map(({ value }) => users.get(value) ?? value).sort();
}

async function seen(...uids: string[]): Promise<void> {
  const wanted = uids.map(mailOf).sort().join();
  await until(`${wanted} are in the group`, async () => (await members()).join() === wanted, LONG_MS);
}

test(
  'a group is made, joined by somebody new, and whole again after the worker was killed',
  async () => {
    const first = await installation.startWorker();
    await seen('ada', 'bea');
    await installation.directory.add(dnOf('cleo'), {
      objectClass: 'inetOrgPerson',
      uid: 'cleo',
      cn: 'cleo',
      sn: 'cleo',
      mail: mailOf('cleo'),
    });
    await installation.directory.modify(GROUP, { add: { member: dnOf('cleo') } });
    await seen('ada', 'bea', 'cleo');
    await first.end('SIGKILL');
    await installation.directory.modify(GROUP, { remove: { member: dnOf('ada') } });
    await installation.startWorker();
    await seen('bea', 'cleo');

    const { body } = await installation.api('GET', '/v1/targets/box/groups?source=corp');
    expect(body).toMatchObject({
      items: [
        { name: 'engines', linked: { displayName: 'team engines', members: 2 }, waiting: { count: 0 } },
      ],
    });
  },
  3 * LONG_MS,
);

/** The client with a profile against a server that behaves that way: what each habit would break, and does not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { profileNamed, type ScimTarget } from '../../../app/scim/index.ts';
import type { Account, ScimUser } from '../../../app/scim/resource.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';

let sandbox: Sandbox;

/** Before and after each test of a describe block: one sandbox of this dialect, emptied in between. */
function aSandboxOf(dialect: string): void {
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect });
  });
  beforeEach(() => sandbox.reset());
  afterEach(closeTargets);
  afterAll(() => sandbox.stop());
}

function target(name: string): ScimTarget {
  const profile = profileNamed(name);
  if (profile === null) throw new Error(`no profile ${name}`);
  const auth = { kind: 'bearer', token: () => sandbox.token } as const;
  return setUp(sandbox.baseUrl, { profile, auth }).target;
}

async function read(id: string, service: ScimTarget): Promise<Account> {
  const [account] = await service.find({ by: 'id', value: id }, aCall());
  if (account === undefined) throw new Error(`there is no ${id}`);
  return account;
}

const asked = async () => (await sandbox.journal()).map(({ method, status }) => `${method} ${status}`);

const ADA: ScimUser = {
  userName: 'ada@example.test',
  name: { familyName: 'Byron', givenName: 'Ada' },
  emails: [{ value: 'ada@example.test', primary: true }],
  active: true,
};
const MARRIED: ScimUser = { ...ADA, name: { familyName: 'Lovelace', givenName: 'Ada' } };

describe('uaa: a PATCH without active switches on, and none without If-Match', () => {
  aSandboxOf('uaa');

  test('a new name leaves a switched-off account off, and an unverified one unverified', async () => {
    const { id } = await sandbox.seed({ ...ADA, active: false, verified: false });
    const off = { ...MARRIED, active: false };
    const updated = await target('uaa').update(id, differences(ADA, MARRIED, ADA), off, aCall());
    expect(updated).toMatchObject({ kind: 'written', account: { id, version: expect.any(String) } });
    expect(await asked()).toEqual(['GET 200', 'PATCH 200']);
    expect((await sandbox.account(ADA.userName))?.user).toMatchObject({
      name: { familyName: 'Lovelace', givenName: 'Ada' },
      active: false,
      verified: false,
    });
  });

  test('so does one that says nothing of active', async () => {
    const { id } = await sandbox.seed({ ...ADA, active: false });
    const { active: _active, ...silent } = MARRIED;
    await target('uaa').update(
      id,
      differences(ADA, silent as ScimUser, silent as ScimUser),
      silent as ScimUser,
      aCall(),
    );
    expect((await sandbox.account(ADA.userName))?.user).toMatchObject({
      name: { familyName: 'Lovelace' },
      active: false,
    });
  });

  test('an account that was changed since it was read is not written to', async () => {
    const { id } = await sandbox.seed(ADA);
    const service = target('uaa');
    const { version } = await read(id, service);
    await service.update(id, differences(ADA, MARRIED, ADA), MARRIED, aCall(), version);
    const old = { ...ADA, name: { familyName: 'Old', givenName: 'Ada' } };
    const changed = await service.update(
      id,
      differences(ADA, old, ADA),
      { ...old, verified: true },
      aCall(),
      version,
    );
    expect(changed).toEqual({ kind: 'changed' });
    expect((await asked()).at(-1)).toBe('GET 200');
    expect((await read(id, service)).user.name).toMatchObject({ familyName: 'Lovelace' });
  });

  test('O-12 d: a DELETE carries the version, and the second one finds nobody', async () => {
    const { id } = await sandbox.seed(ADA);
    const service = target('uaa');
    expect(await service.remove(id, aCall())).toEqual({ kind: 'removed' });
    expect(await asked()).toEqual(['GET 200', 'DELETE 200']);
    expect(await service.remove(id, aCall())).toEqual({ kind: 'missing' });
    expect(await sandbox.accounts()).toEqual([]);
  });
});

describe('slack: access ends by DELETE, and lists are sent whole', () => {
  aSandboxOf('slack');

  test('a leaver with a new title gets both, is switched off, and can come back', async () => {
    const { id } = await sandbox.seed(ADA);
    const service = target('slack');
    const gone: ScimUser = { ...ADA, title: 'Countess', active: false };
    const updated = await service.update(id, differences(ADA, gone, ADA), gone, aCall());
    expect(updated).toMatchObject({
      kind: 'written',
      account: { id, user: { title: 'Countess', active: false } },
    });
    expect((await asked()).map((line) => line.split(' ')[0])).toEqual(['PATCH', 'DELETE', 'GET']);
    const back = { ...gone, active: true };
    await service.update(id, differences(gone, back, gone), back, aCall());
    expect((await read(id, service)).user).toMatchObject({ active: true });
  });

  test('another address takes the place of the one there', async () => {
    const { id } = await sandbox.seed(ADA);
    const moved: ScimUser = { ...ADA, emails: [{ value: 'ada@new.test', primary: true }] };
    await target('slack').update(id, differences(ADA, moved, ADA), moved, aCall());
    expect((await read(id, target('slack'))).user.emails).toEqual(moved.emails);
  });
});

describe('wso2: lists show little more than ids', () => {
  aSandboxOf('wso2');

  test('whoever is listed or found is shown whole, so that nothing reads as gone', async () => {
    const seeded = await Promise.all(
      ['ada', 'ben'].map((userName) => sandbox.seed({ ...ADA, userName, title: 'T' })),
    );
    const service = target('wso2');
    const [found, ...more] = await service.find({ by: 'userName', value: 'ada' }, aCall());
    expect(more).toEqual([]);
    expect(found).toMatchObject({ id: seeded[0]?.id, user: { title: 'T', name: ADA.name } });
    const listed: Account[] = [];
    for await (const step of service.list({ ...aCall(), waitUntil: async () => {} })) {
      if (step.kind === 'page') listed.push(...step.accounts);
      else expect(step).toMatchObject({ complete: true });
    }
    expect(listed.map(({ user }) => user.title)).toEqual(['T', 'T']);
  });
});

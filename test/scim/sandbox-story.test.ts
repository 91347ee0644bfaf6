import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { differences } from '../../app/scim/differences.ts';
import type { ScimUser } from '../../app/scim/resource.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { aCall, memoryLeases, memoryVault } from './memory-ports.ts';
import { closeTargets, failureOf, setUp } from './set-up.ts';

const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';
const ADA: ScimUser = {
  userName: 'ada.byron@example.com',
  externalId: 'g-1',
  name: { givenName: 'Ada', familyName: 'Byron' },
  timezone: 'Europe/London',
  active: true,
  [LEANKIT]: { boardCreator: false, dateFormat: 'dd/mm/yyyy' },
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());
afterEach(closeTargets);

function target(more: Parameters<typeof setUp>[1] = {}) {
  const { user, password } = sandbox;
  const auth = { kind: 'basic', username: user, password: () => password } as const;
  return setUp(sandbox.baseUrl, { auth, now: () => new Date(), timeoutMs: 10_000, ...more });
}

async function asked(): Promise<string[]> {
  return (await sandbox.journal()).map(({ method, path }) => `${method} ${String(path).split('?')[0]}`);
}

describe('one account’s life at a SCIM 1.1 service', () => {
  test('made, found three ways, changed with its differences alone, switched off', async () => {
    const { target: service } = target();
    const created = await service.create(ADA, aCall());
    if (created.kind !== 'written') throw new Error('not created');
    const { id } = created.account;
    expect(created.account.user).toMatchObject(ADA);
    for (const match of [
      { by: 'id', value: id },
      { by: 'externalId', value: 'g-1' },
      { by: 'userName', value: 'ADA.Byron@example.com' },
    ] as const) {
      expect((await service.find(match, aCall())).map((account) => account.id)).toEqual([id]);
    }

    const renamed: ScimUser = {
      ...ADA,
      userName: 'ada.lovelace@example.com',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      [LEANKIT]: { boardCreator: true, dateFormat: 'dd/mm/yyyy' },
    };
    const changes = differences(created.account.user, renamed, ADA);
    const updated = await service.update(id, changes, renamed, aCall());
    if (updated.kind !== 'written') throw new Error('not updated');
    expect(differences(updated.account.user, renamed, ADA)).toEqual([]);
    const [patch] = await sandbox.journal({ method: 'PATCH' });
    expect(patch?.body).toEqual({
      schemas: ['urn:scim:schemas:core:1.0', LEANKIT],
      userName: 'ada.lovelace@example.com',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      [LEANKIT]: { boardCreator: true },
    });

    const off: ScimUser = { ...renamed, active: false };
    await service.update(id, differences(updated.account.user, off, renamed), off, aCall());
    expect((await sandbox.account('ada.lovelace@example.com'))?.user).toMatchObject(off);
  });

  test('what the directory has no more is cleared, and lists are replaced whole', async () => {
    const { target: service } = target();
    const before: ScimUser = {
      ...ADA,
      title: 'Analyst',
      emails: [
        { value: 'a@example.com', type: 'work' },
        { value: 'b@example.com', type: 'home' },
      ],
    };
    const after: ScimUser = { ...ADA, emails: [{ value: 'b@example.com', type: 'work', primary: true }] };
    const created = await service.create(before, aCall());
    if (created.kind !== 'written') throw new Error('not created');
    const changes = differences(created.account.user, after, before);
    const updated = await service.update(created.account.id, changes, after, aCall());
    if (updated.kind !== 'written') throw new Error('not updated');
    expect(updated.account.user).not.toHaveProperty('title');
    expect(differences(updated.account.user, after, before)).toEqual([]);
  });

  test('O-11: a name that is taken is a conflict, and the holder can be found in any spelling', async () => {
    const holder = await sandbox.seed({ userName: 'Ada.Byron@Example.com' });
    const { target: service } = target();
    expect(await service.create(ADA, aCall())).toMatchObject({ kind: 'conflict', status: 409 });
    const found = await service.find({ by: 'userName', value: ADA.userName }, aCall());
    expect(found.map(({ id }) => id)).toEqual([holder.id]);
  });

  test('O-11 e: where the service ignores the filter, nobody is found', async () => {
    await sandbox.seed({ userName: 'ben@example.com' });
    await sandbox.fault({ kind: 'ignore-filter' });
    expect(await target().target.find({ by: 'userName', value: ADA.userName }, aCall())).toEqual([]);
  });

  test('O-12: an account that was removed there is missing', async () => {
    const { id } = await sandbox.seed({ userName: 'ada@example.com' });
    await sandbox.remove(id);
    const { target: service } = target();
    const changes = [{ path: ['active'], before: true, after: false }] as const;
    expect(await service.update(id, changes, ADA, aCall())).toEqual({ kind: 'missing' });
    expect(await service.find({ by: 'id', value: id }, aCall())).toEqual([]);
  });

  test('O-18: made, but the connection dropped before the answer: unknown, and found by a look', async () => {
    await sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
    const { target: service } = target();
    expect(await failureOf(service.create(ADA, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: true,
    });
    expect(await service.find({ by: 'externalId', value: 'g-1' }, aCall())).toHaveLength(1);
    expect(await asked()).toEqual(['POST /io/scim/v1/Users', 'GET /io/scim/v1/Users']);
  });

  test('PATCH answered by 204 is read back', async () => {
    const { id } = await sandbox.seed({ userName: 'ada@example.com' });
    await sandbox.fault({ kind: 'no-content', method: 'PATCH' });
    const changes = [{ path: ['active'], before: true, after: false }] as const;
    const updated = await target().target.update(
      id,
      changes,
      { userName: 'ada@example.com', active: false },
      aCall(),
    );
    expect(updated).toMatchObject({ kind: 'written', account: { id, user: { active: false } } });
  });

  test('works with the method overridden onto POST', async () => {
    const { id } = await sandbox.seed({ userName: 'ada@example.com' });
    const changes = [{ path: ['active'], before: true, after: false }] as const;
    const { target: service } = target({ methodOverride: true });
    await service.update(id, changes, { userName: 'ada@example.com', active: false }, aCall());
    expect((await sandbox.account('ada@example.com'))?.user.active).toBe(false);
  });
});

describe('limits and tokens', () => {
  test('O-17: 429 with an HTTP-date waits until the window ends, by all that share the credential', async () => {
    await sandbox.limits({ points: 2, windowSeconds: 60 });
    const { target: service, budgets } = target();
    const find = () => service.find({ by: 'userName', value: 'x' }, aCall());
    await find();
    await find();
    const failure = await failureOf(find());
    expect(failure).toMatchObject({ name: 'RateLimited' });
    expect(budgets.settled.map(({ settlement }) => settlement)).toMatchObject([
      { kind: 'told', limit: 2, remaining: 1 },
      { kind: 'told', limit: 2, remaining: 0 },
      { kind: 'told', limit: 2, remaining: 0 },
    ]);
    const last = budgets.settled.at(-1);
    const until = last?.closing?.until.getTime() ?? 0;
    const resetAt = last?.settlement.kind === 'told' ? last.settlement.resetAt.getTime() : 0;
    expect(until).toBeGreaterThanOrEqual(resetAt - 1000);
    expect(until).toBeLessThanOrEqual(resetAt + 8000);
  });

  test('O-19: a revoked token is replaced by one mint, and the write is done once', async () => {
    const { user: username, password } = sandbox;
    const vault = memoryVault('revoked');
    const { target: service } = target({
      auth: { kind: 'minted', username, password: () => password, vault, leases: memoryLeases() },
    });
    expect(await service.create(ADA, aCall())).toMatchObject({ kind: 'written' });
    expect(await service.find({ by: 'externalId', value: 'g-1' }, aCall())).toHaveLength(1);
    expect(vault.kept).not.toBe('revoked');
    expect((await sandbox.journal()).map(({ method, status }) => `${method} ${status}`)).toEqual([
      'POST 401',
      'POST 201',
      'POST 201',
      'GET 200',
    ]);
    expect(await sandbox.accounts()).toHaveLength(1);
  });
});

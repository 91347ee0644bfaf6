/** Bulk requests from end to end, against servers that behave as each profile says. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BulkOperation, type BulkTarget, type Profile, profileNamed } from '../../../app/scim/index.ts';
import type { ListCall } from '../../../app/scim/target.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';

describe.each(['pingdirectory', 'wso2'])('bulk requests at a target like %s', (dialect) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect, bulk: 5 });
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.reset());
  afterEach(closeTargets);

  function bulkWith(limits: Partial<NonNullable<Profile['bulk']>> = {}): BulkTarget {
    const { baseUrl, token } = sandbox;
    const profile = profileNamed(dialect);
    if (profile?.bulk == null) throw new Error(`${dialect} takes no bulk requests`);
    const { target } = setUp(baseUrl, {
      profile: { ...profile, bulk: { ...profile.bulk, ...limits } },
      auth: { kind: 'bearer', token: () => token },
      now: () => new Date(),
      timeoutMs: 10_000,
    });
    if (target.bulk === null) throw new Error('no bulk');
    return target.bulk;
  }

  const call = (): ListCall => ({ ...aCall(), waitUntil: async () => {} });
  const user = (name: string): BulkOperation => ({
    method: 'POST',
    path: '/Users',
    bulkId: name,
    data: { schemas: [CORE], userName: name },
  });
  const posts = async () => (await sandbox.journal()).filter(({ path }) => path.endsWith('/Bulk')).length;

  test('a group and its members are made, in as many requests as it takes, whatever the order given', async () => {
    const names = ['ana', 'ben', 'cleo', 'dan', 'eve', 'fay'];
    const members = names.map((name) => ({ value: `bulkId:${name}` }));
    const group: BulkOperation = {
      method: 'POST',
      path: '/Groups',
      data: { schemas: [CORE], displayName: 'G', members },
    };
    const { results, stopped } = await bulkWith({ maxOperations: 3 }).send(
      [group, ...names.map(user)],
      call(),
    );
    expect(stopped).toBeNull();
    expect(results.map(({ kind }) => kind)).toEqual(Array(7).fill('done'));
    expect(await posts()).toBe(3);
    const accounts = await sandbox.accounts();
    const idOf = new Map(accounts.map(({ id, user: { userName } }) => [userName, id]));
    expect(results.slice(1)).toEqual(
      names.map((name) => expect.objectContaining({ id: idOf.get(name), status: 201 })),
    );
  });

  test('a limit that is lower than we thought is found out, and nothing is lost', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `user-${at}`);
    const { results } = await bulkWith({ maxOperations: 100 }).send(names.map(user), call());
    expect(results.every(({ kind }) => kind === 'done')).toBe(true);
    expect(await sandbox.accounts()).toHaveLength(12);
  });

  test('each operation has its own outcome', async () => {
    const [ana, ben] = await sandbox.seedAll([{ userName: 'ana' }, { userName: 'ben' }]);
    const operations: BulkOperation[] = [
      user('ana'),
      { method: 'PATCH', path: `/Users/${ana?.id}`, data: { schemas: [CORE], title: 'Analyst' } },
      { method: 'DELETE', path: `/Users/${ben?.id}` },
      user('cleo'),
    ];
    const { results } = await bulkWith().send(operations, call());
    expect(
      results.map((result) => ('status' in result ? `${result.kind} ${result.status}` : result.kind)),
    ).toEqual(['failed 409', 'done 200', 'done 200', 'done 201']);
  });
});

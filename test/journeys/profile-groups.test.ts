/**
 * Groups and bulk requests of every profile that has them, against a server that behaves that way: made, filled beyond
 * what goes into one request, emptied, renamed, removed.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BulkOperation, type Profile, profileNamed } from '../../app/scim/index.ts';
import type { ListCall } from '../../app/scim/target.ts';
import { type Rig, startRig } from '../support/rig.ts';

const CORE = 'urn:scim:schemas:core:1.0';

const PLACES = [
  ...['slack', 'uaa', 'wso2', 'pingdirectory', 'okta-style', 'generic'].map((name) => [name, name] as const),
  ['generic', 'gateway-style'],
] as const;

function habitsOf(name: string): Profile {
  const profile = profileNamed(name);
  if (profile === null) throw new Error(`there is no profile ${name}`);
  return profile;
}

describe.each(PLACES)('profile %s at a target like %s', (name, dialect) => {
  const { groups: habits, bulk: limits } = habitsOf(name);
  /** How many members go into one request. */
  const bySize = habits?.update === 'put' ? 1_000 : (habits?.membersPerRequest ?? 0);
  let rig: Rig;
  let ids: readonly string[];
  beforeAll(async () => {
    const oauth2 = name === 'uaa';
    rig = await startRig({ profile: name, sandbox: { dialect }, oauth2, timeoutMs: 10_000 });
  });
  beforeEach(() => rig.clear());
  afterAll(() => rig.stop());

  const call = (): ListCall => ({
    signal: new AbortController().signal,
    lane: 'bulk',
    beforeRequest: async () => {},
    waitUntil: async () => {},
  });
  const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);
  async function seeded(count: number): Promise<void> {
    const users = people(count).map((id) => ({
      userName: id,
      emails: [{ value: `${id}@example.test`, primary: true }],
    }));
    ids = (await rig.sandbox.seedAll(users)).map(({ id }) => id);
  }
  function groups() {
    if (rig.target.groups === null) throw new Error(`${name} has no groups`);
    return rig.target.groups;
  }
  async function membersOf(id: string): Promise<string[]> {
    const [group] = await groups().find({ by: 'id', value: id }, call());
    return (group?.members ?? []).map(({ value }) => value).sort();
  }
  const sorted = (values: readonly string[]) => [...values].sort();
  const written = async () =>
    (await rig.writes())
      .filter(({ path }) => /\/Groups/i.test(path))
      .map(({ method, status }) => `${method} ${(status ?? 0) < 300}`);

  test('O-25: a group is made, filled, thinned out, renamed and removed', async () => {
    await seeded(253);
    const made = await groups().create({ displayName: 'Engines', members: ids.slice(0, 3) }, call());
    if (made.kind !== 'written') throw new Error('not made');
    const { id } = made.group;
    expect(made.left).toEqual([]);
    expect(await membersOf(id)).toEqual(sorted(ids.slice(0, 3)));

    await rig.sandbox.clearJournal();
    const add = { add: ids.slice(3), remove: [] };
    expect(await groups().changeMembers(id, add, call())).toEqual({ kind: 'done', done: add });
    const verb = habits?.update === 'put' ? 'PUT true' : 'PATCH true';
    expect(await written()).toEqual(Array(Math.ceil(250 / bySize)).fill(verb));
    expect(await membersOf(id)).toEqual(sorted(ids));

    const some = { add: [], remove: ids.slice(0, 20) };
    expect(await groups().changeMembers(id, some, call())).toEqual({ kind: 'done', done: some });
    expect(await membersOf(id)).toEqual(sorted(ids.slice(20)));
    await rig.sandbox.clearJournal();
    expect(await groups().changeMembers(id, some, call())).toMatchObject({ done: { add: [], remove: [] } });
    expect(await written()).toEqual([]);

    expect(await groups().rename(id, 'Motors', call())).toMatchObject({ kind: 'written' });
    expect(await membersOf(id)).toEqual(sorted(ids.slice(20)));
    const found = await groups().find({ by: 'displayName', value: 'Motors' }, call());
    expect(found.map((group) => group.id)).toEqual([id]);
    expect(await groups().find({ by: 'displayName', value: 'Engines' }, call())).toEqual([]);

    expect(await groups().remove(id, call())).toEqual({ kind: 'removed' });
    expect(await groups().remove(id, call())).toEqual({ kind: 'missing' });
    expect(await groups().find({ by: 'displayName', value: 'Motors' }, call())).toEqual([]);
  });

  if (limits !== null)
    test('many are made, changed and removed by few bulk requests', async () => {
      const most = limits?.maxOperations ?? 1;
      const { bulk } = rig.target;
      if (bulk === null) throw new Error(`${name} takes no bulk requests`);
      const send = async (operations: readonly BulkOperation[]) => {
        await rig.sandbox.clearJournal();
        const { results, stopped } = await bulk.send(operations, call());
        expect(stopped).toBeNull();
        const bodies = (await rig.writes()).filter(({ path }) => path.endsWith('/Bulk'));
        expect(bodies).toHaveLength(Math.ceil(operations.length / most));
        return results;
      };
      const create = people(120).map(
        (id): BulkOperation => ({
          method: 'POST',
          path: '/Users',
          bulkId: id,
          data: { schemas: [CORE], userName: id, active: true },
        }),
      );
      const results = await send([
        ...create,
        {
          method: 'POST',
          path: '/Groups',
          data: {
            schemas: [CORE],
            displayName: 'All',
            members: people(120).map((id) => ({ value: `bulkId:${id}` })),
          },
        },
      ]);
      expect(results.map((result) => ('status' in result ? result.status : result.kind))).toEqual(
        Array(121).fill(201),
      );
      const accounts = await rig.sandbox.accounts();
      const made = results.slice(0, 120).map((result) => ('id' in result ? result.id : null));
      expect(made).toEqual(people(120).map((id) => accounts.find(({ user }) => user['userName'] === id)?.id));
      const [group] = await groups().find({ by: 'displayName', value: 'All' }, call());
      expect(await membersOf(group?.id ?? '')).toEqual(sorted(accounts.map(({ id }) => id)));

      const off = await send(
        made.map(
          (id): BulkOperation => ({
            method: 'PATCH',
            path: `/Users/${id}`,
            data: { schemas: [CORE], active: false },
          }),
        ),
      );
      expect(off.every(({ kind }) => kind === 'done')).toBe(true);
      expect((await rig.sandbox.accounts()).every(({ user }) => user['active'] === false)).toBe(true);
      const gone = await send(made.map((id): BulkOperation => ({ method: 'DELETE', path: `/Users/${id}` })));
      expect(gone.every(({ kind }) => kind === 'done')).toBe(true);
      expect(await rig.sandbox.accounts()).toEqual([]);
    });
});

/** Groups from end to end, against servers that behave as each profile says. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GroupTarget } from '../../../app/scim/index.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall, aListCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';
import { aProfile } from './groups-set-up.ts';

describe.each(['generic', 'pingdirectory', 'wso2', 'uaa', 'slack'])(
  'groups at a target like %s',
  (dialect) => {
    let sandbox: Sandbox;
    let ids: string[];
    beforeAll(async () => {
      sandbox = await startSandbox({ dialect });
    });
    afterAll(() => sandbox.stop());
    beforeEach(async () => {
      await sandbox.reset();
      const users = ['ana', 'ben', 'cleo', 'dan'].map((name) => ({
        userName: name,
        emails: [{ value: `${name}@corp.test`, primary: true }],
      }));
      ids = (await sandbox.seedAll(users)).map(({ id }) => id);
    });
    afterEach(closeTargets);

    function groupsWith(size = 100): GroupTarget {
      const { baseUrl, token } = sandbox;
      const profile = aProfile(dialect);
      const groups = profile.groups === null ? null : { ...profile.groups, membersPerRequest: size };
      const auth = { kind: 'bearer', token: () => token } as const;
      const { target } = setUp(baseUrl, {
        profile: { ...profile, groups },
        auth,
        now: () => new Date(),
        timeoutMs: 10_000,
      });
      if (target.groups === null) throw new Error(`${dialect} has no groups`);
      return target.groups;
    }

    const idOf = (at: number): string => ids[at] ?? '';

    async function membersOf(groups: GroupTarget, id: string): Promise<string[]> {
      const [group] = await groups.find({ by: 'id', value: id }, aCall());
      return (group?.members ?? []).map(({ value }) => value).sort();
    }

    async function made(groups: GroupTarget, members: readonly string[]) {
      const created = await groups.create({ displayName: 'Engines', members }, aCall());
      if (created.kind !== 'written') throw new Error(`not made: ${created.words}`);
      return created;
    }

    test('are made, found by name, listed, renamed and removed', async () => {
      const groups = groupsWith();
      const { group } = await made(groups, [idOf(0)]);
      const found = await groups.find({ by: 'displayName', value: 'engines' }, aCall());
      expect(found.map(({ id, members }) => [id, members.map(({ value }) => value)])).toEqual([
        [group.id, [idOf(0)]],
      ]);
      expect(await groups.find({ by: 'displayName', value: 'Motors' }, aCall())).toEqual([]);

      const [known] = found;
      expect(await groups.rename(group.id, 'Motors', aCall(), known?.version)).toMatchObject({
        kind: 'written',
      });
      expect(await membersOf(groups, group.id)).toEqual([idOf(0)]);
      const listed: unknown[] = [];
      for await (const step of groups.list(aListCall())) {
        if (step.kind === 'page')
          listed.push(...step.groups.map(({ displayName }) => displayName.split('/').at(-1)));
        else expect(step.complete).toBe(true);
      }
      expect(listed).toEqual(['Motors']);

      expect(await groups.remove(group.id, aCall())).toEqual({ kind: 'removed' });
      expect(await groups.remove(group.id, aCall())).toEqual({ kind: 'missing' });
      expect(await groups.find({ by: 'id', value: group.id }, aCall())).toEqual([]);
    });

    test('O-25: members come and go, one by one and many, and nobody else is touched', async () => {
      const groups = groupsWith(2);
      const { group, left } = await made(groups, [idOf(0), idOf(1), idOf(2)]);
      expect(left).toEqual([idOf(2)]);
      const change = { add: [...left, idOf(3)], remove: [idOf(0)] };
      expect(await groups.changeMembers(group.id, change, aCall())).toEqual({ kind: 'done', done: change });
      expect(await membersOf(groups, group.id)).toEqual([idOf(1), idOf(2), idOf(3)].sort());
      expect(await groups.changeMembers(group.id, change, aCall())).toEqual({
        kind: 'done',
        done: { add: [], remove: [] },
      });
    });

    test('everybody can go', async () => {
      const groups = groupsWith();
      const { group } = await made(groups, [idOf(0), idOf(1)]);
      const change = { add: [], remove: [idOf(0), idOf(1)] };
      expect(await groups.changeMembers(group.id, change, aCall())).toMatchObject({ kind: 'done' });
      expect(await membersOf(groups, group.id)).toEqual([]);
    });

    test('a member that the target does not know is refused and named, and keeps nobody else out', async () => {
      const groups = groupsWith(1);
      const { group } = await made(groups, [idOf(0)]);
      const change = { add: [idOf(1), 'nobody', idOf(2)], remove: [] };
      expect(await groups.changeMembers(group.id, change, aCall())).toMatchObject({
        kind: 'partly',
        done: { add: [idOf(1), idOf(2)], remove: [] },
        left: { add: ['nobody'], remove: [] },
        refused: [{ id: 'nobody' }],
        why: { name: 'Refused', status: 400 },
      });
      expect(await membersOf(groups, group.id)).toEqual([idOf(0), idOf(1), idOf(2)].sort());
    });
  },
);

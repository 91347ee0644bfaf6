/** Groups from a real slapd to what a target with groups holds, over the real parts of a worker. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reconcileGroups } from '../../../app/sync/groups/reconcile-groups.ts';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { group, never, person } from '../../sources/ldap/invented.ts';
import { type GroupRig, groupDn, groupMapping, personDn, startGroupRig, TARGET } from './group-rig.ts';

let rig: GroupRig;
let directory: Directory;
beforeAll(async () => {
  rig = await startGroupRig({ profile: 'pingdirectory' });
});
beforeEach(async () => {
  await rig.clear();
  rig.use(groupMapping());
});
afterEach(() => directory.stop());
afterAll(() => rig.stop());

const people = (...uids: string[]) => uids.map((uid) => person(uid)).join('');
const start = async (ldif: string) => {
  directory = await startDirectory({ ldif });
};

describe('a life of a group', () => {
  test('it is made with its members, renamed, joined and left, each with one write', async () => {
    await start(people('ada', 'bea', 'cleo') + group('engines', [personDn('ada'), personDn('bea')]));
    expect(await rig.step('sweep', directory)).toEqual(['POST']);
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea'] });
    expect(await rig.step('poll', directory)).toEqual([]);
    const { id } = await rig.group('engines');

    await directory.modify(groupDn('engines'), { add: { member: personDn('cleo') } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    await directory.modify(groupDn('engines'), { remove: { member: personDn('ada') } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    await directory.rename(groupDn('engines'), groupDn('machines'));
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    expect(await rig.atTarget()).toEqual({ machines: ['bea', 'cleo'] });
    expect((await rig.group('machines')).id).toBe(id);
    expect(await rig.step('sweep', directory)).toEqual([]);
  });

  test('a group that is gone stays as it is, unless the mapping says delete', async () => {
    await start(
      people('ada') + ['engines', 'other', 'rest'].map((cn) => group(cn, [personDn('ada')])).join(''),
    );
    await rig.step('sweep', directory);
    await directory.remove(groupDn('other'));
    expect(await rig.step('sweep', directory)).toEqual([]);
    expect(Object.keys(await rig.atTarget()).sort()).toEqual(['engines', 'other', 'rest']);

    rig.use(groupMapping('lifecycle: { gone: delete }'));
    await directory.remove(groupDn('engines'));
    expect(await rig.step('sweep', directory)).toEqual(['DELETE']);
    expect(Object.keys(await rig.atTarget()).sort()).toEqual(['other', 'rest']);
  });

  test('one that is called like a protected group is never written to', async () => {
    rig.use(groupMapping('lifecycle: { protect: [Engines] }'));
    await start(people('ada') + group('engines', [personDn('ada')]));
    expect(await rig.step('sweep', directory)).toEqual([]);
    expect(await rig.atTarget()).toEqual({});
  });
});

describe('members', () => {
  test('O-23: groups in groups come flattened, cycles and chains as well, and a second run writes nothing', async () => {
    const chain = Array.from({ length: 30 }, (_, n) =>
      group(`E${n}`, [n === 29 ? personDn('u5') : groupDn(`E${n + 1}`)]),
    );
    await start(
      [
        people('u1', 'u3', 'u4', 'u5', 'u6'),
        group('A', [personDn('u1'), groupDn('B')]),
        group('B', [groupDn('C')]),
        group('C', [personDn('u3'), groupDn('A')]),
        group('D', [groupDn('D'), personDn('u4')]),
        group('F', ['cn=elsewhere,ou=former,dc=example,dc=test', personDn('u6')]),
        ...chain,
      ].join(''),
    );
    await rig.step('sweep', directory);
    const { A, B, C, D, E0, F } = await rig.atTarget();
    expect({ A, B, C, D, E0, F }).toEqual({
      A: ['u1', 'u3'],
      B: ['u1', 'u3'],
      C: ['u1', 'u3'],
      D: ['u4'],
      E0: ['u5'],
      F: ['u6'],
    });
    expect(await rig.step('sweep', directory)).toEqual([]);
  });

  test('whoever leaves an inner group leaves the outer ones, also where the inner one itself is gone', async () => {
    await start(
      people('ada', 'bea', 'cleo') +
        group('inner', [personDn('ada'), personDn('bea')]) +
        group('middle', [groupDn('inner')]) +
        group('outer', [groupDn('middle'), personDn('cleo')]),
    );
    await rig.step('sweep', directory);
    await rig.step('poll', directory);
    await directory.modify(groupDn('inner'), { remove: { member: personDn('ada') } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH', 'PATCH', 'PATCH']);
    expect((await rig.atTarget())['outer']).toEqual(['bea', 'cleo']);
    await directory.remove(groupDn('inner'));
    await rig.step('sweep', directory);
    expect((await rig.atTarget())['outer']).toEqual(['cleo']);
  });

  test('somebody without an account waits, and is in as soon as they have one', async () => {
    await start(
      person('ada') + person('bea', { mail: [] }) + group('engines', [personDn('ada'), personDn('bea')]),
    );
    await rig.step('sweep', directory);
    expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
    const served = await rig.stores.dueGroups.lastServed(TARGET, await rig.keyOf('engines'));
    expect(served?.waiting?.count).toBe(1);

    await directory.modify(personDn('bea'), { add: { mail: 'bea@example.test' } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea'] });
    expect(
      (await rig.stores.dueGroups.lastServed(TARGET, await rig.keyOf('engines')))?.waiting,
    ).toBeUndefined();
  });

  test('who is switched off stays as long as the source names them, and who is gone is out', async () => {
    await start(people('ada', 'bea') + group('engines', [personDn('ada'), personDn('bea')]));
    await rig.step('sweep', directory);
    await directory.modify(personDn('bea'), { remove: { mail: 'bea@example.test' } });
    await rig.step('poll', directory);
    expect((await rig.sandbox.account('bea@example.test'))?.user.active).toBe(false);
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea'] });
    await directory.remove(personDn('bea'));
    await rig.step('sweep', directory);
    expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
  });

  test('a foreign member put in by hand stays, or goes where the mapping says so', async () => {
    await start(people('ada', 'bea') + group('engines', [personDn('ada')]));
    await rig.step('sweep', directory);
    const stranger = await rig.sandbox.seed({ userName: 'stranger@example.test' });
    const { id } = await rig.group('engines');
    await rig.target.groups?.changeMembers(id, { add: [stranger.id], remove: [] }, call);
    await directory.modify(groupDn('engines'), { add: { member: personDn('bea') } });
    await rig.step('poll', directory);
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea', 'stranger'] });

    rig.use(groupMapping('members: { foreign: remove }'));
    await rig.stores.dueGroups.mark(
      TARGET,
      await rig.keyOf('engines'),
      { lane: 'manual', fresh: true },
      rig.now(),
    );
    await rig.work();
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea'] });
  });

  test('two thousand go in chunks of what the target takes', async () => {
    const uids = Array.from({ length: 2_000 }, (_, n) => `p${n}`);
    await start(uids.map((uid) => person(uid)).join('') + group('all', uids.map(personDn)));
    expect(await rig.step('sweep', directory)).toEqual(['POST', ...Array(19).fill('PATCH')]);
    expect((await rig.group('all')).members).toHaveLength(2_000);
    expect(await rig.step('sweep', directory)).toEqual([]);
  }, 240_000);
});

const call = { signal: never, lane: 'manual', beforeRequest: async () => {} } as const;

describe('what may not go by itself', () => {
  const uids = Array.from({ length: 8 }, (_, n) => `p${n}`);

  test('more members than the guard lets go wait for an operator; who comes in does not', async () => {
    await start(people(...uids, 'new') + group('engines', uids.map(personDn)));
    await rig.step('sweep', directory);
    await directory.modify(groupDn('engines'), { remove: { member: uids.slice(0, 6).map(personDn) } });
    await directory.modify(groupDn('engines'), { add: { member: personDn('new') } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    expect((await rig.atTarget())['engines']).toEqual(['new', ...uids]);
    const key = await rig.keyOf('engines');
    const served = await rig.stores.dueGroups.lastServed(TARGET, key);
    expect(served?.state).toBe('held');
    const run = await rig.stores.holds.heldBy(TARGET, key);
    await releaseRun(run ?? '', { actor: 'ann', reason: 'the team moved' }, rig.reading);
    await rig.work();
    expect((await rig.atTarget())['engines']).toEqual(['new', 'p6', 'p7']);
    expect(await rig.stores.holds.heldBy(TARGET, key)).toBeNull();
  });

  test('nobody is left in a group: an operator decides', async () => {
    await start(people('ada', 'bea') + group('engines', [personDn('ada')]));
    await rig.step('sweep', directory);
    rig.use(groupMapping('members: { foreign: remove }'));
    await directory.modify(groupDn('engines'), { replace: { member: groupDn('engines') } });
    expect(await rig.step('poll', directory)).toEqual([]);
    expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
    expect(rig.alerts.filter(({ kind }) => kind === 'removals-held')).toEqual([
      {
        kind: 'removals-held',
        run: expect.any(String),
        target: TARGET,
        reason: `nobody would be left in a group of 1 at ${TARGET}`,
      },
    ]);
    // What is held waits for a word, whoever comes in meanwhile; whoever is back needs none.
    await directory.modify(groupDn('engines'), { replace: { member: personDn('bea') } });
    expect(await rig.step('poll', directory)).toEqual(['PATCH']);
    expect(await rig.atTarget()).toEqual({ engines: ['ada', 'bea'] });
    await directory.modify(groupDn('engines'), { add: { member: personDn('ada') } });
    expect(await rig.step('poll', directory)).toEqual([]);
    expect(await rig.stores.holds.heldBy(TARGET, await rig.keyOf('engines'))).toBeNull();
  });
});

describe('what goes wrong on the way', () => {
  const uids = Array.from({ length: 250 }, (_, n) => `p${n}`);

  test('a target that fails in the middle keeps what went through, and the rest follows', async () => {
    await start(people(...uids) + group('all', uids.map(personDn)));
    await rig.sandbox.fault({ kind: 'drop-before-commit', method: 'PATCH', path: 'Groups' });
    await rig.step('sweep', directory);
    expect((await rig.group('all')).members).toHaveLength(100);
    await rig.sandbox.clearFaults();
    const [outcome] = await rig.work();
    expect(outcome).toMatchObject({ kind: 'done', plan: { action: 'update' }, moreDue: false });
    expect((await rig.group('all')).members).toHaveLength(250);
    const lines = await rig.stores.provisioningLog.ofPerson(await rig.keyOf('all'), 10);
    expect(lines.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'update changed: 150 in, 0 out',
      'create new: 100 in, 0 out',
    ]);
  });

  test('O-18: a create whose answer was lost makes no second group', async () => {
    await start(people('ada') + group('engines', [personDn('ada')]));
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', path: 'Groups', count: 1 });
    await rig.step('sweep', directory);
    expect(await rig.work()).toMatchObject([{ kind: 'done', plan: { action: 'adopt' } }]);
    expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
  });

  test('a create that was lost is not repeated before it can no longer take effect', async () => {
    await start(people('ada') + group('engines', [personDn('ada')]));
    await rig.sandbox.fault({ kind: 'drop-before-commit', method: 'POST', path: 'Groups', count: 1 });
    await rig.step('sweep', directory);
    expect(await rig.work()).toMatchObject([
      { kind: 'retry', reason: 'an earlier create may still take effect' },
    ]);
    rig.pass(11_000);
    expect(await rig.work()).toMatchObject([{ kind: 'done', plan: { action: 'create' } }]);
    expect(await rig.atTarget()).toEqual({ engines: ['ada'] });
  });

  test('a refusal is shown with the words of the target, and not repeated by itself', async () => {
    await start(people('ada') + group('engines', [personDn('ada')]));
    const words = { kind: 'status', status: 400, description: 'no such kind of group' } as const;
    await rig.sandbox.fault({ ...words, method: 'POST', path: 'Groups' });
    await rig.step('sweep', directory);
    const served = await rig.stores.dueGroups.lastServed(TARGET, await rig.keyOf('engines'));
    expect(served).toMatchObject({ state: 'refused', words: 'no such kind of group' });
    expect(await rig.stores.dueGroups.count(TARGET)).toBe(0);
    await rig.sandbox.clearFaults();
  });
});

describe('a comparison of all groups', () => {
  const compare = async () => {
    const run = await reconcileGroups(
      { name: TARGET, groups: rig.groups },
      'run-groups',
      { ...rig.reading, sleep: async () => {} },
      never,
    );
    return run?.counts;
  };

  test('what was changed by hand is put right, what is not ours is counted and never touched', async () => {
    await start(
      people('ada', 'bea') +
        group('engines', [personDn('ada'), personDn('bea')]) +
        group('other', [personDn('ada')]) +
        group('third', [personDn('ada')]),
    );
    await rig.step('sweep', directory);
    await rig.groups.create({ displayName: 'foreign' }, call);
    const ada = await rig.userId('ada');
    await rig.groups.changeMembers((await rig.group('engines')).id, { add: [], remove: [ada] }, call);
    await rig.groups.rename((await rig.group('other')).id, 'by hand', call);
    await rig.groups.remove((await rig.group('third')).id, call);
    rig.pass(1_000);
    expect(await compare()).toEqual({
      groupsListed: 3,
      groupsAsWanted: 0,
      groupsDifferent: 2,
      groupsForeign: 1,
      groupsMissing: 1,
      groupsNew: 0,
    });
    await rig.work();
    expect(await rig.atTarget()).toEqual({
      engines: ['ada', 'bea'],
      foreign: [],
      other: ['ada'],
      third: ['ada'],
    });
    rig.pass(1_000);
    expect(await compare()).toMatchObject({ groupsAsWanted: 3, groupsDifferent: 0, groupsMissing: 0 });
  });

  test('groups that were there before the mapping are made due by it', async () => {
    await start(people('ada') + group('engines', [personDn('ada')]));
    await rig.step('sweep', directory);
    const key = await rig.keyOf('engines');
    for (const name of await rig.redis.keys('*group-served*')) await rig.redis.del(name);
    expect(await compare()).toMatchObject({ groupsNew: 1 });
    expect(await rig.stores.dueGroups.get(TARGET, key)).not.toBeNull();
  });
});

test('state loss: links are found again by match, with no write', async () => {
  await start(people('ada', 'bea') + group('engines', [personDn('ada'), personDn('bea')]));
  await rig.step('sweep', directory);
  await rig.redis.flushall();
  expect(await rig.step('sweep', directory)).toEqual([]);
  const links = await rig.stores.groupLinks.get(TARGET, await rig.keyOf('engines'));
  expect(links).toMatchObject({ madeBy: 'displayName', displayName: 'engines', members: 2 });
});

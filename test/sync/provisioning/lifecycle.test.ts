/** What a mapping's `lifecycle` does at a real target: deletions, returns, protected people, new keys for old names. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announceMoments } from '../../../app/sync/moments.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { reprovision } from '../../../app/sync/reprovision.ts';
import { lifecycleMapping } from '../../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../../support/rig.ts';

const TARGET = 'agileplace';
const DAY = 86_400_000;
const never = new AbortController().signal;
const NOBODY_DUE = {
  seq: 9,
  at: '2026-03-01T12:00:00.000Z',
  state: 'unchanged',
  plan: { action: 'none', reason: 'served' },
} as const;

async function leaseOf(rig: Rig, id: string) {
  const lease = await rig.stores.leases.acquire(`write:${TARGET}:${rig.key(id)}`, 10_000);
  if (lease === null) throw new Error('somebody holds it');
  return lease;
}

async function written(rig: Rig): Promise<readonly string[]> {
  return (await rig.writes()).map(({ method, path }) => `${method} ${path.replace(/^.*\/Users/, '/Users')}`);
}

/** Ten seconds pass at a time in production; here the tick comes when the test says so. */
async function tick(rig: Rig): Promise<number> {
  return await announceMoments([TARGET], { ...rig.reading, timers: rig.stores.timers });
}

async function linkOf(rig: Rig, id: string) {
  return await rig.stores.links.get(TARGET, rig.key(id));
}

async function allowReturn(rig: Rig, id: string): Promise<void> {
  const deps = { ...rig.reading, runs: rig.stores.runs, sourceOf: () => null, targetOf: () => rig.target };
  await reprovision(rig.key(id), { actor: 'ops', allowReturn: true }, deps);
}

function rigWith(lifecycle: string, options: { readonly match?: string } = {}) {
  const held: { rig: Rig | null } = { rig: null };
  beforeAll(async () => {
    held.rig = await startRig({ mapping: lifecycleMapping({ lifecycle, ...options }) });
  });
  beforeEach(async () => {
    await held.rig?.clear();
  });
  afterAll(async () => {
    await held.rig?.stop();
  });
  return (): Rig => {
    if (held.rig === null) throw new Error('not started');
    return held.rig;
  };
}

describe('leaver: delete', () => {
  const rigOf = rigWith('{ leaver: delete }');

  test('deletes the account by one request, and makes another when the person is back', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    const link = await linkOf(rig, '1');
    const outcome = await rig.attempt(await rig.gone('1'));
    expect(outcome).toMatchObject({ kind: 'done', plan: { action: 'delete', reason: 'deleted' } });
    expect(await written(rig)).toEqual(['POST /Users', `DELETE /Users/${link?.id}`]);
    expect(await linkOf(rig, '1')).toBeNull();
    expect(await rig.stores.links.countActive(TARGET)).toBe(0);
    await rig.attempt(await rig.due('1'));
    expect(await written(rig)).toHaveLength(2);
    expect(await rig.attempt(await rig.person('1'))).toMatchObject({ plan: { action: 'create' } });
  });

  test('is not believed where the account is active after it: somebody is told, and it is asked for again', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    const target: typeof rig.target = { ...rig.target, remove: async () => ({ kind: 'removed' }) };
    const key = await rig.gone('1');
    await provision({ key, lastAttempt: true }, { ...rig.deps, target }, never);
    expect(rig.alerts.map((alert) => alert.kind)).toEqual(['still-active']);
    rig.pass(1_000);
    const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
    expect(run?.counts).toMatchObject({ different: 1, foreign: 0 });
    expect(await rig.attempt(key)).toMatchObject({ plan: { action: 'delete' } });
    expect(await rig.sandbox.accounts()).toEqual([]);
    expect(await linkOf(rig, '1')).toBeNull();
  });

  test('counts for the guard: the sixth of ten is held', async () => {
    const rig = rigOf();
    const ids = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];
    for (const id of ids) await rig.attempt(await rig.person(id));
    const outcomes: string[] = [];
    for (const id of ids.slice(0, 6)) outcomes.push((await rig.attempt(await rig.gone(id))).kind);
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'held']);
    expect((await written(rig)).filter((line) => line.startsWith('DELETE'))).toHaveLength(5);
  });
});

describe('leaver: delete-after 30d', () => {
  const rigOf = rigWith('{ leaver: delete-after 30d }');

  async function left(rig: Rig): Promise<string> {
    await rig.attempt(await rig.person('1'));
    await rig.attempt(await rig.gone('1'));
    return (await linkOf(rig, '1'))?.id ?? '';
  }

  test('switches off at once, and deletes by itself once the days are over', async () => {
    const rig = rigOf();
    const id = await left(rig);
    expect((await linkOf(rig, '1'))?.endedAt).toBeDefined();
    expect(await written(rig)).toEqual(['POST /Users', `PATCH /Users/${id}`]);
    rig.pass(30 * DAY - 60_000);
    expect(await tick(rig)).toBe(0);
    rig.pass(70_000);
    expect(await tick(rig)).toBe(1);
    expect(await rig.attempt(rig.key('1'))).toMatchObject({
      plan: { action: 'delete', reason: 'deleted, and the 30 days are over' },
    });
    expect(await written(rig)).toEqual(['POST /Users', `PATCH /Users/${id}`, `DELETE /Users/${id}`]);
    rig.pass(90 * DAY);
    expect(await tick(rig)).toBe(0);
  });

  test('is served in the lane of leavers, and held by the guard like any removal', async () => {
    const rig = rigOf();
    await left(rig);
    await rig.stores.holds.put('run-9', [{ key: rig.key('1'), target: TARGET }]);
    rig.pass(30 * DAY + 10_000);
    await tick(rig);
    expect((await rig.stores.due.get(TARGET, rig.key('1')))?.lane).toBe('leaver');
    expect((await rig.attempt(rig.key('1'))).kind).toBe('held');
    expect((await written(rig)).filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });

  test('forgets the moment where the person is back in time', async () => {
    const rig = rigOf();
    const id = await left(rig);
    expect(await rig.stores.timers.of(TARGET, rig.key('1'))).not.toBeNull();
    rig.pass(29 * DAY);
    expect(await rig.attempt(await rig.person('1'))).toMatchObject({ plan: { action: 'reactivate' } });
    expect(await rig.stores.timers.of(TARGET, rig.key('1'))).toBeNull();
    expect((await linkOf(rig, '1'))?.endedAt).toBeUndefined();
    rig.pass(40 * DAY);
    expect(await tick(rig)).toBe(0);
    expect((await linkOf(rig, '1'))?.id).toBe(id);
  });

  test('begins the days anew where somebody has switched the account on again by hand', async () => {
    const rig = rigOf();
    const id = await left(rig);
    rig.pass(20 * DAY);
    await rig.sandbox.change(id, { active: true });
    expect(await rig.attempt(await rig.due('1', { fresh: true }))).toMatchObject({
      plan: { action: 'deactivate' },
    });
    rig.pass(15 * DAY);
    expect(await tick(rig)).toBe(0);
    rig.pass(15 * DAY + 60_000);
    expect(await tick(rig)).toBe(1);
    expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'delete' } });
  });

  test('counts from when we see it where somebody else has switched it off before us', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    const id = (await linkOf(rig, '1'))?.id ?? '';
    await rig.sandbox.change(id, { active: false });
    await rig.gone('1');
    expect(await rig.attempt(await rig.due('1', { fresh: true }))).toMatchObject({
      plan: { action: 'none', reason: 'deleted, already inactive' },
    });
    expect((await linkOf(rig, '1'))?.endedAt).toBeDefined();
    rig.pass(30 * DAY + 10_000);
    expect(await tick(rig)).toBe(1);
    expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'delete' } });
    expect(await written(rig)).toEqual(['POST /Users', `DELETE /Users/${id}`]);
  });
});

describe('leaver: leave', () => {
  const rigOf = rigWith('{ leaver: leave }');

  test('writes nothing, and the plan says so', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    expect(await rig.attempt(await rig.gone('1'))).toMatchObject({
      kind: 'done',
      plan: { action: 'none', reason: 'deleted, and left as it is by the mapping' },
    });
    expect(await written(rig)).toEqual(['POST /Users']);
  });
});

describe('return: hold', () => {
  const rigOf = rigWith('{ return: hold }');

  test('keeps the account off until an operator allows the return, once', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    await rig.attempt(await rig.gone('1'));
    expect((await rig.attempt(await rig.person('1'))).kind).toBe('refused');
    expect((await rig.stores.deadLetters.get(TARGET, rig.key('1')))?.words).toContain('"allowReturn": true');
    expect((await rig.attempt(await rig.due('1', { fresh: true }))).kind).toBe('refused');
    expect(await written(rig)).toHaveLength(2);

    await allowReturn(rig, '1');
    expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'reactivate' } });
    expect(await rig.stores.deadLetters.get(TARGET, rig.key('1'))).toBeNull();

    await rig.attempt(await rig.gone('1'));
    expect((await rig.attempt(await rig.person('1'))).kind).toBe('refused');
  });
});

describe('return: hold, leaver: delete-after 30d', () => {
  const rigOf = rigWith('{ return: hold, leaver: delete-after 30d }');

  test('whoever is back and waits needs no removal, and has all the days when they leave once more', async () => {
    const rig = rigOf();
    await rig.attempt(await rig.person('1'));
    await rig.attempt(await rig.gone('1'));
    rig.pass(29 * DAY);
    await rig.stores.holds.put('run-9', [{ key: rig.key('1'), target: TARGET }]);
    await rig.stores.holds.approve('run-9');
    expect((await rig.attempt(await rig.person('1'))).kind).toBe('refused');
    expect(await rig.stores.holds.standings(TARGET, [rig.key('1')])).toEqual([{ kind: 'free' }]);
    rig.pass(20 * DAY);
    expect(await rig.attempt(await rig.gone('1'))).toMatchObject({ plan: { action: 'none' } });
    rig.pass(29 * DAY);
    await tick(rig);
    await rig.attempt(rig.key('1'));
    expect(await rig.sandbox.accounts()).toHaveLength(1);
    rig.pass(2 * DAY);
    expect(await tick(rig)).toBe(1);
    expect(await rig.attempt(rig.key('1'))).toMatchObject({ plan: { action: 'delete' } });
  });
});

describe('protect', () => {
  const rigOf = rigWith('{ protect: { userNames: [Root@example.test] }, leaver: delete }');

  test('never makes, changes or removes an account of that name, nor counts it', async () => {
    const rig = rigOf();
    const mail = 'root@example.test';
    expect(await rig.attempt(await rig.person('1', { mail }))).toMatchObject({
      kind: 'done',
      plan: { action: 'none', reason: 'protected by its userName' },
    });
    await rig.sandbox.seed({ userName: 'ROOT@example.test', active: true });
    expect(await rig.attempt(await rig.due('1', { fresh: true }))).toMatchObject({
      plan: { action: 'none' },
    });
    await rig.gone('1');
    expect(await rig.attempt(await rig.due('1', { fresh: true }))).toMatchObject({
      plan: { action: 'none' },
    });
    expect(await written(rig)).toEqual([]);
  });
});

describe('a comparison of everybody', () => {
  const rigOf = rigWith('{ protect: { userNames: [root@example.test] }, leaver: delete }');

  test('leaves protected accounts alone, linked or not, and looks for nobody by their names', async () => {
    const rig = rigOf();
    await rig.person('1', { mail: 'root@example.test' });
    await rig.sandbox.seed({ userName: 'Root@Example.test', active: true });
    await rig.stores.due.serve(TARGET, rig.key('1'), NOBODY_DUE, await leaseOf(rig, '1'));
    const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
    expect(run?.counts).toMatchObject({ listed: 1, asWanted: 1, different: 0, unlinked: 0, foreign: 0 });
    expect(await rig.stores.due.count(TARGET)).toBe(0);
    expect(await written(rig)).toEqual([]);
  });
});

describe('accounts that carry the names of people who shall have none', () => {
  const rigOf = rigWith('{ inactive: delete }');

  test('are listed as unknown, and nobody is looked for by them each day', async () => {
    const rig = rigOf();
    await rig.sandbox.seed({ userName: '1@example.test', externalId: '1', active: true });
    await rig.sandbox.seed({ userName: '2@example.test', externalId: '2', active: false });
    await rig.sandbox.seed({ userName: '3@example.test', externalId: '3', active: true });
    await rig.person('1', { login: '1@example.test', mail: '' });
    await rig.person('2', { status: 'off' });
    await rig.person('3');
    for (const id of ['1', '2', '3'])
      await rig.stores.due.serve(TARGET, rig.key(id), NOBODY_DUE, await leaseOf(rig, id));
    const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
    expect(run?.counts).toMatchObject({ listed: 3, asWanted: 0, different: 0, unlinked: 1, foreign: 2 });
    expect(await rig.stores.due.get(TARGET, rig.key('3'))).not.toBeNull();
    expect(await rig.stores.due.count(TARGET)).toBe(1);
  });
});

describe('newInactive: create', () => {
  const rigOf = rigWith('{ newInactive: create }');

  test('makes the account switched off, and switches it on when the person is active', async () => {
    const rig = rigOf();
    expect(await rig.attempt(await rig.person('1', { status: 'off' }))).toMatchObject({
      plan: { action: 'create', reason: 'new in scope, and not active yet' },
    });
    expect((await rig.sandbox.accounts()).map(({ user }) => user.active)).toEqual([false]);
    expect(await rig.attempt(await rig.person('1'))).toMatchObject({ plan: { action: 'reactivate' } });
  });

  test('asks the guard before it switches off accounts that turn up with the answer to a create', async () => {
    const rig = rigOf();
    const target: typeof rig.target = {
      ...rig.target,
      async create(user, call) {
        await rig.sandbox.seed({ userName: user.userName, active: true });
        return await rig.target.create(user, call);
      },
    };
    const outcomes: string[] = [];
    for (const id of ['1', '2', '3', '4', '5', '6']) {
      const key = await rig.person(id, { status: 'off' });
      outcomes.push((await provision({ key, lastAttempt: true }, { ...rig.deps, target }, never)).kind);
    }
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'held']);
    const active = (await rig.sandbox.accounts()).filter(({ user }) => user.active === true);
    expect(active).toHaveLength(1);
    const run = await rig.stores.holds.heldBy(TARGET, rig.key('6'));
    await releaseRun(run ?? '', { actor: 'ann', reason: 'ticket 1' }, rig.reading);
    expect(await rig.attempt(rig.key('6'))).toMatchObject({ kind: 'done', plan: { action: 'adopt' } });
  });

  test('switches it off at once where the target makes every account active', async () => {
    const rig = rigOf();
    const target: typeof rig.target = {
      ...rig.target,
      create: (user, call) => rig.target.create({ ...user, active: true }, call),
    };
    const key = await rig.person('1', { status: 'off' });
    expect(await provision({ key, lastAttempt: true }, { ...rig.deps, target }, never)).toMatchObject({
      kind: 'done',
      moreDue: true,
    });
    expect(await rig.attempt(key)).toMatchObject({ plan: { action: 'deactivate' } });
    expect((await rig.sandbox.accounts()).map(({ user }) => user.active)).toEqual([false]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { Target } from '../../../app/scim/target.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

const activeAccounts = async () =>
  (await rig.sandbox.accounts()).filter(({ user }) => user.active === true).length;

describe('O-18: a create whose answer was lost, and who has changed since', () => {
  test('who is out of the mapping’s scope by now is found by what was sent, and switched off', async () => {
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
    await rig.attempt(await rig.person('a1'));
    expect(await rig.attempt(await rig.person('a1', { mail: '' }))).toMatchObject({
      plan: { action: 'deactivate' },
    });
    expect(await activeAccounts()).toBe(0);
  });

  test('a leaver is shown to an operator where nobody can say which account was made', async () => {
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
    const key = await rig.person('a1');
    await rig.attempt(key);
    await rig.sandbox.seed({ userName: 'other@example.test', externalId: 'a1', active: true });
    expect(await rig.attempt(await rig.gone('a1'))).toEqual({
      kind: 'refused',
      reason: 'ambiguous: 2 accounts have this externalId',
    });
    expect(await rig.stores.intents.get('agileplace', key)).not.toBeNull();
  });

  test('a leaver is not taken to have no account before the create can no longer take effect', async () => {
    await rig.sandbox.fault({ kind: 'drop-before-commit', method: 'POST', count: 1 });
    const key = await rig.person('a1');
    await rig.attempt(key);
    expect(await rig.attempt(await rig.gone('a1'))).toMatchObject({ kind: 'retry' });
    rig.pass(11_000);
    expect(await rig.attempt(key)).toMatchObject({ kind: 'done', plan: { action: 'none' } });
    expect(await rig.stores.intents.get('agileplace', key)).toBeNull();
  });

  test('who is called otherwise by now is found by what was sent, and not made twice', async () => {
    await rig.sandbox.seed({ userName: 'a1@example.test', active: true });
    const key = await rig.person('a1', { mail: 'ada.lovelace@example.test' });
    const sent = { userName: 'a1@example.test', externalId: 'a1', active: true };
    await rig.stores.intents.open('agileplace', key, sent, rig.now());
    expect(await rig.attempt(key)).toMatchObject({ plan: { action: 'adopt' } });
    expect((await rig.sandbox.accounts()).map(({ user }) => user.userName)).toEqual([
      'ada.lovelace@example.test',
    ]);
  });
});

describe('O-11 d: two people match one account at the same time', () => {
  test('one gets it, and nothing of the other is written to it', async () => {
    const mail = 'same@example.test';
    await rig.sandbox.seed({ userName: mail, name: { givenName: 'A', familyName: 'B' }, active: true });
    await rig.sandbox.fault({ kind: 'latency', milliseconds: 200, method: 'PATCH' });
    const keys = [await rig.person('a1', { mail, sn: 'One' }), await rig.person('a2', { mail, sn: 'Two' })];
    await Promise.allSettled(keys.map((key) => rig.attempt(key)));
    expect(await rig.writes()).toHaveLength(1);
    const [account] = await rig.sandbox.accounts();
    const owner = await rig.stores.links.ownerOf('agileplace', account?.id ?? '');
    const link = owner === null ? null : await rig.stores.links.get('agileplace', owner);
    expect(link).toMatchObject({ certain: true, madeBy: 'userName' });
    expect(account?.user).toMatchObject({ externalId: link?.desired.externalId });
    const loser = owner === keys[0] ? 'a2' : 'a1';
    expect(await rig.attempt(await rig.due(loser))).toMatchObject({
      kind: 'refused',
      reason:
        `ambiguous: account ${account?.id}, which has this userName, is linked to ${owner}, who is still there: two ` +
        'people want one userName. Give one of them another at the source',
    });
  });

  test('an adoption that the target refuses leaves the account to others', async () => {
    await rig.sandbox.seed({ userName: 'a1@example.test', active: true });
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH', count: 1 });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'refused' });
    const [account] = await rig.sandbox.accounts();
    expect(await rig.stores.links.ownerOf('agileplace', account?.id ?? '')).toBeNull();
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toBeNull();
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'adopt' } });
  });
});

describe('O-16: a target that keeps what it was asked to clear', () => {
  const attempt = async (key: Awaited<ReturnType<Rig['person']>>) =>
    await provision(
      { key, lastAttempt: false },
      { ...rig.deps, target: keepingTitles },
      new AbortController().signal,
    );
  const keepingTitles: Target = {
    name: 'agileplace',
    find: (match, call) => rig.target.find(match, call),
    list: (call) => rig.target.list(call),
    create: (user, call) => rig.target.create(user, call),
    remove: (id, call) => rig.target.remove(id, call),
    update: async (id, differences, desired, call) => {
      await rig.target.update(id, differences, desired, call);
      await rig.sandbox.change(id, { title: 'Analyst' });
      const [account] = await rig.target.find({ by: 'id', value: id }, call);
      if (account === undefined) return { kind: 'missing' };
      return { kind: 'written', account, notCleared: [['title']] };
    },
  };

  test('an operator is told once, and it is not asked again', async () => {
    await attempt(await rig.person('a1', { title: 'Analyst' }));
    expect(await attempt(await rig.person('a1'))).toMatchObject({ kind: 'done', plan: { action: 'update' } });
    const told = {
      kind: 'not-cleared',
      target: 'agileplace',
      person: rig.key('a1'),
      reason: 'asked to be cleared and still there: title',
    };
    expect(rig.alerts).toEqual([told]);
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.desired).not.toHaveProperty('title');
    await rig.sandbox.clearJournal();
    for (const wish of [{}, { fresh: true }]) {
      expect(await attempt(await rig.due('a1', wish))).toMatchObject({ plan: { action: 'none' } });
    }
    expect(await rig.writes()).toEqual([]);
    expect(rig.alerts).toEqual([told]);
  });

  test('the title of the next position is written as ever', async () => {
    await attempt(await rig.person('a1', { title: 'Analyst' }));
    await attempt(await rig.person('a1'));
    await rig.attempt(await rig.person('a1', { title: 'Chief' }));
    expect((await rig.sandbox.account('a1@example.test'))?.user).toMatchObject({ title: 'Chief' });
  });
});

/** Last in this file: the target is known not to take PATCH from here on. */
describe('O-16: a target that does not take PATCH', () => {
  test('a change is made all the same, and costs neither a pause nor an attempt', async () => {
    await rig.attempt(await rig.person('a1', { title: 'Analyst' }));
    await rig.sandbox.fault({ kind: 'status', status: 501, method: 'PATCH' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({
      kind: 'done',
      plan: { action: 'update' },
    });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PUT']);
    expect((await rig.sandbox.account('a1@example.test'))?.user).not.toHaveProperty('title');
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toMatchObject({ certain: true });
    expect(await rig.attempt(await rig.gone('a1'))).toMatchObject({ plan: { action: 'deactivate' } });
    expect((await rig.writes()).slice(3).map(({ method }) => method)).toEqual(['PUT']);
    expect(rig.alerts).toEqual([]);
  });
});

const never = new AbortController().signal;

describe('a target that says yes to a deactivation and keeps the account active', () => {
  test('an operator is told, and a fresh look asks again', async () => {
    const keepingActive: Target = {
      ...rig.target,
      update: async (id, differences, desired, call) => {
        await rig.target.update(id, differences, desired, call);
        await rig.sandbox.change(id, { active: true });
        const [account] = await rig.target.find({ by: 'id', value: id }, call);
        return account === undefined ? { kind: 'missing' } : { kind: 'written', account };
      },
    };
    const attempt = async (key: PersonKey) =>
      await provision({ key, lastAttempt: false }, { ...rig.deps, target: keepingActive }, never);
    await attempt(await rig.person('a1'));
    await attempt(await rig.gone('a1'));
    expect(rig.alerts).toEqual([
      {
        kind: 'still-active',
        target: 'agileplace',
        person: rig.key('a1'),
        reason: 'the target answered a deactivation with an account that is still active',
      },
    ]);
    expect(await attempt(await rig.due('a1', { fresh: true }))).toMatchObject({
      plan: { action: 'deactivate' },
    });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
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

const EXTERNAL = { externalId: 'a1' };
const adaAtTarget = {
  userName: 'a1@example.test',
  name: { givenName: 'Ada', familyName: 'Byron' },
  active: true,
};

async function created(): Promise<string> {
  await rig.attempt(await rig.person('a1'));
  await rig.sandbox.clearJournal();
  const link = await rig.stores.links.get('agileplace', rig.key('a1'));
  return link?.id ?? '';
}

describe('one person who is due', () => {
  test('is looked for, then created, then linked', async () => {
    const outcome = await rig.attempt(await rig.person('a1'));
    expect(outcome).toMatchObject({ kind: 'done', plan: { action: 'create', reason: 'new in scope' } });
    const journal = await rig.sandbox.journal();
    expect(journal.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
    const account = await rig.sandbox.account('a1@example.test');
    expect(account?.user).toMatchObject({ ...adaAtTarget, ...EXTERNAL });
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toMatchObject({
      id: account?.id,
      madeBy: 'created',
      certain: true,
    });
    expect(await rig.stores.intents.get('agileplace', rig.key('a1'))).toBeNull();
  });

  test('who has not changed costs no request at all', async () => {
    await created();
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'none' } });
    expect(await rig.sandbox.journal()).toEqual([]);
  });

  test('who married costs one PATCH, on the same account (O-04)', async () => {
    const id = await created();
    await rig.attempt(await rig.person('a1', { sn: 'Lovelace', mail: 'ada.lovelace@example.test' }));
    const writes = await rig.writes();
    expect(writes.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([`PATCH ${id}`]);
    expect((await rig.sandbox.account('ada.lovelace@example.test'))?.user).toMatchObject({
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      active: true,
    });
  });

  test('who left is deactivated once, and reactivated on the same account (O-06)', async () => {
    const id = await created();
    expect(await rig.attempt(await rig.gone('a1', 'out-of-scope'))).toMatchObject({
      plan: { action: 'deactivate', reason: 'out-of-scope' },
    });
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'none' } });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ plan: { action: 'reactivate' } });
    const writes = await rig.writes();
    expect(writes.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      `PATCH ${id}`,
      `PATCH ${id}`,
    ]);
    expect(writes.map(({ body }) => (body as { active?: boolean }).active)).toEqual([false, true]);
  });

  test('whose account was changed by hand gets it back by one write when asked to look (O-28)', async () => {
    const id = await created();
    await rig.sandbox.change(id, { name: { familyName: 'Changed' } });
    expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({
      plan: {
        action: 'update',
        differences: [{ path: ['name', 'familyName'], before: 'Changed', after: 'Byron' }],
      },
    });
    expect(await rig.writes()).toHaveLength(1);
    expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({
      plan: { action: 'none' },
    });
    expect(await rig.writes()).toHaveLength(1);
  });

  test('whom another worker is writing is left to it (O-18 c)', async () => {
    const key = await rig.person('a1');
    await rig.sandbox.fault({ kind: 'latency', milliseconds: 300, method: 'POST' });
    const outcomes = await Promise.all([rig.attempt(key), rig.attempt(key)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['busy', 'done']);
    expect(await rig.attempt(key)).toEqual({ kind: 'idle' });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['POST']);
  });

  test('who changes during the write is due again', async () => {
    const key = await rig.person('a1');
    await rig.sandbox.fault({ kind: 'latency', milliseconds: 300, method: 'POST' });
    const writing = rig.attempt(key);
    await vi.waitUntil(async () => (await rig.stores.intents.get('agileplace', key)) !== null);
    await rig.person('a1', { sn: 'Lovelace' });
    expect(await writing).toMatchObject({ kind: 'done', moreDue: true });
    expect(await rig.attempt(key)).toMatchObject({ plan: { action: 'update' }, moreDue: false });
  });
});

describe('a budget that is spent in the middle', () => {
  test('costs no look-up twice: in three windows of twelve requests twelve people who began together are created', async () => {
    const people = Array.from({ length: 12 }, (_, n) => `p${n}`);
    const keys = await Promise.all(people.map((id) => rig.person(id)));
    const sent: number[] = [];
    for (const _window of [1, 2, 3]) {
      await rig.sandbox.limits({ points: 12, windowSeconds: 60 });
      await rig.redis.del('{landbridge}:budget:agileplace');
      const before = (await rig.sandbox.journal()).filter(({ status }) => status !== 429).length;
      await Promise.all(keys.map((key) => rig.attempt(key)));
      sent.push((await rig.sandbox.journal()).filter(({ status }) => status !== 429).length - before);
    }
    await rig.sandbox.limits({ points: 1_000_000, windowSeconds: 60 });
    expect(sent).toEqual([12, 12, 12]);
    expect(await rig.sandbox.accounts()).toHaveLength(12);
    expect((await rig.writes()).filter(({ status }) => status === 201)).toHaveLength(12);
  });

  test('a fresh look, asked for by an operator, believes no earlier one', async () => {
    await rig.sandbox.fault({ kind: 'status', status: 429, retryAfter: '1', method: 'POST', count: 1 });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'limited' });
    await rig.sandbox.seed({ ...adaAtTarget, ...EXTERNAL });
    rig.pass(5_000);
    expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({
      plan: { action: 'adopt' },
    });
  });
});

describe('O-11: the target says that the name is taken', () => {
  const hidden = { kind: 'hide-from-search', count: 2 } as const;

  test.each([
    ['a', 'a1@example.test'],
    ['b', 'A1@Example.test'],
  ])('%s: one account of that name, and nobody’s: it is adopted by one update', async (_case, userName) => {
    const seeded = await rig.sandbox.seed({ ...adaAtTarget, userName, name: { familyName: 'Old' } });
    await rig.sandbox.fault(hidden);
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({
      kind: 'done',
      plan: { action: 'adopt', reason: 'found by userName' },
    });
    expect((await rig.writes()).map(({ method, status }) => `${method} ${status}`)).toEqual([
      'POST 409',
      'PATCH 200',
    ]);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
    expect((await rig.sandbox.accounts())[0]).toMatchObject({
      id: seeded.id,
      user: { ...adaAtTarget, ...EXTERNAL },
    });
  });

  test('c: no account of that name can be seen: for an operator, and not tried again', async () => {
    await rig.sandbox.seed(adaAtTarget);
    await rig.sandbox.fault({ kind: 'hide-from-search' });
    const outcome = await rig.attempt(await rig.person('a1'));
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^conflict-not-visible: /),
    });
    expect(await rig.attempt(rig.key('a1'))).toEqual({ kind: 'idle' });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['POST']);
    expect(await rig.stores.deadLetters.get('agileplace', rig.key('a1'))).toMatchObject({ status: 409 });
  });

  test('e: the server ignored the filter: what it lists is not adopted', async () => {
    await rig.sandbox.seed({ ...adaAtTarget, userName: 'somebody.else@example.test' });
    await rig.sandbox.fault({ kind: 'ignore-filter' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ plan: { action: 'create' } });
    expect(await rig.sandbox.accounts()).toHaveLength(2);
  });

  test('f: 400 instead of 409, and one account of that name: adopted', async () => {
    await rig.sandbox.seed(adaAtTarget);
    await rig.sandbox.fault(hidden);
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ plan: { action: 'adopt' } });
  });

  test('g: 400 and no such account: the server’s words go to the operator', async () => {
    await rig.sandbox.fault({
      kind: 'status',
      status: 400,
      description: 'mail is not allowed',
      method: 'POST',
    });
    expect(await rig.attempt(await rig.person('a1'))).toEqual({
      kind: 'refused',
      reason: 'mail is not allowed',
    });
    expect(await rig.stores.deadLetters.get('agileplace', rig.key('a1'))).toMatchObject({
      status: 400,
      words: 'mail is not allowed',
    });
  });

  test('an account that is somebody else’s is never taken', async () => {
    const id = await created();
    const outcome = await rig.attempt(await rig.person('a2', { mail: 'a1@example.test' }));
    expect(outcome).toEqual({
      kind: 'refused',
      reason:
        `ambiguous: account ${id}, which has this userName, is linked to corp:a1, who is still there: two people ` +
        'want one userName. Give one of them another at the source',
    });
    expect(await rig.writes()).toEqual([]);
  });

  test('an account that carries another externalId is never taken', async () => {
    await rig.sandbox.seed({ ...adaAtTarget, externalId: 'hr-17' });
    expect(await rig.attempt(await rig.person('a1'))).toEqual({
      kind: 'refused',
      reason: 'ambiguous: the account with this userName carries another externalId',
    });
    expect(await rig.writes()).toEqual([]);
  });
});

describe('O-12: the target has no such account any more', () => {
  test('a: it is made again, once', async () => {
    const id = await created();
    await rig.sandbox.remove(id);
    expect(await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }))).toMatchObject({
      plan: { action: 'create' },
    });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH', 'POST']);
    const link = await rig.stores.links.get('agileplace', rig.key('a1'));
    expect(link?.id).not.toBe(id);
  });

  test('b: another account has our externalId: it is linked and updated', async () => {
    const id = await created();
    await rig.sandbox.remove(id);
    const other = await rig.sandbox.seed({ ...adaAtTarget, ...EXTERNAL, userName: 'moved@example.test' });
    await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }));
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.id).toBe(other.id);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('c: a leaver’s account that is gone stays gone', async () => {
    const id = await created();
    await rig.sandbox.remove(id);
    expect(await rig.attempt(await rig.gone('a1'))).toMatchObject({ kind: 'done', plan: { action: 'none' } });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH']);
    expect(await rig.sandbox.accounts()).toEqual([]);
  });

  test('e: a page instead of an answer says nothing about the account: the link stays, the target pauses', async () => {
    const id = await created();
    await rig.sandbox.fault({ kind: 'html-error', status: 404 });
    expect(await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }))).toMatchObject({ kind: 'paused' });
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.id).toBe(id);
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['target-paused']);
    await rig.sandbox.clearFaults();
    rig.pass(31_000);
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ plan: { action: 'update' } });
  });

  test('f: many accounts gone at once: a few are made again, then the target pauses', async () => {
    const people = Array.from({ length: 20 }, (_, n) => `p${n}`);
    for (const id of people) await rig.attempt(await rig.person(id));
    await rig.sandbox.clearAccounts();
    await rig.sandbox.clearJournal();
    const outcomes: string[] = [];
    for (const id of people) outcomes.push((await rig.attempt(await rig.person(id, { sn: 'New' }))).kind);
    expect(outcomes).toEqual([...Array(5).fill('done'), ...Array(15).fill('paused')]);
    expect((await rig.writes()).filter(({ method }) => method === 'POST')).toHaveLength(5);
    expect(rig.alerts).toEqual([
      {
        kind: 'target-paused',
        target: 'agileplace',
        reason: 'more than 5 linked accounts are gone from the target',
      },
    ]);
  });
});

describe('O-13: success that is not', () => {
  test('a: an error inside a 200 links nobody', async () => {
    await rig.sandbox.fault({ kind: 'error-in-success', description: 'bad mail', method: 'POST' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'refused', reason: 'bad mail' });
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toBeNull();
  });

  test('b: a passing error inside a 201 links nobody and is tried again', async () => {
    await rig.sandbox.fault({ kind: 'error-in-success', status: 201, code: 503, method: 'POST' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'retry' });
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toBeNull();
  });

  test('k: a sign-in page is not an empty list: nobody is created', async () => {
    await rig.sandbox.fault({ kind: 'sign-in-page' });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'paused' });
    expect(await rig.writes()).toEqual([]);
  });
});

describe('O-18: a create whose answer was lost', () => {
  test('a, b: it had worked: it is found, linked, and not repeated', async () => {
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'retry' });
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({
      plan: { action: 'adopt', reason: 'found by externalId' },
    });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['POST']);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
    expect(await rig.stores.intents.get('agileplace', rig.key('a1'))).toBeNull();
  });

  test('a: a slow target that answers after our patience is over, without a rule against doubles', async () => {
    await rig.sandbox.fault({
      kind: 'latency',
      milliseconds: 2_500,
      method: 'POST',
      phase: 'after-commit',
      count: 1,
    });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'retry' });
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ plan: { action: 'adopt' } });
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('it had not worked: it is repeated only when it cannot take effect any more', async () => {
    await rig.sandbox.fault({ kind: 'drop-before-commit', method: 'POST', count: 1 });
    await rig.attempt(await rig.person('a1'));
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({
      kind: 'retry',
      reason: 'an earlier create may still take effect',
    });
    rig.pass(11_000);
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ plan: { action: 'create' } });
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('d: the worker died between the answer and the link', async () => {
    await rig.stores.intents.open('agileplace', rig.key('a1'), { ...adaAtTarget, ...EXTERNAL }, rig.now());
    await rig.sandbox.seed({ ...adaAtTarget, ...EXTERNAL });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ plan: { action: 'adopt' } });
    expect(await rig.writes()).toEqual([]);
    expect(await rig.stores.intents.get('agileplace', rig.key('a1'))).toBeNull();
  });

  test('a leaver whose create may have worked unseen is looked for and switched off', async () => {
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
    await rig.attempt(await rig.person('a1'));
    expect(await rig.attempt(await rig.gone('a1'))).toMatchObject({ plan: { action: 'deactivate' } });
    expect((await rig.sandbox.accounts())[0]?.user.active).toBe(false);
  });

  test('an update whose answer was lost is read before it is planned again', async () => {
    await created();
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'PATCH', count: 1 });
    await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }));
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ kind: 'done', plan: { action: 'none' } });
    expect((await rig.sandbox.journal()).map(({ method }) => method)).toEqual(['PATCH', 'GET']);
    expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toMatchObject({
      certain: true,
      desired: { name: { familyName: 'Lovelace' } },
    });
  });
});

describe('a worker that is killed', () => {
  test('between a PATCH and the link: the account is read before it is planned again', async () => {
    await created();
    const { target } = rig.deps;
    const killed = {
      ...target,
      update: async (...call: Parameters<typeof target.update>) => {
        await target.update(...call);
        throw new Error('killed');
      },
    };
    const key = await rig.person('a1', { sn: 'Lovelace' });
    const dying = provision(
      { key, lastAttempt: false },
      { ...rig.deps, target: killed },
      new AbortController().signal,
    );
    await expect(dying).rejects.toThrow('killed');
    await rig.person('a1', { sn: 'Byron' });
    expect(await rig.attempt(key)).toMatchObject({
      plan: {
        action: 'update',
        differences: [{ path: ['name', 'familyName'], before: 'Lovelace', after: 'Byron' }],
      },
    });
    expect((await rig.sandbox.account('a1@example.test'))?.user.name).toMatchObject({ familyName: 'Byron' });
  });
});

describe('O-19 c: the credential is refused', () => {
  test('the target pauses with one alert, nothing is lost, and goes on by itself', async () => {
    await rig.sandbox.fault({ kind: 'unauthorized' });
    const keys = [await rig.person('a1'), await rig.person('a2'), await rig.person('a3')];
    for (const key of keys) expect(await rig.attempt(key)).toMatchObject({ kind: 'paused' });
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['target-paused']);
    expect(await rig.stores.due.count('agileplace')).toBe(3);
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
    expect(await rig.sandbox.journal()).toHaveLength(1);
    await rig.sandbox.clearFaults();
    rig.pass(31_000);
    for (const key of keys) expect(await rig.attempt(key)).toMatchObject({ kind: 'done' });
    expect(await rig.stores.breakers.view('agileplace')).toBeNull();
  });
});

describe('failures that pass', () => {
  test('are tried again, and shown to an operator when the last attempt failed too', async () => {
    await rig.sandbox.fault({ kind: 'status', status: 500 });
    const key = await rig.person('a1');
    expect(await rig.attempt(key)).toMatchObject({ kind: 'retry' });
    expect(await rig.attempt(key, { last: true })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^gave up: .*500/),
    });
    expect(await rig.stores.due.count('agileplace')).toBe(0);
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(1);
  });

  test('in a row pause the target, and cost no attempt from then on', async () => {
    await rig.sandbox.fault({ kind: 'status', status: 500 });
    const key = await rig.person('a1');
    for (let n = 0; n < 9; n += 1) expect(await rig.attempt(key)).toMatchObject({ kind: 'retry' });
    expect(await rig.attempt(key, { last: true })).toMatchObject({ kind: 'paused' });
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['target-paused']);
  });

  test('a success takes the person off the dead-letter list', async () => {
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST', count: 1 });
    const key = await rig.person('a1');
    await rig.attempt(key);
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(1);
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ kind: 'done' });
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
  });
});

describe('the guard before single removals', () => {
  test('lets as many go as its share, holds the rest in one run, and lets them go when released', async () => {
    const people = Array.from({ length: 12 }, (_, n) => `p${n}`);
    for (const id of people) await rig.attempt(await rig.person(id));
    await rig.sandbox.clearJournal();
    const outcomes: string[] = [];
    for (const id of people) outcomes.push((await rig.attempt(await rig.gone(id))).kind);
    expect(outcomes).toEqual([...Array(5).fill('done'), ...Array(7).fill('held')]);
    expect(await rig.writes()).toHaveLength(5);
    const held = await rig.stores.runs.list({ state: 'held', kind: 'guard', limit: 10 });
    expect(held).toMatchObject([{ target: 'agileplace', counts: { held: 7 }, releasable: true }]);
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['removals-held']);
    await rig.stores.holds.approve(held[0]?.id ?? '');
    for (const id of people.slice(5))
      expect(await rig.attempt(await rig.due(id))).toMatchObject({ kind: 'done' });
    expect((await rig.sandbox.accounts()).filter(({ user }) => user.active === true)).toEqual([]);
  });

  test('lets go of somebody who came back', async () => {
    for (const n of Array(6).keys()) await rig.attempt(await rig.person(`p${n}`));
    for (const n of Array(6).keys()) await rig.attempt(await rig.gone(`p${n}`));
    expect(await rig.stores.holds.count()).toBe(1);
    expect(await rig.attempt(await rig.person('p5'))).toMatchObject({ plan: { action: 'none' } });
    expect(await rig.stores.holds.count()).toBe(0);
    expect(await rig.stores.runs.list({ state: 'held', limit: 1 })).toEqual([]);
  });
});

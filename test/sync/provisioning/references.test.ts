/** Accounts that say whose account another one is: what is written when, and to whom. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { announceRun } from '../../../app/sync/announce.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { absorbEntry } from '../../../app/sync/reading/absorb.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { announceAccounts } from '../../../app/sync/referrers.ts';
import { preview } from '../../../app/sync/reprovision.ts';
import { ENTERPRISE, managedMapping } from '../../support/managed-mapping.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';

const TARGET = 'agileplace';
const MANAGER_ID = `${ENTERPRISE}:manager.managerId`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', mapping: managedMapping() });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

/** Serves everybody who is due until nobody is. @returns the writes, as `POST ada: t-1` with the manager's name */
async function work(): Promise<string[]> {
  await rig.sandbox.clearJournal();
  while ((await rig.stores.due.count(TARGET)) > 0) {
    for await (const batch of rig.stores.due.scan(TARGET)) {
      for (const { key } of batch) await rig.attempt(key);
    }
  }
  return await writes();
}

async function writes(): Promise<string[]> {
  const names = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, nameIn(user.userName)]));
  return (await rig.writes()).map(({ method, path, body }) => {
    const sent = body as Record<string, unknown>;
    const name = nameIn(sent.userName) || (names.get(path.split('/').at(-1) ?? '') ?? '');
    const id = managerIn(sent);
    return `${method} ${name}${id === undefined ? '' : `: ${names.get(id) ?? id}`}`;
  });
}

function nameIn(userName: unknown): string {
  return String(userName ?? '').split('@')[0] ?? '';
}

function managerIn(user: Record<string, unknown>): string | undefined {
  const extension = user[ENTERPRISE] as { manager?: { managerId?: string } } | undefined;
  return extension?.manager?.managerId;
}

async function managerOf(id: string): Promise<string | undefined> {
  const account = await rig.sandbox.account(`${id}@example.test`);
  const manager = managerIn(account?.user ?? {});
  const accounts = await rig.sandbox.accounts();
  const theirs = accounts.find((each) => each.id === manager)?.user.userName;
  return manager === undefined ? undefined : nameIn(theirs);
}

const attempt = async (id: string) => await rig.attempt(rig.key(id));

describe('people who name each other (O-10)', () => {
  test('O-10: two in a circle, one who names themselves, one who names nobody known: two writes at most', async () => {
    const warned = vi.spyOn(rig.deps.signals, 'mappingWarning');
    await rig.person('ada', { manager: 'grace' });
    await rig.person('grace', { manager: 'ada' });
    await rig.person('charles', { manager: 'charles' });
    await rig.person('joan', { manager: 'nobody' });
    for (const id of ['ada', 'grace', 'charles', 'joan']) await attempt(id);
    expect(await writes()).toEqual(['POST ada', 'POST grace: ada', 'POST charles', 'POST joan']);
    const [post] = await rig.writes();
    expect(post?.body).toEqual({
      schemas: ['urn:scim:schemas:core:1.0'],
      externalId: 'ada',
      userName: 'ada@example.test',
      name: { familyName: 'Byron' },
      active: true,
    });
    expect(await work()).toEqual(['PATCH ada: grace']);
    const [patch] = await rig.writes();
    const grace = await rig.sandbox.account('grace@example.test');
    expect(patch?.body).toEqual({
      schemas: ['urn:scim:schemas:core:1.0', ENTERPRISE],
      [ENTERPRISE]: { manager: { managerId: grace?.id } },
    });
    expect(warned.mock.calls.map(([{ person, attribute }]) => [person, attribute])).toEqual([
      ['corp:charles', MANAGER_ID],
    ]);
    warned.mockRestore();
  });

  test('O-10: a second run over everybody, and a comparison of everybody, write nothing', async () => {
    for (const [id, manager] of [
      ['ada', 'grace'],
      ['grace', 'ada'],
      ['charles', 'charles'],
      ['joan', 'nobody'],
    ] as const) {
      await rig.person(id, { manager });
    }
    await work();
    for (const id of ['ada', 'grace', 'charles', 'joan']) await rig.due(id);
    expect(await work()).toEqual([]);
    for (const id of ['ada', 'grace', 'charles', 'joan']) await rig.due(id, { fresh: true });
    expect(await work()).toEqual([]);
    const deps = { ...rig.reading, sleep: async () => {} };
    const run = await reconcile(rig.target, 'run-r', deps, new AbortController().signal);
    expect(run).toMatchObject({ state: 'ok', counts: { listed: 4, asWanted: 4, different: 0, notShown: 0 } });
    expect(await rig.stores.due.count(TARGET)).toBe(0);
  });

  test('O-10: where the manager is refused for good the other keeps their account', async () => {
    await rig.person('ada', { manager: 'grace' });
    await attempt('ada');
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST' });
    await rig.person('grace', { manager: 'ada' });
    expect(await attempt('grace')).toMatchObject({ kind: 'refused' });
    await rig.sandbox.clearFaults();
    expect(await work()).toEqual([]);
    expect((await rig.sandbox.account('ada@example.test'))?.user.active).toBe(true);
    await rig.due('grace');
    expect(await work()).toEqual(['POST grace: ada', 'PATCH ada: grace']);
  });
});

describe('what waits', () => {
  test('is shown with the person it waits for, or with nobody, until it is there', async () => {
    await rig.person('ada', { manager: 'grace' });
    await attempt('ada');
    const waiting = async () => (await rig.stores.due.lastServed(TARGET, rig.key('ada')))?.waiting;
    const place = { attribute: MANAGER_ID, from: 'manager' };
    expect(await waiting()).toEqual([{ ...place, person: null }]);
    expect(await rig.stores.due.countWaiting(TARGET)).toBe(1);
    await rig.person('grace', { mail: '' });
    await rig.due('ada');
    await work();
    expect(await waiting()).toEqual([{ ...place, person: 'corp:grace' }]);
    await rig.person('grace');
    expect(await work()).toEqual(['POST grace', 'PATCH ada: grace']);
    expect(await waiting()).toBeUndefined();
    expect(await rig.stores.due.countWaiting(TARGET)).toBe(0);
  });

  test('makes nobody due by itself', async () => {
    await rig.person('ada', { manager: 'grace' });
    expect(await attempt('ada')).toMatchObject({ kind: 'done', moreDue: false });
    expect(await rig.stores.due.count(TARGET)).toBe(0);
  });

  test('stands in a preview beside the plan, which leaves it out', async () => {
    await rig.person('ada', { manager: 'grace' });
    const deps = {
      ...rig.reading,
      runs: rig.stores.runs,
      sourceOf: () => null,
      targetOf: () => rig.target,
    };
    const [shown] = await preview(rig.key('ada'), deps, new AbortController().signal);
    expect(shown?.waiting).toEqual([{ attribute: MANAGER_ID, from: 'manager', person: null }]);
    expect(shown?.plan).toMatchObject({ action: 'create' });
    expect(JSON.stringify(shown?.plan)).not.toContain('manager');
    expect(await rig.redis.keys('*mentions*')).toEqual([]);
  });
});

describe('a manager who changes', () => {
  beforeEach(async () => {
    await rig.person('grace');
    await rig.person('ada', { manager: 'grace' });
    await work();
    expect(await managerOf('ada')).toBe('grace');
  });

  test('for one with an account is one write', async () => {
    await rig.person('bob');
    await rig.person('ada', { manager: 'bob' });
    expect((await work()).sort()).toEqual(['PATCH ada: bob', 'POST bob']);
  });

  test('for one without an account leaves the former one until the new one has one', async () => {
    await rig.person('ada', { manager: 'bob' });
    expect(await work()).toEqual([]);
    await rig.due('ada', { fresh: true });
    expect(await work()).toEqual([]);
    expect(await managerOf('ada')).toBe('grace');
    await rig.person('bob');
    expect(await work()).toEqual(['POST bob', 'PATCH ada: bob']);
  });

  test('for one without an account is cleared where the former one loses theirs', async () => {
    await rig.person('ada', { manager: 'bob' });
    await work();
    await rig.sandbox.remove((await rig.sandbox.account('grace@example.test'))?.id ?? '');
    await rig.due('grace', { fresh: true });
    expect(await work()).toEqual(['POST grace', 'PATCH ada']);
    expect(await managerOf('ada')).toBeUndefined();
  });

  test('for nobody is cleared, once, by one write', async () => {
    await rig.person('ada');
    expect(await work()).toEqual(['PATCH ada']);
    const [patch] = await rig.writes();
    expect(patch?.body).toEqual({
      schemas: ['urn:scim:schemas:core:1.0', ENTERPRISE],
      meta: { attributes: [MANAGER_ID] },
    });
    expect(await managerOf('ada')).toBeUndefined();
    await rig.due('ada', { fresh: true });
    expect(await work()).toEqual([]);
  });

  test('and for themselves is cleared, too', async () => {
    await rig.person('ada', { manager: 'ada' });
    expect(await work()).toEqual(['PATCH ada']);
    expect(await managerOf('ada')).toBeUndefined();
  });

  test('is nothing to the report while they only leave: the account is still theirs', async () => {
    await rig.gone('grace');
    expect(await work()).toEqual(['PATCH grace']);
    await rig.due('ada');
    expect(await work()).toEqual([]);
    expect(await managerOf('ada')).toBe('grace');
  });
});

describe('an account that is gone at the target', () => {
  async function managed(): Promise<string> {
    await rig.person('grace');
    await rig.person('ada', { manager: 'grace' });
    await work();
    const id = (await rig.sandbox.account('grace@example.test'))?.id ?? '';
    await rig.sandbox.remove(id);
    return id;
  }

  test('and is made again is told to those who refer to it, in one write each', async () => {
    const old = await managed();
    await rig.due('grace', { fresh: true });
    expect(await work()).toEqual(['POST grace', 'PATCH ada: grace']);
    expect((await rig.sandbox.account('grace@example.test'))?.id).not.toBe(old);
  });

  test('and is not made again is cleared from those who refer to it', async () => {
    await managed();
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST' });
    await rig.due('grace', { fresh: true });
    await rig.attempt(rig.key('grace'));
    await rig.sandbox.clearFaults();
    expect(await announceAccounts([TARGET], rig.reading)).toBe(1);
    expect(await announceAccounts([TARGET], rig.reading)).toBe(0);
    expect(await work()).toEqual(['PATCH ada']);
    expect(await managerOf('ada')).toBeUndefined();
  });
});

describe('whoever stands under the name that others use', () => {
  const dnOf = (name: string) => `cn=${name},ou=people,dc=example,dc=test`;
  const standing = async (id: string, dn: string, manager?: string) => {
    const references = manager === undefined ? {} : { references: { manager: [manager] } };
    await absorbEntry('corp', { ...entryOf(id), dn, dnKey: dn, ...references }, rig.reading);
  };

  test('O-04: a manager with another DN costs those who name them no write', async () => {
    await standing('grace', dnOf('hopper'));
    await standing('ada', dnOf('ada'), dnOf('hopper'));
    for (const id of ['grace', 'ada']) await rig.due(id);
    await work();
    await standing('grace', dnOf('murray'));
    await standing('ada', dnOf('ada'), dnOf('murray'));
    await announceRun('corp', 'run-1', rig.reading);
    expect(await rig.stores.due.get(TARGET, rig.key('ada'))).not.toBeNull();
    expect(await work()).toEqual([]);
    expect(await managerOf('ada')).toBe('grace');
  });

  test('is found by those who named that DN before anybody known stood there', async () => {
    await standing('grace', dnOf('murray'));
    await standing('ada', dnOf('ada'), dnOf('hopper'));
    for (const id of ['grace', 'ada']) await rig.due(id);
    expect((await work()).sort()).toEqual(['POST ada', 'POST grace']);
    await announceRun('corp', 'run-1', rig.reading);
    await work();
    await standing('grace', dnOf('hopper'));
    await announceRun('corp', 'run-2', rig.reading);
    expect(await work()).toEqual(['PATCH ada: grace']);
    expect(await rig.stores.identities.moves('corp')).toEqual([]);
  });

  test('is another person where a DN is taken over', async () => {
    await standing('grace', dnOf('boss'));
    await standing('ada', dnOf('ada'), dnOf('boss'));
    await standing('bob', dnOf('bob'));
    for (const id of ['grace', 'ada', 'bob']) await rig.due(id);
    await work();
    await standing('grace', dnOf('former-boss'));
    await standing('bob', dnOf('boss'));
    await announceRun('corp', 'run-1', rig.reading);
    expect(await work()).toEqual(['PATCH ada: bob']);
  });
});

describe('many who name one', () => {
  const REPORTS = 120;
  const ids = Array.from({ length: REPORTS }, (_, n) => `r${n}`);

  test('who are not made yet get it in their create, and who are made get one write each, in the bulk lane', async () => {
    for (const id of ids) await rig.person(id, { manager: 'grace' });
    for (const id of ids.slice(0, 100)) await attempt(id);
    await rig.person('grace');
    await attempt('grace');
    const lanes = new Set<string>();
    for await (const batch of rig.stores.due.scan(TARGET)) {
      for (const { key, mark } of batch)
        if (ids.slice(0, 100).some((id) => rig.key(id) === key)) lanes.add(mark.lane);
    }
    expect([...lanes]).toEqual(['bulk']);
    const written = await work();
    expect(written.filter((write) => write.startsWith('PATCH'))).toHaveLength(100);
    expect(written.filter((write) => write.startsWith('POST'))).toHaveLength(20);
    expect(written.every((write) => write.endsWith(': grace'))).toBe(true);
  });

  test('and have no account here are not made due', async () => {
    await rig.person('ada', { manager: 'grace', mail: '' });
    await attempt('ada');
    await rig.person('grace');
    await attempt('grace');
    expect(await rig.stores.due.get(TARGET, rig.key('ada'))).toBeNull();
  });
});

describe('a process that dies', () => {
  test('between a new account and the word to others leaves it to upkeep', async () => {
    await rig.person('ada', { manager: 'grace' });
    await rig.person('grace');
    await attempt('ada');
    // The link is stored and the process gone: nobody was told.
    const died = {
      ...rig.deps,
      referrers: { ...rig.stores.referrers, of: () => Promise.reject(new Error('died')) },
    };
    await expect(
      provision({ key: rig.key('grace'), lastAttempt: false }, died, new AbortController().signal),
    ).rejects.toThrow('died');
    expect(await rig.stores.due.get(TARGET, rig.key('ada'))).toBeNull();
    expect(await announceAccounts([TARGET], rig.reading)).toBe(1);
    expect(await work()).toEqual(['PATCH ada: grace']);
  });
});

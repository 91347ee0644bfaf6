import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../app/scim/resource.ts';
import type { Target } from '../../../app/scim/target.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';
import { scriptedSource } from '../../support/scripted-source.ts';

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

const never = new AbortController().signal;
const people = (count: number) => Array.from({ length: count }, (_, n) => entryOf(`p${n}`));
const idOf = async (id: string) => (await rig.stores.links.get('agileplace', rig.key(id)))?.id ?? '';

async function compare(target: Target = rig.target) {
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds);
    rig.pass(milliseconds);
    await rig.sandbox.limits({ points: 1_000_000, windowSeconds: 60 });
  };
  const run = await reconcile(target, 'run-r', { ...rig.reading, sleep }, never);
  return { run, waits };
}
/** Works everything off that is due, as the workers would. */
async function work(): Promise<void> {
  for await (const batch of rig.stores.due.scan('agileplace')) {
    await Promise.all(batch.map(({ key }) => rig.attempt(key)));
  }
}
async function provisioned(count: number): Promise<void> {
  await readSource(scriptedSource(people(count)), 'sweep', rig.reading, never);
  await work();
  await rig.sandbox.clearJournal();
}
/** The target, but its listing shows each account as the test says. */
function listing(shown: (account: Account) => Account): Target {
  return {
    ...rig.target,
    async *list(call) {
      for await (const item of rig.target.list(call)) {
        yield item.kind === 'page' ? { ...item, accounts: item.accounts.map(shown) } : item;
      }
    },
  };
}
/** The target, where something happens after the last page of its listing was answered. */
function afterItsPages(happens: () => Promise<void>): Target {
  return {
    ...rig.target,
    async *list(call) {
      for await (const item of rig.target.list(call)) {
        if (item.kind === 'end') await happens();
        yield item;
      }
    },
  };
}
const bare = ({ id, user: { userName } }: Account): Account => ({ id, user: { userName } });
const requests = async () => (await rig.sandbox.journal()).map(({ method, status }) => `${method} ${status}`);

describe('a comparison of everybody at a target', () => {
  test('costs a request a page where nothing differs, and no write', async () => {
    await provisioned(450);
    expect((await compare()).run).toMatchObject({
      kind: 'reconcile',
      state: 'ok',
      counts: { listed: 450, asWanted: 450, different: 0, unlinked: 0, foreign: 0, missing: 0 },
    });
    expect(await requests()).toEqual(['GET 200', 'GET 200', 'GET 200']);
    expect(await rig.stores.due.count('agileplace')).toBe(0);
  });

  test('finds what was changed by hand, which is then repaired by one write', async () => {
    await provisioned(3);
    await rig.sandbox.change(await idOf('p1'), { name: { familyName: 'By hand' } });
    expect((await compare()).run).toMatchObject({ state: 'ok', counts: { asWanted: 2, different: 1 } });
    await work();
    expect(await requests()).toEqual(['GET 200', 'GET 200', 'PATCH 200']);
    expect((await compare()).run).toMatchObject({ counts: { asWanted: 3, different: 0 } });
  });

  test('finds a leaver who was switched on again by hand', async () => {
    await provisioned(3);
    await rig.attempt(await rig.gone('p1'));
    await rig.sandbox.change(await idOf('p1'), { active: true });
    await compare();
    // They have access that they must not have, so they wait behind nobody.
    expect((await rig.stores.due.get('agileplace', rig.key('p1')))?.lane).toBe('leaver');
    await work();
    const active = (await rig.sandbox.accounts()).filter(({ user }) => user.active === true);
    expect(active.map(({ user }) => user.externalId).sort()).toEqual(['p0', 'p2']);
  });

  test('does not take what the target makes of our values for a difference', async () => {
    await rig.attempt(await rig.person('p0', { mail: 'P0@Example.test' }));
    const account = await rig.sandbox.account('p0@example.test');
    const link = await rig.stores.links.get('agileplace', rig.key('p0'));
    const lease = await rig.stores.leases.acquire('write:agileplace:corp:p0', 60_000);
    if (link === null || lease === null) throw new Error('not linked');
    await rig.stores.links.put({ ...link, echo: { ...link.echo, userName: 'p0@example.test' } }, lease);
    await rig.sandbox.change(account?.id ?? '', { userName: 'p0@example.test' });
    expect((await compare()).run).toMatchObject({ counts: { asWanted: 1, different: 0 } });
  });

  test('counts accounts that are not ours, and leaves them alone', async () => {
    await provisioned(1);
    await rig.sandbox.seed({ userName: 'root@example.test', active: true });
    expect((await compare()).run).toMatchObject({ state: 'ok', counts: { asWanted: 1, foreign: 1 } });
    expect(await rig.stores.due.count('agileplace')).toBe(0);
  });

  test('finds a linked account that is gone, and it is made again', async () => {
    await provisioned(3);
    await rig.sandbox.remove(await idOf('p1'));
    expect((await compare()).run).toMatchObject({ state: 'ok', counts: { asWanted: 2, missing: 1 } });
    await work();
    expect(await rig.sandbox.accounts()).toHaveLength(3);
  });

  test('concludes nothing where many are gone: that says something about the target (O-12 f)', async () => {
    await provisioned(20);
    for (const n of Array(6).keys()) await rig.sandbox.remove(await idOf(`p${n}`));
    const reason =
      '6 of 20 linked accounts are not at the target, more than the 5 that are looked after by themselves';
    expect((await compare()).run).toMatchObject({ state: 'failed', reason, counts: { missing: 6 } });
    expect(rig.alerts).toEqual([{ kind: 'accounts-missing', run: 'run-r', target: 'agileplace', reason }]);
    expect(await rig.stores.due.count('agileplace')).toBe(0);
  });

  test('concludes nothing about absence from a listing that repeats its first page (O-15)', async () => {
    await provisioned(250);
    await rig.sandbox.fault({ kind: 'ignore-paging' });
    expect((await compare()).run).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^incomplete listing: /),
      counts: { missing: 0 },
    });
    expect((await requests()).length).toBeLessThanOrEqual(2);
    expect(await rig.stores.due.count('agileplace')).toBe(0);
    expect(rig.alerts).toMatchObject([{ kind: 'listing-incomplete', run: 'run-r', target: 'agileplace' }]);
  });

  test('does not ask for everybody by id where the listing shows only some attributes', async () => {
    await provisioned(20);
    expect((await compare(listing(bare))).run).toMatchObject({
      state: 'ok',
      reason: 'the listing does not show active, externalId, name.familyName, name.givenName; not compared',
      counts: { asWanted: 0, notShown: 20, different: 0, missing: 0 },
    });
    expect(await rig.stores.due.count('agileplace')).toBe(0);
  });

  test('finds one attribute that was emptied by hand, where the listing shows it of others', async () => {
    await provisioned(20);
    await rig.sandbox.change(await idOf('p1'), { name: { familyName: 'Byron', givenName: '' } });
    expect((await compare()).run).toMatchObject({ counts: { asWanted: 19, different: 1 } });
    await work();
    expect(await requests()).toEqual(['GET 200', 'GET 200', 'PATCH 200']);
  });

  test('finds what was changed by hand among the attributes that a bare listing shows', async () => {
    await provisioned(20);
    await rig.sandbox.change(await idOf('p1'), { userName: 'by-hand@example.test' });
    expect((await compare(listing(bare))).run).toMatchObject({ counts: { notShown: 19, different: 1 } });
  });

  test('does not take for missing who was made after their page was listed', async () => {
    await provisioned(3);
    const joiners = afterItsPages(async () => {
      for (let n = 10; n < 20; n += 1) await rig.attempt(await rig.person(`p${n}`));
    });
    expect((await compare(joiners)).run).toMatchObject({ state: 'ok', counts: { listed: 3, missing: 0 } });
    expect(rig.alerts).toEqual([]);
  });

  test('believes the listing more than a look-up that found nobody a moment ago (O-11)', async () => {
    const key = await rig.person('p1');
    const lookUps = [
      { by: 'externalId', value: 'p1' },
      { by: 'userName', value: 'p1@example.test' },
    ];
    await rig.stores.fruitless.note('agileplace', key, lookUps);
    await rig.sandbox.seed({ userName: 'by-hand@example.test', externalId: 'p1', active: true });
    expect((await compare()).run).toMatchObject({ counts: { unlinked: 1 } });
    await work();
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('waits where the budget is spent, and goes on with the same page', async () => {
    await provisioned(450);
    await rig.redis.del('{landbridge}:budget:agileplace');
    await rig.sandbox.limits({ points: 2, windowSeconds: 60 });
    const { run, waits } = await compare();
    expect(run).toMatchObject({ state: 'ok', counts: { listed: 450 } });
    expect(waits).toHaveLength(1);
  });

  test('a page instead of a list is a failed run, and nothing else', async () => {
    await provisioned(3);
    await rig.sandbox.fault({ kind: 'sign-in-page' });
    expect((await compare()).run).toMatchObject({ state: 'failed' });
    expect(await rig.stores.due.count('agileplace')).toBe(0);
  });
});

describe('a run', () => {
  test('does not stay running where something unforeseen happens', async () => {
    const surprising = afterItsPages(() => Promise.reject(new Error('surprise')));
    await expect(compare(surprising)).rejects.toThrow('surprise');
    const reason = 'internal error (Error), see the log';
    expect(await rig.stores.runs.get('run-r')).toMatchObject({ state: 'failed', reason });
  });
});

test('what Redis held is rebuilt from source and target, without a write and without a second account', async () => {
  await provisioned(30);
  await rig.attempt(await rig.gone('p29'));
  await rig.redis.flushall();
  await rig.sandbox.clearJournal();
  await readSource(scriptedSource(people(29)), 'sweep', rig.reading, never);
  await compare();
  await work();
  expect(await rig.writes()).toEqual([]);
  expect(await rig.sandbox.accounts()).toHaveLength(30);
  expect(await rig.stores.links.countActive('agileplace')).toBe(29);
  expect((await compare()).run).toMatchObject({ counts: { asWanted: 29, foreign: 1, unlinked: 0 } });
});

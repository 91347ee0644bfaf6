import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
import { personKey, type StableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import type { Watermark } from '../../app/sources/source.ts';
import { createBreakers } from '../../app/store/breakers.ts';
import { createBudgets } from '../../app/store/budgets.ts';
import { connect, createStore, type Store, settingsProblems } from '../../app/store/connection.ts';
import { createDueMarks } from '../../app/store/due-marks.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createHolds } from '../../app/store/holds.ts';
import { createIdentities } from '../../app/store/identities.ts';
import { createLeases } from '../../app/store/leases.ts';
import { createLinks } from '../../app/store/links.ts';
import type { Lease, Link, StoredIdentity } from '../../app/store/ports/index.ts';
import { createRuns } from '../../app/store/runs.ts';
import { createSealedTokens } from '../../app/store/sealed-tokens.ts';
import { createTallies } from '../../app/store/tallies.ts';
import { createWatermarks } from '../../app/store/watermarks.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const T0 = new Date('2026-03-01T12:00:00Z');
const later = (seconds: number) => new Date(T0.getTime() + seconds * 1000);
const id = (text: string) => text as StableId;
const ada = personKey('corp', id('a1'));
const bob = personKey('corp', id('b1'));
const grace = personKey('corp', id('g1'));

let server: TestRedis;
let redis: Redis;
let store: Store;

beforeAll(async () => {
  server = await startRedis();
  redis = connect(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  store = createStore(redis, 'landbridge');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function lease(name = 'write:agileplace:corp:a1'): Promise<Lease> {
  const got = await createLeases(store).acquire(name, 60_000);
  if (got === null) throw new Error('somebody holds it');
  return got;
}

describe('a lease', () => {
  test('has one holder at a time, and passes on after it is released', async () => {
    const leases = createLeases(store);
    const first = await leases.acquire('x', 60_000);
    expect(await leases.acquire('x', 60_000)).toBeNull();
    if (first !== null) await leases.release(first);
    const second = await leases.acquire('x', 60_000);
    expect(second?.fence).toBe((first?.fence ?? 0) + 1);
  });

  test('passes on when its holder died, and the late holder is told', async () => {
    const leases = createLeases(store);
    const dead = await leases.acquire('x', 60_000);
    await redis.del(store.key('lease', 'x'));
    await leases.acquire('x', 60_000);
    if (dead === null) throw new Error('not acquired');
    await expect(leases.renew(dead, 60_000)).rejects.toBeInstanceOf(LeaseLost);
  });

  test('a late holder cannot release what is another’s now', async () => {
    const leases = createLeases(store);
    const dead = await leases.acquire('x', 60_000);
    await redis.del(store.key('lease', 'x'));
    await leases.acquire('x', 60_000);
    if (dead !== null) await leases.release(dead);
    expect(await leases.acquire('x', 60_000)).toBeNull();
  });
});

describe('due marks', () => {
  test('a mark that comes during the work outlives it', async () => {
    const due = createDueMarks(store);
    const mine = await lease();
    const first = await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    await due.mark('agileplace', ada, { lane: 'bulk' }, later(1));
    const served = {
      seq: first.seq,
      at: T0.toISOString(),
      state: 'done',
      plan: { action: 'none', reason: '' },
    } as const;
    expect(await due.serve('agileplace', ada, served, mine)).toBe(true);
    expect((await due.get('agileplace', ada))?.seq).toBe(2);
  });

  test('a served mark goes away and its result stays', async () => {
    const due = createDueMarks(store);
    const { seq } = await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    const served = {
      seq,
      at: T0.toISOString(),
      state: 'unchanged',
      plan: { action: 'none', reason: 'x' },
    } as const;
    expect(await due.serve('agileplace', ada, served, await lease())).toBe(false);
    expect(await due.get('agileplace', ada)).toBeNull();
    expect(await due.lastServed('agileplace', ada)).toEqual(served);
  });

  test('wishes add up: fresh stays fresh, interactive stays interactive, the first time stays', async () => {
    const due = createDueMarks(store);
    await due.mark('agileplace', ada, { lane: 'interactive', fresh: true }, T0);
    expect(await due.mark('agileplace', ada, { lane: 'bulk' }, later(9))).toEqual({
      seq: 2,
      fresh: true,
      lane: 'interactive',
      markedAt: T0.toISOString(),
    });
  });

  test('only the holder of the lease may serve', async () => {
    const due = createDueMarks(store);
    const late = await lease();
    await redis.del(store.key('lease', late.name));
    const served = {
      seq: 1,
      at: T0.toISOString(),
      state: 'done',
      plan: { action: 'none', reason: '' },
    } as const;
    await expect(due.serve('agileplace', ada, served, late)).rejects.toBeInstanceOf(LeaseLost);
  });

  test('everybody who is due is found again', async () => {
    const due = createDueMarks(store);
    await due.mark('agileplace', ada, { lane: 'bulk' }, T0);
    await due.mark('agileplace', grace, { lane: 'bulk' }, T0);
    const found: string[] = [];
    for await (const batch of due.scan('agileplace')) found.push(...batch.map(({ key }) => key));
    expect(found.sort()).toEqual([ada, grace]);
  });
});

const linkOf = (key: typeof ada, accountId: string, active = true): Link => ({
  target: 'agileplace',
  key,
  id: accountId,
  madeBy: 'created',
  madeAt: T0.toISOString(),
  desired: { userName: 'x', active },
  echo: { userName: 'x', active },
  certain: true,
  confirmedAt: T0.toISOString(),
});

describe('links', () => {
  test('an account belongs to one person at most', async () => {
    const links = createLinks(store);
    await links.put(linkOf(ada, 't-1'), await lease());
    await expect(links.put(linkOf(grace, 't-1'), await lease('write:agileplace:corp:g1'))).rejects.toThrow(
      'account t-1 at agileplace is linked to another person',
    );
    expect(await links.ownerOf('agileplace', 't-1')).toBe(ada);
  });

  test('a late writer cannot store', async () => {
    const links = createLinks(store);
    const late = await lease();
    await redis.del(store.key('lease', late.name));
    await expect(links.put(linkOf(ada, 't-1'), late)).rejects.toBeInstanceOf(LeaseLost);
    expect(await links.get('agileplace', ada)).toBeNull();
  });

  test('counts the active ones as they come and go', async () => {
    const links = createLinks(store);
    const mine = await lease();
    await links.put(linkOf(ada, 't-1'), mine);
    expect(await links.countActive('agileplace')).toBe(1);
    await links.put(linkOf(ada, 't-1', false), mine);
    expect(await links.countActive('agileplace')).toBe(0);
    await links.put(linkOf(ada, 't-2'), mine);
    expect(await links.ownerOf('agileplace', 't-1')).toBeNull();
    await links.drop(linkOf(ada, 't-2'), mine);
    expect(await links.get('agileplace', ada)).toBeNull();
    expect(await links.countActive('agileplace')).toBe(0);
  });
});

const person = (version: number, attributes: Record<string, string[]>, dnKey?: string): StoredIdentity => ({
  key: ada,
  source: 'corp',
  stableId: id('a1'),
  presence: { state: 'present' },
  entry: {
    stableId: id('a1'),
    revision: '',
    attributes: toAttributes(Object.entries(attributes)),
    ...(dnKey === undefined ? {} : { dn: dnKey, dnKey }),
  },
  version,
  observedAt: T0.toISOString(),
});

describe('identities', () => {
  test('whoever decided on older knowledge has to decide again', async () => {
    const identities = createIdentities(store, createGroups(store));
    expect(await identities.put(person(1, { uid: ['ada'] }), 0)).toBe(true);
    expect(await identities.put(person(1, { uid: ['late'] }), 0)).toBe(false);
    expect(await identities.put(person(2, { uid: ['ada2'] }), 1)).toBe(true);
    expect((await identities.get(ada))?.entry.attributes.uid).toEqual(['ada2']);
  });

  test('a person is found by their names, whatever the case, and no longer by an old one', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, { mail: ['Ada.King@example.test'] }), 0);
    expect(await identities.findByHandle('ada.king@EXAMPLE.test')).toEqual([ada]);
    await identities.put(person(2, { mail: ['ada.byron@example.test'] }), 1);
    expect(await identities.findByHandle('ada.king@example.test')).toEqual([]);
    expect(await identities.findByHandle('ada.byron@example.test')).toEqual([ada]);
  });

  test('news stays on the list until it is announced, also when something newer comes in between', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, { uid: ['ada'] }), 0);
    const news = await identities.unannounced('corp');
    expect(news).toEqual([{ key: ada, version: 1 }]);
    await identities.put(person(2, { uid: ['ada2'] }), 1);
    await identities.announced('corp', news);
    expect(await identities.unannounced('corp')).toEqual([{ key: ada, version: 2 }]);
    await identities.announced('corp', [{ key: ada, version: 2 }]);
    expect(await identities.unannounced('corp')).toEqual([]);
  });

  test('groups are joined in by DN, and follow a move', async () => {
    const groups = createGroups(store);
    const identities = createIdentities(store, groups);
    await identities.put(person(1, { uid: ['ada'] }, 'uid=ada,ou=people'), 0);
    await groups.put('corp', {
      stableId: id('gr1'),
      dn: 'cn=Board',
      name: 'Board',
      members: ['uid=ada,ou=people'],
    });
    expect((await identities.get(ada))?.groups).toEqual([{ dn: 'cn=Board', name: 'Board' }]);
    await identities.put(person(2, { uid: ['ada'] }, 'uid=ada,ou=former'), 1);
    expect((await identities.get(ada))?.groups).toEqual([]);
  });
});

describe('groups', () => {
  test('a change touches only those who came or went', async () => {
    const groups = createGroups(store);
    const identities = createIdentities(store, groups);
    await identities.put(person(1, { uid: ['ada'] }, 'uid=ada'), 0);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=x', 'uid=y'] });
    await groups.settle('corp', (await groups.touched('corp')).dnKeys);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=y', 'uid=ada'] });
    const touched = await groups.touched('corp');
    expect([...touched.dnKeys].sort()).toEqual(['uid=ada', 'uid=x']);
    expect(touched.people).toEqual([ada]);
    await groups.settle('corp', touched.dnKeys);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=ada', 'uid=y'] });
    expect((await groups.touched('corp')).dnKeys).toEqual([]);
  });

  test('a group that is gone lets its members go', async () => {
    const groups = createGroups(store);
    await groups.put('corp', { stableId: id('gr1'), dn: 'cn=b', name: 'b', members: ['uid=ada'] });
    await groups.settle('corp', ['uid=ada']);
    await groups.keepOnly('corp', new Set());
    expect(await groups.of('corp', 'uid=ada')).toEqual([]);
    expect((await groups.touched('corp')).dnKeys).toEqual(['uid=ada']);
  });
});

describe('holds', () => {
  test('a released removal is approved until it is carried out', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace', absence: 'missing' }]);
    expect(await holds.heldBy('agileplace', ada)).toBe('run-1');
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
    const held = [{ key: ada, target: 'agileplace', absence: 'missing' }];
    expect(await holds.approve('run-1')).toEqual(held);
    expect(await holds.approve('run-1')).toEqual(held);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBeNull();
    expect(await holds.isApproved('agileplace', ada)).toBe(true);
    await holds.clear('agileplace', ada);
    expect(await holds.isApproved('agileplace', ada)).toBe(false);
  });

  test('a newer run takes over what an older one held', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [{ key: ada, target: 'agileplace' }]);
    await holds.drop('run-1', await holds.list('run-1'));
    expect(await holds.heldBy('agileplace', ada)).toBe('run-2');
  });

  test('what one run gives up the others keep, and who needs no removal is let go by all', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-2', [{ key: ada, target: 'agileplace', absence: 'missing' }]);
    await holds.drop('run-2', await holds.list('run-2'));
    expect(await holds.heldBy('agileplace', ada)).toBe('run-1');
    await holds.put('run-3', [{ key: ada, target: 'agileplace' }]);
    await holds.put('run-3', [{ key: bob, target: 'agileplace' }]);
    expect(await holds.clear('agileplace', ada)).toEqual(['run-1']);
    expect([await holds.size('run-1'), await holds.size('run-3'), await holds.count()]).toEqual([0, 1, 1]);
  });

  test('who came to a run after it was listed is not dropped with it', async () => {
    const holds = createHolds(store);
    await holds.put('run-1', [{ key: ada, target: 'agileplace' }]);
    const removals = await holds.approve('run-1');
    await holds.put('run-1', [{ key: bob, target: 'agileplace' }]);
    await holds.drop('run-1', removals);
    expect(await holds.list('run-1')).toEqual([{ key: bob, target: 'agileplace' }]);
    expect(await holds.isApproved('agileplace', bob)).toBe(false);
  });
});

describe('tallies', () => {
  test('admit up to the limit, count a person once, and forget after the window', async () => {
    const tallies = createTallies(store);
    const hour = 3_600_000;
    expect(await tallies.admit('removals', ada, 1, hour, T0)).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', ada, 1, hour, later(1))).toEqual({ admitted: true, count: 1 });
    expect(await tallies.admit('removals', grace, 1, hour, later(2))).toEqual({ admitted: false, count: 1 });
    expect(await tallies.admit('removals', grace, 1, hour, later(3_601))).toEqual({
      admitted: true,
      count: 1,
    });
  });
});

describe('the request budget', () => {
  test('an answer that was under way does not lift what the target asked for', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.exhaust('ops', later(120));
    await budgets.learn('ops', { limit: 100, remaining: 50, resetAt: later(30) });
    expect(await budgets.take('ops', 'interactive', later(31))).toEqual({
      granted: false,
      until: later(120),
    });
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 0,
      resetAt: later(120).toISOString(),
    });
  });

  test('grants while nothing is known, and then what the target says is left', async () => {
    const budgets = createBudgets(store, () => T0);
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: true });
    await budgets.learn('ops', { limit: 2, remaining: 1, resetAt: later(60) });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: true });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: false, until: later(60) });
    expect(await budgets.take('ops', 'bulk', later(60))).toEqual({ granted: true });
  });

  test('an answer that was overtaken does not raise what is left', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 40, resetAt: later(60) });
    await budgets.learn('ops', { limit: 100, remaining: 45, resetAt: later(61) });
    expect((await budgets.view('ops'))?.remaining).toBe(40);
  });

  test('a new window replaces the old one', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 0, resetAt: later(60) });
    await budgets.learn('ops', { limit: 100, remaining: 99, resetAt: later(120) });
    expect(await budgets.view('ops')).toEqual({
      limit: 100,
      remaining: 99,
      resetAt: later(120).toISOString(),
    });
  });

  test('an answer from a window that is over changes nothing', async () => {
    const budgets = createBudgets(store, () => later(61));
    await budgets.learn('ops', { limit: 100, remaining: 99, resetAt: later(120) });
    await budgets.learn('ops', { limit: 100, remaining: 3, resetAt: later(60) });
    expect((await budgets.view('ops'))?.remaining).toBe(99);
  });

  test('a window that the target made shorter is believed', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 1_000, remaining: 900, resetAt: later(60) });
    await budgets.learn('ops', { limit: 3, remaining: 1, resetAt: later(5) });
    expect(await budgets.view('ops')).toEqual({ limit: 3, remaining: 1, resetAt: later(5).toISOString() });
    await budgets.exhaust('ops', later(2));
    expect(await budgets.take('ops', 'interactive', later(2))).toEqual({ granted: true });
  });

  test('bulk work leaves a tenth for interactive work', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.learn('ops', { limit: 100, remaining: 10, resetAt: later(60) });
    expect(await budgets.take('ops', 'bulk', T0)).toEqual({ granted: false, until: later(60) });
    expect(await budgets.take('ops', 'interactive', T0)).toEqual({ granted: true });
  });

  test('what the target refused is not asked for before its time', async () => {
    const budgets = createBudgets(store, () => T0);
    await budgets.exhaust('ops', later(30));
    expect(await budgets.take('ops', 'interactive', later(29))).toEqual({ granted: false, until: later(30) });
    expect(await budgets.take('ops', 'interactive', later(30))).toEqual({ granted: true });
  });
});

describe('the breaker', () => {
  const timing = { firstMs: 30_000, longestMs: 60_000 };

  test('opens after so many failures in a row, and once', async () => {
    const breakers = createBreakers(store, timing);
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
    expect(await breakers.blockedUntil('agileplace', T0, ada)).toBeNull();
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(true);
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
    expect(await breakers.blockedUntil('agileplace', later(1), ada)).toEqual({
      until: later(30),
      reason: 'down',
    });
  });

  test('a success in between starts the count again', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 2, T0);
    await breakers.succeed('agileplace');
    expect(await breakers.fail('agileplace', 'down', 2, T0)).toBe(false);
  });

  test('lets one probe through a period, doubles the period when it fails, up to the longest', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 1, T0);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    expect((await breakers.blockedUntil('agileplace', later(30), ada))?.until).toEqual(later(60));
    await breakers.fail('agileplace', 'down', 1, later(31));
    expect((await breakers.blockedUntil('agileplace', later(32), ada))?.until).toEqual(later(91));
    expect(await breakers.blockedUntil('agileplace', later(91), ada)).toBeNull();
    await breakers.fail('agileplace', 'down', 1, later(92));
    expect((await breakers.blockedUntil('agileplace', later(93), ada))?.until).toEqual(later(152));
  });

  test('a probe that asked nothing is given to the next one; nobody else can give it away', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'down', 1, T0);
    expect(await breakers.blockedUntil('agileplace', later(30), ada)).toBeNull();
    await breakers.notProbed('agileplace', later(31), bob);
    expect((await breakers.blockedUntil('agileplace', later(31), ada))?.until).toEqual(later(60));
    await breakers.notProbed('agileplace', later(32), ada);
    expect(await breakers.blockedUntil('agileplace', later(32), ada)).toBeNull();
    expect((await breakers.blockedUntil('agileplace', later(33), ada))?.until).toEqual(later(62));
  });

  test('closes when the probe goes well', async () => {
    const breakers = createBreakers(store, timing);
    await breakers.fail('agileplace', 'unauthorized', 1, T0);
    expect(await breakers.succeed('agileplace')).toBe(true);
    expect(await breakers.view('agileplace')).toBeNull();
    expect(await breakers.succeed('agileplace')).toBe(false);
  });
});

describe('the rest', () => {
  test('a held run is found however many runs came after it', async () => {
    const runs = createRuns(store);
    const run = {
      id: 'h',
      kind: 'sweep',
      state: 'held',
      startedAt: T0.toISOString(),
      source: 'corp',
      counts: {},
    } as const;
    await runs.put(run);
    for (let n = 0; n < 20; n += 1)
      await runs.put({ ...run, id: `p${n}`, state: 'ok', startedAt: later(n + 1).toISOString() });
    expect((await runs.list({ state: 'held', source: 'corp', limit: 5 })).map((found) => found.id)).toEqual([
      'h',
    ]);
    await runs.put({ ...run, state: 'released' });
    expect(await runs.list({ state: 'held', limit: 5 })).toEqual([]);
    expect((await runs.list({ limit: 2 })).map((found) => found.id)).toEqual(['p19', 'p18']);
  });

  test('a watermark is moved by the reader only', async () => {
    const watermarks = createWatermarks(store, () => T0);
    const mine = await lease('read:corp');
    await watermarks.put('corp', 'w1' as Watermark, mine);
    expect(await watermarks.get('corp')).toBe('w1');
    expect(await watermarks.movedAt('corp')).toBe(T0.toISOString());
    await redis.del(store.key('lease', 'read:corp'));
    await expect(watermarks.put('corp', 'w2' as Watermark, mine)).rejects.toBeInstanceOf(LeaseLost);
    expect(await watermarks.get('corp')).toBe('w1');
  });

  test('a sealed token cannot be read in Redis, nor with another key (O-27)', async () => {
    await createSealedTokens(store, () => 'one passphrase').write('agileplace', 'canary-tok');
    expect(JSON.stringify(await redis.hgetall(store.key('sealed-tokens')))).not.toContain('canary');
    expect(await createSealedTokens(store, () => 'one passphrase').read('agileplace')).toBe('canary-tok');
    expect(await createSealedTokens(store, () => 'another').read('agileplace')).toBeNull();
    expect(await createSealedTokens(store, () => 'one passphrase').read('slack')).toBeNull();
  });

  test('settings of Redis that lose work are named', async () => {
    expect(await settingsProblems(redis)).toEqual([
      'appendonly is off: work accepted in the last minutes is lost when Redis stops. Set it to yes.',
    ]);
  });
});

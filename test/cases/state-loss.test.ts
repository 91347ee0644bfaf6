/**
 * Redis is lost with all that it held, between a real slapd and a target that is filled: a read of everybody and a
 * comparison of everybody put the links together again from both ends. Nothing is written where nothing differs.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../app/mapping/mapping.ts';
import { type AttributePolicy, SOURCE_OWNED, USUAL_POLICY } from '../../app/mapping/policy.ts';
import type { Json } from '../../app/scim/resource.ts';
import type { Link } from '../../app/store/ports/index.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { never, PEOPLE, person, sourceFor } from '../sources/ldap/invented.ts';
import { MAPPING, type Rig, startRig } from '../support/rig.ts';

const UIDS = Array.from({ length: 12 }, (_, n) => `u${n + 10}`);

let attributes: readonly AttributePolicy[] = [];
const mapping: Mapping = {
  ...MAPPING,
  get policy() {
    return { ...USUAL_POLICY, attributes };
  },
};

let rig: Rig;
let directory: Directory;
beforeAll(async () => {
  rig = await startRig({ mapping });
});
beforeEach(async () => {
  attributes = [];
  await rig.clear();
  directory = await startDirectory({
    ldif: UIDS.map((uid) => person(uid, { givenName: 'Ada', title: 'Engineer' })).join(''),
  });
  await everybody();
});
afterEach(() => directory.stop());
afterAll(async () => {
  await rig.stop();
});

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;
const account = async (uid: string) => {
  const found = await rig.sandbox.account(`${uid}@example.test`);
  if (found === undefined || found === null) throw new Error(`${uid} has no account`);
  return found;
};
const byHand = async (uid: string, change: Record<string, Json>) => {
  await rig.sandbox.change((await account(uid)).id, change);
};

/** A read of everybody and a comparison of everybody, and all that is due by them worked off. */
async function everybody() {
  const reads = ['uid', 'mail', 'sn', 'givenName', 'title'];
  await readSource(sourceFor(directory, { reads }), 'sweep', rig.reading, never);
  const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
  return run;
}

/** Redis is emptied, and everything put together again. @returns what was written, as `PATCH u10 {"title":"A"}` */
async function afterTheLoss(): Promise<readonly string[]> {
  await rig.redis.flushall();
  await rig.sandbox.clearJournal();
  await everybody();
  const names = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, String(user.userName)]));
  const writes = (await rig.writes()).map(({ method, path, body }) => {
    const { schemas: _same, ...said } = (body ?? {}) as Record<string, Json>;
    const name = names.get(path.split('/').at(-1) ?? '') ?? String(said.userName);
    return `${method} ${name.split('@')[0]} ${JSON.stringify(said)}`;
  });
  return writes.sort();
}

async function links(): Promise<ReadonlyMap<string, Link>> {
  const found = new Map<string, Link>();
  for await (const batch of rig.stores.links.scan('agileplace')) {
    for (const link of batch) found.set(String(link.desired.userName), link);
  }
  return found;
}
/** Of each link, all but how and when it was made. */
async function remembered() {
  return [...(await links())]
    .map(([name, { id, key, desired, echo, certain }]) => ({ name, id, key, desired, echo, certain }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
async function unknown(): Promise<readonly string[]> {
  const { items } = await rig.stores.drift.unknownAccounts('agileplace', null, 100);
  return items.map(({ userName }) => userName);
}

describe('all that Redis held is lost', () => {
  test('every link is there again as it was, without a single write', async () => {
    const before = await remembered();
    expect(before).toHaveLength(12);
    expect(await afterTheLoss()).toEqual([]);
    expect(await remembered()).toEqual(before);
    expect(new Set([...(await links()).values()].map(({ madeBy }) => madeBy))).toEqual(
      new Set(['externalId']),
    );
    expect(await everybody()).toMatchObject({
      state: 'ok',
      counts: { listed: 12, asWanted: 12, different: 0, unlinked: 0, foreign: 0, missing: 0 },
    });
    expect(await rig.writes()).toEqual([]);
  });

  test('one who differs is one write, be it a hand edit or a change at the source meanwhile', async () => {
    await byHand('u10', { title: 'By hand' });
    expect(await afterTheLoss()).toEqual(['PATCH u10 {"title":"Engineer"}']);
    await directory.modify(dnOf('u11'), { replace: { title: 'Countess' } });
    expect(await afterTheLoss()).toEqual(['PATCH u11 {"title":"Countess"}']);
    expect(await afterTheLoss()).toEqual([]);
  });

  test('what is not ours stays as it is: nobody can say any more who gave it, so it is the target’s', async () => {
    for (const way of [{ when: 'create-only' }, { owner: 'target' }, { owner: 'first-writer' }] as const) {
      attributes = [{ ...SOURCE_OWNED, ...way, path: ['title'] }];
      await byHand('u10', { title: 'By hand' });
      expect(await afterTheLoss()).toEqual([]);
      expect((await account('u10')).user.title).toBe('By hand');
    }
  });

  test('what was kept by drift: keep is not known to be a hand edit any more, and is written', async () => {
    attributes = [{ ...SOURCE_OWNED, drift: 'keep', path: ['title'] }];
    await byHand('u10', { title: 'By hand' });
    await everybody();
    expect((await account('u10')).user.title).toBe('By hand');
    expect(await afterTheLoss()).toEqual(['PATCH u10 {"title":"Engineer"}']);
  });

  test('whoever left before or meanwhile is an unknown account: listed, counted, and not touched', async () => {
    await directory.remove(dnOf('u10'));
    await everybody();
    expect((await account('u10')).user.active).toBe(false);
    await directory.remove(dnOf('u11'));
    expect(await afterTheLoss()).toEqual([]);
    expect(await unknown()).toEqual(['u10@example.test', 'u11@example.test']);
    // Nothing tells Landbridge that they ever were somebody: who may not have access is for a person to say.
    expect((await account('u11')).user.active).toBe(true);
    expect(await everybody()).toMatchObject({ state: 'ok', counts: { asWanted: 10, foreign: 2 } });
    expect(await rig.writes()).toEqual([]);
  });

  test('whose account is gone gets one again, and a joiner theirs', async () => {
    await rig.sandbox.remove((await account('u10')).id);
    await directory.add(dnOf('u30'), { ...newcomer('u30') });
    const writes = await afterTheLoss();
    expect(writes.map((write) => write.split(' ').slice(0, 2).join(' '))).toEqual(['POST u10', 'POST u30']);
  });
});

function newcomer(uid: string) {
  return {
    objectClass: 'inetOrgPerson',
    uid,
    cn: uid,
    sn: uid,
    mail: `${uid}@example.test`,
    givenName: 'Ada',
  };
}

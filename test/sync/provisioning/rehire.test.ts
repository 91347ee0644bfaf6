/** Somebody comes back, under their old key or a new one; or wants a name that somebody else has, or had. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { relink } from '../../../app/sync/relink.ts';
import { lifecycleMapping } from '../../support/lifecycle-mapping.ts';
import { type Rig, startRig } from '../../support/rig.ts';

const TARGET = 'agileplace';
const mail = 'ada@example.test';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ mapping: lifecycleMapping() });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

/** @returns the id of the account of somebody who has left */
async function left(id: string): Promise<string> {
  await rig.attempt(await rig.person(id, { mail }));
  await rig.attempt(await rig.gone(id));
  return (await rig.stores.links.get(TARGET, rig.key(id)))?.id ?? '';
}

async function give(id: string, account: string, reading = rig.reading) {
  const { runs, leases, provisioningLog } = rig.stores;
  const parts = { runs, leases, provisioningLog, sourceOf: () => null, targetOf: () => rig.target };
  const request = { target: TARGET, account, actor: 'ops', reason: 'ticket 17' };
  return await relink(rig.key(id), request, { ...reading, ...parts }, new AbortController().signal);
}

async function written(): Promise<readonly string[]> {
  return (await rig.writes()).map(({ method }) => method);
}

describe('a rehire', () => {
  test('under the same key is the same account, switched on', async () => {
    const id = await left('1');
    expect(await rig.attempt(await rig.person('1', { mail }))).toMatchObject({
      plan: { action: 'reactivate', id },
    });
    expect(await written()).toEqual(['POST', 'PATCH', 'PATCH']);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('is allowed where the account is given alone, whatever waits at other targets', async () => {
    const account = await left('1');
    await rig.person('2', { mail });
    const [here] = rig.reading.mappings;
    if (here === undefined) throw new Error('no mapping');
    const mappings = [here, { ...here, target: 'elsewhere' }];
    expect(await give('2', account, { ...rig.reading, mappings })).toMatchObject({ kind: 'relinked' });
    expect(await rig.stores.due.get(TARGET, rig.key('2'))).toMatchObject({ fresh: true, allowReturn: true });
    const other = await rig.stores.due.get('elsewhere', rig.key('2'));
    expect(other?.allowReturn).toBeUndefined();
  });

  test('under a new key waits for an operator, who is told both keys and the choices', async () => {
    const account = await left('1');
    const outcome = await rig.attempt(await rig.person('2', { mail }));
    expect(outcome).toEqual({
      kind: 'refused',
      reason:
        `ambiguous: account ${account}, which has this userName, is linked to corp:1, who is gone. A rehire, or an ` +
        'old userName used again? If they are the same person, POST /v1/people/corp:2/relink with ' +
        `{"target": "agileplace", "account": "${account}"}; if not, give corp:2 another userName at the source`,
    });
    expect(await written()).toEqual(['POST', 'PATCH']);
  });

  test('is given the old account by an operator: one write, logged with who and why, and the old link is gone', async () => {
    const account = await left('1');
    await rig.attempt(await rig.person('2', { mail }));
    expect(await give('2', account)).toMatchObject({ kind: 'relinked', run: { actor: 'ops' } });
    expect(await rig.attempt(rig.key('2'))).toMatchObject({ plan: { action: 'reactivate', id: account } });
    expect(await written()).toEqual(['POST', 'PATCH', 'PATCH']);
    const [only, ...more] = await rig.sandbox.accounts();
    expect(more).toEqual([]);
    expect(only?.user).toMatchObject({ externalId: '2', active: true });
    expect(await rig.stores.links.get(TARGET, rig.key('1'))).toBeNull();
    expect(await rig.stores.links.get(TARGET, rig.key('2'))).toMatchObject({
      id: account,
      madeBy: 'operator',
      certain: true,
    });
    const lines = await rig.stores.provisioningLog.ofPerson(rig.key('2'), 10);
    expect(lines.at(-1)).toMatchObject({
      action: 'adopt',
      reason: 'given by ops instead of corp:1: ticket 17',
      accountId: account,
    });
    expect(await rig.stores.deadLetters.get(TARGET, rig.key('2'))).toBeNull();
    expect(await rig.attempt(await rig.gone('1', 'out-of-scope'))).toMatchObject({
      plan: { action: 'none' },
    });
    expect(await written()).toHaveLength(3);
  });

  test('under a new key makes a new account where the old one is gone', async () => {
    const account = await left('1');
    await rig.sandbox.remove(account);
    expect(await rig.attempt(await rig.person('2', { mail }))).toMatchObject({ plan: { action: 'create' } });
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });
});

describe('an account is not given', () => {
  test('that is of somebody who is still there', async () => {
    await rig.attempt(await rig.person('1', { mail }));
    const { id = '' } = (await rig.stores.links.get(TARGET, rig.key('1'))) ?? {};
    await rig.attempt(await rig.person('2', { mail }));
    expect(await give('2', id)).toEqual({
      kind: 'refused',
      why: `account ${id} is corp:1's, who is still there`,
    });
    expect(await rig.stores.links.ownerOf(TARGET, id)).toBe('corp:1');
  });

  test('that the target does not have, to nobody, or to somebody who has another', async () => {
    const account = await left('1');
    await rig.attempt(await rig.person('2', { mail: 'grace@example.test' }));
    const own = (await rig.stores.links.get(TARGET, rig.key('2')))?.id;
    expect(await give('2', account)).toEqual({
      kind: 'refused',
      why: `corp:2 is linked to account ${own} at agileplace already`,
    });
    await rig.person('3', { mail });
    expect(await give('3', 'none')).toEqual({ kind: 'refused', why: 'agileplace has no account none' });
    expect(await give('4', account)).toEqual({ kind: 'refused', why: 'nobody is known as corp:4' });
  });

  test('while a worker writes one of the two people', async () => {
    const account = await left('1');
    await rig.person('2', { mail });
    const lease = await rig.stores.leases.acquire(`write:${TARGET}:${rig.key('1')}`, 60_000);
    expect(await give('2', account)).toEqual({ kind: 'busy' });
    expect(await rig.stores.links.ownerOf(TARGET, account)).toBe('corp:1');
    if (lease !== null) await rig.stores.leases.release(lease);
    expect(await give('2', account)).toMatchObject({ kind: 'relinked' });
  });
});

test('a userName that another person still has is held in words of its own', async () => {
  await rig.attempt(await rig.person('1', { mail }));
  const { id } = (await rig.stores.links.get(TARGET, rig.key('1'))) ?? {};
  expect(await rig.attempt(await rig.person('2', { mail }))).toEqual({
    kind: 'refused',
    reason:
      `ambiguous: account ${id}, which has this userName, is linked to corp:1, who is still there: two people want ` +
      'one userName. Give one of them another at the source',
  });
});

test('an old name leads to whoever had it, and is kept with when it was told', async () => {
  await rig.person('1', { mail: 'ada.byron@example.test' });
  await rig.person('1', { mail: 'ada.king@example.test' });
  expect(await rig.stores.identities.findByHandle('Ada.Byron@example.test')).toEqual(['corp:1']);
  const anchors = (await rig.stores.identities.get(rig.key('1')))?.anchors ?? [];
  expect(anchors.map(({ kind, value }) => [kind, value])).toEqual([
    ['dn', 'uid=1,ou=people,dc=example,dc=test'],
    ['mail', 'ada.king@example.test'],
    ['mail', 'ada.byron@example.test'],
  ]);
});

/** A target that makes another name of a userName that is a mail address (Slack): found by the address, made once. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mapped, Mapping } from '../../../app/mapping/mapping.ts';
import { MAPPING, type Rig, startRig } from '../../support/rig.ts';

/** Slack wants an address; it is that of the user name, unless the source has another one. */
const withAddress: Mapping = {
  ...MAPPING,
  map: (identity, now): Mapped => {
    const mapped = MAPPING.map(identity, now);
    if (mapped.kind !== 'in-scope') return mapped;
    const value = identity.entry.attributes['other']?.[0] ?? mapped.user.userName;
    return { ...mapped, user: { ...mapped.user, emails: [{ value, primary: true }] } };
  },
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'slack', mapping: withAddress });
});
beforeEach(() => rig.clear());
afterAll(() => rig.stop());

const link = () => rig.stores.links.get('agileplace', rig.key('a1'));
const LOST = { kind: 'drop-after-commit', method: 'POST', path: '/Users$', count: 1 } as const;
const ADA = {
  userName: 'countess',
  externalId: 'a1',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [{ value: 'A1@Example.test', primary: true }],
  active: true,
};

async function staysSo(): Promise<void> {
  await rig.sandbox.clearJournal();
  expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({ plan: { action: 'none' } });
  expect(await rig.writes()).toEqual([]);
}

test('O-11: an account that is right but for its name is taken over, and keeps the name', async () => {
  const { id } = await rig.sandbox.seed({ ...ADA, emails: [{ value: 'a1@example.test', primary: true }] });
  expect(await rig.attempt(await rig.person('a1'))).toMatchObject({
    plan: { action: 'adopt', differences: [] },
  });
  expect(await rig.writes()).toEqual([]);
  expect(await link()).toMatchObject({ id, echo: { userName: 'countess' } });
  await staysSo();
});

test('O-11: what differs is written, and the name is not', async () => {
  await rig.sandbox.seed({ ...ADA, name: { familyName: 'Old' } });
  expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ plan: { action: 'adopt' } });
  expect((await rig.writes()).map(({ method, body }) => [method, body])).toEqual([
    [
      'PATCH',
      {
        schemas: ['urn:scim:schemas:core:1.0'],
        name: ADA.name,
        emails: [{ value: 'a1@example.test', primary: true }],
        meta: { attributes: ['emails'] },
      },
    ],
  ]);
  expect(await rig.sandbox.account('countess')).toMatchObject({ user: { name: ADA.name } });
  await staysSo();
});

test('O-11: one address at two accounts is for an operator to decide', async () => {
  await rig.sandbox.seedAll([ADA, { ...ADA, userName: 'ada' }]);
  expect(await rig.attempt(await rig.person('a1'))).toEqual({
    kind: 'refused',
    reason: 'ambiguous: 2 accounts have this userName',
  });
  expect(await rig.writes()).toEqual([]);
});

test('O-18: a create whose answer is lost is found by the address', async () => {
  await rig.sandbox.fault(LOST);
  expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'retry' });
  expect(await rig.attempt(rig.key('a1'))).toMatchObject({ plan: { action: 'adopt' } });
  expect((await rig.writes()).map(({ method }) => method)).toEqual(['POST']);
  await staysSo();
});

test('O-18: where the account has another address, an operator hears of it, and none is made twice', async () => {
  await rig.sandbox.fault(LOST);
  const key = await rig.person('a1', { other: 'ada@work.test' });
  expect(await rig.attempt(key)).toMatchObject({ kind: 'retry' });
  rig.pass(11_000);
  expect(await rig.attempt(key)).toEqual({
    kind: 'refused',
    reason: 'conflict-not-visible: userName is taken by another user.',
  });
  expect(await rig.sandbox.accounts()).toHaveLength(1);
});

/** Accounts that somebody else changes between our read and our write, at a target with versions (UAA). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapped, Mapping } from '../../../app/mapping/mapping.ts';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { ScimUser } from '../../../app/scim/resource.ts';
import type { Target } from '../../../app/scim/target.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import type { ProvisionDeps } from '../../../app/sync/provisioning/work.ts';
import { MAPPING, type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'uaa' });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

/** UAA wants an address with each account. */
const withAddress: Mapping = {
  ...MAPPING,
  map: (identity, now): Mapped => {
    const mapped = MAPPING.map(identity, now);
    if (mapped.kind !== 'in-scope') return mapped;
    const { title: _title, ...user } = mapped.user;
    return { ...mapped, user: { ...user, emails: [{ value: user.userName, primary: true }] } as ScimUser };
  },
};

async function attempt(key: PersonKey, more: Partial<ProvisionDeps> = {}) {
  const deps = { ...rig.deps, mappingFor: () => withAddress, ...more };
  return await provision({ key, lastAttempt: false }, deps, new AbortController().signal);
}

/** The target, where `happens` comes right before each update that is sent. */
function disturbed(happens: (id: string, update: number) => Promise<void>): Target {
  let updates = 0;
  return {
    ...rig.target,
    update: async (id, ...rest) => {
      updates += 1;
      await happens(id, updates);
      return await rig.target.update(id, ...rest);
    },
  };
}

const link = () => rig.stores.links.get('agileplace', rig.key('a1'));
const account = async () => (await rig.sandbox.accounts())[0]?.user;
const requests = async () => (await rig.sandbox.journal()).map(({ method, status }) => `${method} ${status}`);

async function created(): Promise<void> {
  await attempt(await rig.person('a1'));
  await rig.sandbox.clearJournal();
}

describe('a target with versions', () => {
  test('the link remembers the version of what was confirmed, and the next write is meant for it', async () => {
    await created();
    const first = (await link())?.version;
    expect(first).toMatch(/^"\d+"$/);
    await attempt(await rig.person('a1', { sn: 'Lovelace' }));
    expect((await link())?.version).toMatch(/^"\d+"$/);
    expect((await link())?.version).not.toBe(first);
    // `verified` is not ours, and a PATCH would reset it: that is what the reads are for.
    expect(await requests()).toEqual(['GET 200', 'PATCH 200']);
  });

  test('who was changed by hand since is read, planned for again and written, once', async () => {
    await created();
    const key = await rig.person('a1', { sn: 'Lovelace' });
    const byHand = async (id: string, update: number) => {
      if (update === 1) await rig.sandbox.change(id, { name: { givenName: 'Augusta' } });
    };
    expect(await attempt(key, { target: disturbed(byHand) })).toMatchObject({
      kind: 'done',
      plan: {
        action: 'update',
        differences: [{ path: ['name', 'familyName'] }, { path: ['name', 'givenName'] }],
      },
    });
    expect(await account()).toMatchObject({
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      active: true,
    });
    expect((await rig.writes()).map(({ method }) => method)).toEqual(['PATCH']);
    expect(await link()).toMatchObject({ certain: true });
  });

  test('what somebody else has made right meanwhile is not written again', async () => {
    await created();
    const key = await rig.person('a1', { sn: 'Lovelace' });
    const madeRight = (id: string) =>
      rig.sandbox.change(id, { name: { familyName: 'Lovelace' } }).then(() => undefined);
    expect(await attempt(key, { target: disturbed(madeRight) })).toMatchObject({ plan: { action: 'none' } });
    expect(await rig.writes()).toEqual([]);
    expect(await link()).toMatchObject({ certain: true, desired: { name: { familyName: 'Lovelace' } } });
    expect(await attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'none' } });
  });

  test('who changes each time is left to a later attempt, and nothing is lost', async () => {
    await created();
    const key = await rig.person('a1', { sn: 'Lovelace' });
    const eachTime = async (id: string, update: number) =>
      await rig.sandbox.change(id, { name: { givenName: `Ada ${update}` } }).then(() => undefined);
    const outcome = await attempt(key, { target: disturbed(eachTime) });
    expect(outcome).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('changed each of 2 times between read and write'),
    });
    expect(await rig.writes()).toEqual([]);
    expect(await link()).toMatchObject({ certain: false });
    expect(await attempt(key)).toMatchObject({ kind: 'done', plan: { action: 'update' } });
    expect(await account()).toMatchObject({ name: { givenName: 'Ada', familyName: 'Lovelace' } });
  });

  test('an account that is adopted is read again as well, and gets its link', async () => {
    const userName = 'a1@example.test';
    await rig.sandbox.seed({
      userName,
      emails: [{ value: userName }],
      name: { familyName: 'Old' },
      active: true,
    });
    const byHand = async (id: string, update: number) => {
      if (update === 1) await rig.sandbox.change(id, { name: { givenName: 'Augusta' } });
    };
    const key = await rig.person('a1');
    expect(await attempt(key, { target: disturbed(byHand) })).toMatchObject({ plan: { action: 'adopt' } });
    expect(await account()).toMatchObject({ name: { givenName: 'Ada', familyName: 'Byron' } });
    expect(await link()).toMatchObject({ certain: true, madeBy: 'userName' });
  });

  test('a fresh look that finds nothing to write remembers the newer version', async () => {
    await created();
    const before = await link();
    await rig.sandbox.change(before?.id ?? '', { verified: false });
    expect(await attempt(await rig.due('a1', { fresh: true }))).toMatchObject({ plan: { action: 'none' } });
    expect((await link())?.version).not.toBe(before?.version);
    await attempt(await rig.person('a1', { sn: 'Lovelace' }));
    expect((await rig.writes()).map(({ method, status }) => `${method} ${status}`)).toEqual(['PATCH 200']);
    expect(await account()).toMatchObject({ verified: false });
  });
});

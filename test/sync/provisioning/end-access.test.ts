/** Whoever is to lose access loses it, whatever else of the change the target does not take. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapped, Mapping } from '../../../app/mapping/mapping.ts';
import type { PersonKey } from '../../../app/person/anchor.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { MAPPING, type Rig, startRig } from '../../support/rig.ts';

const rigs = new Map<string, Rig>();
let rig: Rig;
beforeAll(async () => {
  for (const profile of ['agileplace', 'uaa', 'okta-style', 'slack']) {
    rigs.set(profile, await startRig({ profile, breakerThreshold: 3, mapping: withAddress }));
  }
}, 60_000);
beforeEach(() => rigAt('agileplace'));
afterAll(async () => {
  for (const each of rigs.values()) await each.stop();
});

async function rigAt(profile: string): Promise<void> {
  const found = rigs.get(profile);
  if (found === undefined) throw new Error(`there is no rig for ${profile}`);
  rig = found;
  await rig.clear();
}

/** An active account, with its person linked to it. */
async function linked(): Promise<PersonKey> {
  const key = await rig.person('a1');
  expect(await rig.attempt(key)).toMatchObject({ kind: 'done', plan: { action: 'create' } });
  await rig.sandbox.clearJournal();
  return key;
}

/** Slack and UAA take nobody without a mail address. */
const withAddress: Mapping = {
  ...MAPPING,
  map: (identity, now): Mapped => {
    const mapped = MAPPING.map(identity, now);
    if (mapped.kind !== 'in-scope') return mapped;
    return { ...mapped, user: { ...mapped.user, emails: [{ value: mapped.user.userName, primary: true }] } };
  },
};
const leaves = () => rig.person('a1', { status: 'off', title: 'Former' });
const account = async () => (await rig.sandbox.accounts())[0]?.user;
const sent = async () => (await rig.writes()).map(({ method, status }) => `${method} ${status}`);

describe('a leaver of whom something else has changed, too, which the target refuses', () => {
  test.each(['agileplace', 'uaa', 'okta-style'])('is switched off at %s all the same', async (profile) => {
    await rigAt(profile);
    await linked();
    const method = profile === 'okta-style' ? 'PUT' : 'PATCH';
    await rig.sandbox.fault({ kind: 'status', status: 400, description: 'bad title', method, count: 1 });
    const key = await leaves();
    expect(await rig.attempt(key)).toMatchObject({ kind: 'refused', reason: 'bad title' });
    expect(await account()).toMatchObject({ active: false });
    expect(await sent()).toEqual([`${method} 400`, expect.stringMatching(`${method} 20`)]);
    expect((await rig.stores.links.get('agileplace', key))?.desired).toEqual(
      expect.objectContaining({ active: false }),
    );
    expect((await rig.stores.links.get('agileplace', key))?.desired).not.toHaveProperty('title');
  });

  test('is switched off by DELETE, where that is how access ends', async () => {
    await rigAt('slack');
    await linked();
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH', count: 1 });
    expect(await rig.attempt(await leaves())).toMatchObject({ kind: 'refused' });
    expect(await account()).toMatchObject({ active: false });
    expect(await sent()).toEqual(['PATCH 400', expect.stringMatching('DELETE 20')]);
  });

  test('stands in the provisioning log as switched off, and as nothing more', async () => {
    const key = await linked();
    await rig.sandbox.fault({ kind: 'status', status: 409, method: 'PATCH', count: 1 });
    await rig.attempt(await leaves());
    const [line] = await rig.stores.provisioningLog.ofPerson(key, 1);
    expect(line).toMatchObject({
      key,
      action: 'deactivate',
      changes: [{ path: 'active', before: true, after: false }],
    });
  });

  test('gets the rest written once the target takes it, and is not switched off twice', async () => {
    const key = await linked();
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH', count: 1 });
    await rig.attempt(await leaves());
    await rig.sandbox.clearJournal();
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'update' } });
    expect(await account()).toMatchObject({ active: false, title: 'Former' });
    expect(await rig.stores.deadLetters.get('agileplace', key)).toBeNull();
  });

  test('is switched off where the target breaks down over the rest, and the rest is tried again', async () => {
    const key = await linked();
    await rig.sandbox.fault({ kind: 'status', status: 500, method: 'PATCH', count: 1 });
    expect(await rig.attempt(await leaves())).toMatchObject({ kind: 'retry' });
    expect(await account()).toMatchObject({ active: false });
    expect(await rig.stores.links.get('agileplace', key)).toMatchObject({ certain: false });
    expect(await rig.attempt(key)).toMatchObject({ kind: 'done', plan: { action: 'update' } });
    expect(await account()).toMatchObject({ active: false, title: 'Former' });
  });

  test('keeps a hand edit in sight that was found by the way', async () => {
    const key = await linked();
    const [before] = await rig.sandbox.accounts();
    await rig.sandbox.change(before?.id ?? '', { name: { givenName: 'Hand', familyName: 'Edit' } });
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH', count: 1 });
    await leaves();
    await rig.attempt(await rig.due('a1', { fresh: true }));
    expect(await account()).toMatchObject({ active: false, name: { givenName: 'Hand' } });
    await rig.attempt(await rig.due('a1', { fresh: true }));
    expect(await account()).toMatchObject({ active: false, name: { givenName: 'Ada', familyName: 'Byron' } });
    expect(await rig.stores.deadLetters.get('agileplace', key)).toBeNull();
  });
});

test('a refusal of nothing but the end of access is not repeated', async () => {
  await linked();
  await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH' });
  expect(await rig.attempt(await rig.gone('a1'))).toMatchObject({ kind: 'refused' });
  expect(await sent()).toEqual(['PATCH 400']);
});

test('where the end of access is refused as well, the link says that nothing was written', async () => {
  const key = await linked();
  const before = await rig.stores.links.get('agileplace', key);
  await rig.sandbox.fault({ kind: 'status', status: 400, method: 'PATCH' });
  expect(await rig.attempt(await leaves())).toMatchObject({ kind: 'refused' });
  expect(await sent()).toEqual(['PATCH 400', 'PATCH 400']);
  expect(await rig.stores.links.get('agileplace', key)).toEqual(before);
});

describe('somebody of whom something cannot be mapped', () => {
  /** Nobody may be called Nemo. */
  const particular: Mapping = {
    ...MAPPING,
    map: (identity, now): Mapped => {
      const mapped = MAPPING.map(identity, now);
      if (mapped.kind !== 'in-scope' || identity.entry.attributes['sn']?.[0] !== 'Nemo') return mapped;
      const problems = [{ where: 'm.yaml:3', attribute: 'name.familyName', message: 'is nobody' }];
      return mapped.user.active === false
        ? { kind: 'failed', problems, inactive: true }
        : { kind: 'failed', problems };
    },
  };
  const attempt = (key: PersonKey) =>
    provision(
      { key, lastAttempt: false },
      { ...rig.deps, mappingFor: () => particular },
      new AbortController().signal,
    );
  const asUnmapped = { kind: 'refused', reason: 'm.yaml:3 name.familyName: is nobody' };

  test('is switched off, if inactive, and shown to an operator all the same', async () => {
    const key = await linked();
    expect(await attempt(await rig.person('a1', { status: 'off', sn: 'Nemo' }))).toEqual(asUnmapped);
    expect(await account()).toMatchObject({ active: false, name: { familyName: 'Byron' } });
    expect(await rig.stores.deadLetters.get('agileplace', key)).toMatchObject({ words: asUnmapped.reason });
    expect(await attempt(await rig.due('a1'))).toEqual(asUnmapped);
    expect(await sent()).toEqual(['PATCH 200']);
  });

  test('keeps what the account has, if active', async () => {
    await linked();
    expect(await attempt(await rig.person('a1', { sn: 'Nemo' }))).toEqual(asUnmapped);
    expect(await sent()).toEqual([]);
  });

  test('gets no account, if inactive and unknown', async () => {
    expect(await attempt(await rig.person('a1', { status: 'off', sn: 'Nemo' }))).toEqual(asUnmapped);
    expect(await rig.sandbox.accounts()).toEqual([]);
  });

  test('is held like others, if inactive, where too many lose access', async () => {
    const key = await linked();
    await rig.stores.holds.put('run-1', [{ key, target: 'agileplace' }]);
    expect(await attempt(await rig.person('a1', { status: 'off', sn: 'Nemo' }))).toMatchObject({
      kind: 'held',
    });
    expect(await account()).toMatchObject({ active: true });
  });
});

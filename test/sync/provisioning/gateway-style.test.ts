/** A person's life at a gateway whose PATCH leaves list elements behind and answers 500 for somebody who is gone. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mapped, Mapping } from '../../../app/mapping/mapping.ts';
import type { PersonKey } from '../../../app/person/anchor.ts';
import type { JsonObject, ScimUser } from '../../../app/scim/resource.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { MAPPING, type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', sandbox: { dialect: 'gateway-style' }, breakerThreshold: 1 });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

/** Addresses by type, as `work` and `home` of the source. */
const mapping: Mapping = {
  ...MAPPING,
  reads: [...MAPPING.reads, 'work', 'home'],
  map: (identity, now): Mapped => {
    const mapped = MAPPING.map(identity, now);
    if (mapped.kind !== 'in-scope') return mapped;
    const emails = ['work', 'home'].flatMap((type): JsonObject[] => {
      const value = identity.entry.attributes[type]?.[0];
      return value === undefined ? [] : [{ value, type }];
    });
    return { ...mapped, user: { ...mapped.user, emails } as ScimUser };
  },
};

/** Two addresses of one type, which this server takes of nobody. */
const twice: Mapping = {
  ...MAPPING,
  map: (identity, now): Mapped => {
    const mapped = MAPPING.map(identity, now);
    if (mapped.kind !== 'in-scope') return mapped;
    const emails = ['a@x.test', 'b@x.test'].map((value) => ({ value, type: 'work' }));
    return { ...mapped, user: { ...mapped.user, emails } };
  },
};

async function attempt(key: PersonKey) {
  const deps = { ...rig.deps, mappingFor: () => mapping };
  return await provision({ key, lastAttempt: false }, deps, new AbortController().signal);
}
const account = async () => (await rig.sandbox.accounts())[0]?.user;
const requests = async () => (await rig.sandbox.journal()).map(({ method, status }) => `${method} ${status}`);

async function created(attributes: Record<string, string> = {}): Promise<void> {
  await attempt(await rig.person('a1', attributes));
  await rig.sandbox.clearJournal();
}

test('an address that goes is gone, and a comparison of everybody finds nothing to write', async () => {
  await created({ work: 'a@work.test', home: 'a@home.test' });
  expect(await attempt(await rig.person('a1', { work: 'a@work.test' }))).toMatchObject({ kind: 'done' });
  expect(await account()).toMatchObject({ emails: [{ value: 'a@work.test', type: 'work' }] });
  expect(await requests()).toEqual(['PATCH 200', 'GET 200', 'PATCH 200']);
  await rig.sandbox.clearJournal();
  const run = await reconcile(
    rig.target,
    'run-r',
    { ...rig.reading, mappings: [mapping], sleep: async () => {} },
    new AbortController().signal,
  );
  expect(run).toMatchObject({ state: 'ok', counts: { listed: 1, asWanted: 1, different: 0 } });
  expect(await rig.writes()).toEqual([]);
  expect(rig.alerts).toEqual([]);
});

test('O-12: an account that was removed by hand is made again at the next change, with the target not paused', async () => {
  await created();
  await rig.sandbox.remove('a1@example.test');
  await rig.sandbox.clearJournal();
  expect(await attempt(await rig.person('a1', { sn: 'Lovelace' }))).toMatchObject({
    kind: 'done',
    plan: { action: 'create' },
  });
  expect(await account()).toMatchObject({ name: { familyName: 'Lovelace' } });
  expect(await requests()).toEqual(['PATCH 500', 'GET 404', 'GET 200', 'GET 200', 'POST 201']);
  expect(await rig.stores.breakers.view('agileplace')).toBeNull();
  expect(rig.alerts).toEqual([]);
});

test('who cannot be written as mapped ends in the dead letters, with the words of the server', async () => {
  const deps = {
    ...rig.deps,
    mappingFor: () => twice,
    policy: { ...rig.deps.policy, breakerThreshold: 10 },
  };
  const key = await rig.person('a1');
  const signal = new AbortController().signal;
  expect(await provision({ key, lastAttempt: true }, deps, signal)).toEqual({
    kind: 'refused',
    reason:
      'gave up: POST Users at agileplace: answered 500: emails: more than one element has the same type, or none',
  });
});

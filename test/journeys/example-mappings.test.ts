/**
 * The example mapping of each profile, as it is shipped, against a server of that kind: whoever copies it gets accounts
 * that are made with one write, changed with one, and left alone then.
 */
import { expect, test } from 'vitest';
import { PROFILE_NAMES } from '../../app/scim/index.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { ADA, exampleMapping } from '../support/example-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

const OTHER = {
  ...ADA,
  mail: 'Ada.King@Example.test',
  sn: 'King',
  displayName: 'Ada King',
  cn: 'Ada King',
  title: 'Countess',
  preferredLanguage: 'fr-FR',
  telephoneNumber: '+44 20 7946 0018',
  mobile: '+44 7700 900018',
  street: '1 High Street',
  l: 'Paris',
  postalCode: '75001',
  employeeNumber: '18',
  departmentNumber: 'Engines',
  o: 'Other Ltd',
};
/** Nothing but what an account cannot do without. */
const BARE = {
  uid: ADA.uid,
  mail: OTHER.mail,
  givenName: 'Augusta',
  sn: 'Noel',
  employeeType: 'staff',
};

let rig: Rig;

async function isSettled(): Promise<void> {
  await rig.sandbox.clearJournal();
  const fresh = await rig.attempt(await rig.due('a1', { fresh: true }));
  expect(fresh).toMatchObject({ plan: { action: 'none' } });
  const deps = { ...rig.reading, sleep: async () => {} };
  const run = await reconcile(rig.target, 'run-r', deps, new AbortController().signal);
  expect(run).toMatchObject({ state: 'ok', counts: { listed: 1, asWanted: 1 } });
  expect(await rig.writes()).toEqual([]);
}

test.each(PROFILE_NAMES)('a life by mappings/%s.yaml', async (profile) => {
  const mapping = { ...exampleMapping(profile).mapping, target: 'agileplace' };
  rig = await startRig({ profile, mapping, timeoutMs: 10_000 });
  try {
    const step = async (attributes: Record<string, string>, action: string) => {
      await rig.sandbox.clearJournal();
      const outcome = await rig.attempt(await rig.person('a1', attributes));
      expect(outcome).toMatchObject({ kind: 'done', plan: { action } });
      expect((await rig.writes()).map(({ status }) => (status ?? 0) < 300)).toEqual([true]);
      await isSettled();
    };
    await step(ADA, 'create');
    await step(OTHER, 'update');
    await step(BARE, 'update');
    await step(ADA, 'update');
    await step({ ...ADA, employeeType: 'leave' }, 'deactivate');
    await step(ADA, 'reactivate');
    await rig.attempt(await rig.gone('a1'));
    await isSettled();
    expect((await rig.sandbox.accounts()).map(({ user }) => user['active'])).toEqual([false]);
    await step(OTHER, 'reactivate');
    expect(await rig.sandbox.accounts()).toHaveLength(1);
    expect(rig.alerts).toEqual([]);
  } finally {
    await rig.stop();
  }
});

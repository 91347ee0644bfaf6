/**
 * The example mapping of each profile, as it is shipped, against a server of that kind: whoever copies it gets accounts
 * that are made with one write, changed with one, and left alone then.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';
import { PROFILE_NAMES } from '../../app/scim/index.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { type Rig, startRig } from '../support/rig.ts';

const WHOLE = {
  uid: 'ada.l',
  mail: 'Ada.Lovelace@Example.test',
  givenName: 'Ada',
  sn: 'Lovelace',
  displayName: 'Ada Lovelace',
  cn: 'Ada Lovelace',
  title: 'Analyst',
  preferredLanguage: 'en-GB',
  telephoneNumber: '+44 20 7946 0017',
  mobile: '+44 7700 900017',
  street: '12 Mill Lane',
  l: 'London',
  postalCode: 'N1 7AA',
  employeeNumber: '17',
  departmentNumber: 'R&D',
  o: 'Example Ltd',
  employeeType: 'staff',
};
const OTHER = {
  ...WHOLE,
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
  uid: WHOLE.uid,
  mail: OTHER.mail,
  givenName: 'Augusta',
  sn: 'Noel',
  employeeType: 'staff',
};

let rig: Rig;

function shipped(profile: string): Mapping {
  const file = `mappings/${profile}.yaml`;
  const loaded = loadMapping(file, readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { ...loaded.mapping, target: 'agileplace' };
}

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
  rig = await startRig({ profile, mapping: shipped(profile), timeoutMs: 10_000 });
  try {
    const step = async (attributes: Record<string, string>, action: string) => {
      await rig.sandbox.clearJournal();
      const outcome = await rig.attempt(await rig.person('a1', attributes));
      expect(outcome).toMatchObject({ kind: 'done', plan: { action } });
      expect((await rig.writes()).map(({ status }) => (status ?? 0) < 300)).toEqual([true]);
      await isSettled();
    };
    await step(WHOLE, 'create');
    await step(OTHER, 'update');
    await step(BARE, 'update');
    await step(WHOLE, 'update');
    await step({ ...WHOLE, employeeType: 'leave' }, 'deactivate');
    await step(WHOLE, 'reactivate');
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

/**
 * Managers, from a real slapd that names them by DN to the requests that the target received (O-10, O-04).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import {
  FORMER,
  never,
  PEOPLE,
  person,
  personAttributes,
  sourceFor,
  uuid,
} from '../sources/ldap/invented.ts';
import { ENTERPRISE, managedMapping } from '../support/managed-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const GRACE = `cn=Hopper\\, Grace,${PEOPLE}`;
const HOPPER = `cn=Hopper,${PEOPLE}`;
const dnOf = (uid: string, base = PEOPLE) => `uid=${uid},${base}`;
const [ADA_ID, GRACE_ID, CHARLES_ID, JOAN_ID] = [1, 2, 3, 4].map(uuid);
const inOrder = [ADA_ID, GRACE_ID, CHARLES_ID, JOAN_ID].map((id) => id ?? '');

let rig: Rig;
let directory: Directory;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', mapping: managedMapping() });
});
beforeEach(async () => {
  await rig.clear();
  directory = await startDirectory({
    ldif: [
      person('ada', { entryUUID: uuid(1), manager: `CN=Hopper\\2C Grace, OU=People,DC=example,DC=test` }),
      ldifEntry(GRACE, {
        ...personAttributes('grace', { entryUUID: uuid(2), manager: dnOf('ada') }),
        cn: 'Hopper, Grace',
      }),
      person('charles', { entryUUID: uuid(3), manager: dnOf('CHARLES') }),
      person('joan', { entryUUID: uuid(4), manager: dnOf('nobody', FORMER) }),
    ].join(''),
  });
  return () => directory.stop();
});
afterAll(() => rig.stop());

const source = () => sourceFor(directory, { reads: ['mail', 'sn', 'manager'], overlapMs: 300_000 });
const read = (kind: 'poll' | 'sweep') => readSource(source(), kind, rig.reading, never);

/** Serves in the order given who is due, then whoever became due by that. */
async function work(order: readonly string[] = []): Promise<void> {
  for (const id of order) await rig.attempt(rig.key(id));
  while ((await rig.stores.due.count('agileplace')) > 0) {
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await rig.attempt(key);
    }
  }
}
async function step(kind: 'poll' | 'sweep', order: readonly string[] = []) {
  await rig.sandbox.clearJournal();
  await read(kind);
  await work(order);
  return (await rig.writes()).map(({ method, path, body }) => [method, path.split('/').at(-1), body]);
}
const accountOf = async (uid: string) => (await rig.sandbox.account(`${uid}@example.test`))?.id ?? '';
const created = (uid: string, id: string | undefined, manager: object = {}) => [
  'POST',
  'Users',
  {
    schemas: 'managerId' in manager ? [CORE, ENTERPRISE] : [CORE],
    externalId: id,
    userName: `${uid}@example.test`,
    name: { familyName: uid },
    active: true,
    ...('managerId' in manager ? { [ENTERPRISE]: { manager } } : {}),
  },
];
const managed = (account: string, managerId: string) => [
  'PATCH',
  account,
  { schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { manager: { managerId } } },
];

describe('O-10: managers who are not there yet, in a circle, oneself, and out of scope', () => {
  test('O-10: each is written twice at most, and a second run over everybody writes nothing', async () => {
    const warned = vi.spyOn(rig.deps.signals, 'mappingWarning');
    const writes = await step('sweep', inOrder);
    const [ada, grace] = [await accountOf('ada'), await accountOf('grace')];
    expect(writes).toEqual([
      created('ada', ADA_ID),
      created('grace', GRACE_ID, { managerId: ada }),
      created('charles', CHARLES_ID),
      created('joan', JOAN_ID),
      managed(ada, grace),
    ]);
    expect(warned.mock.calls.map(([{ person }]) => person)).toEqual([rig.key(CHARLES_ID ?? '')]);
    warned.mockRestore();
    expect([await step('sweep'), await step('poll'), await step('sweep')]).toEqual([[], [], []]);
    for (const id of inOrder) await rig.due(id, { fresh: true });
    expect(await step('poll')).toEqual([]);
    const deps = { ...rig.reading, sleep: async () => {} };
    const run = await reconcile(rig.target, 'run-r', deps, never);
    expect(run).toMatchObject({ state: 'ok', counts: { listed: 4, asWanted: 4 } });
    expect(rig.alerts).toEqual([]);
  });

  test('O-10: one whose manager can never be made stays, and is completed once the manager can be', async () => {
    await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST', user: 'grace@example.test' });
    const writes = await step('sweep', inOrder);
    expect(writes.map(([method]) => method)).toEqual(['POST', 'POST', 'POST', 'POST']);
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(1);
    expect((await rig.sandbox.account('ada@example.test'))?.user).toMatchObject({ active: true });
    await rig.sandbox.clearFaults();
    await rig.due(GRACE_ID ?? '');
    const [ada] = [await accountOf('ada')];
    const later = await step('poll');
    expect(later).toEqual([
      created('grace', GRACE_ID, { managerId: ada }),
      managed(ada, await accountOf('grace')),
    ]);
  });

  test('O-10: a manager out of scope who comes into scope is added, by one write', async () => {
    await step('sweep', inOrder);
    await directory.load(person('nobody', { entryUUID: uuid(5) }).replace(PEOPLE, FORMER));
    expect(await step('sweep')).toEqual([]);
    await directory.rename(dnOf('nobody', FORMER), dnOf('nobody'));
    await directory.modify(dnOf('joan'), { replace: { manager: dnOf('nobody') } });
    const writes = await step('poll');
    const joan = await accountOf('joan');
    const nobody = await accountOf('nobody');
    expect(nobody).not.toBe('');
    // Whichever of them is served first.
    expect([
      [created('nobody', uuid(5)), managed(joan, nobody)],
      [managed(joan, nobody), created('nobody', uuid(5))],
    ]).toContainEqual(writes);
  });
});

describe('a manager who is renamed', () => {
  test('O-04: costs nobody who names them a write, before and after the directory follows', async () => {
    await step('sweep', inOrder);
    await directory.rename(GRACE, HOPPER);
    expect(await step('poll')).toEqual([]);
    expect(await step('sweep')).toEqual([]);
    await directory.modify(dnOf('ada'), { replace: { manager: HOPPER } });
    expect(await step('poll')).toEqual([]);
    expect(await step('sweep')).toEqual([]);
  });
});

describe('a manager who is taken out of an entry', () => {
  test('is cleared by one write, and only then', async () => {
    await step('sweep', inOrder);
    const ada = await accountOf('ada');
    await directory.modify(dnOf('ada'), { remove: { manager: [] } });
    expect(await step('poll')).toEqual([
      [
        'PATCH',
        ada,
        { schemas: [CORE, ENTERPRISE], meta: { attributes: [`${ENTERPRISE}:manager.managerId`] } },
      ],
    ]);
    expect(await step('sweep')).toEqual([]);
  });
});

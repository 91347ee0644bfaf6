/**
 * Whatever happens in whatever order, and at the same time: once nobody is due any more, each account names the account
 * of the manager, and nobody is written again.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceAccounts } from '../../../app/sync/referrers.ts';
import { ENTERPRISE, managedMapping } from '../../support/managed-mapping.ts';
import { type Rig, startRig } from '../../support/rig.ts';

const PEOPLE = ['ada', 'bob', 'grace'] as const;
type Name = (typeof PEOPLE)[number];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', mapping: managedMapping() });
});
afterAll(async () => {
  await rig.stop();
});

const name = fc.constantFrom(...PEOPLE);
const happening = fc.oneof(
  fc.record({ kind: fc.constant('told' as const), who: name, manager: fc.option(name) }),
  fc.record({ kind: fc.constant('served' as const), who: name }),
  fc.record({ kind: fc.constant('all served at once' as const) }),
  fc.record({ kind: fc.constant('removed by hand' as const), who: name }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

async function happen(it: Happening, told: Map<Name, Name | null>): Promise<void> {
  switch (it.kind) {
    case 'told':
      told.set(it.who, it.manager);
      await rig.person(it.who, it.manager === null ? {} : { manager: it.manager });
      return;
    case 'served':
      await rig.attempt(rig.key(it.who));
      return;
    case 'all served at once':
      await Promise.all(PEOPLE.map((who) => rig.attempt(rig.key(who))));
      return;
    case 'removed by hand': {
      const account = await rig.sandbox.account(`${it.who}@example.test`);
      if (account === undefined) return;
      await rig.sandbox.remove(account.id);
      await rig.due(it.who, { fresh: true });
      return;
    }
  }
}

async function settle(): Promise<void> {
  do {
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await rig.attempt(key);
    }
    await announceAccounts(['agileplace'], rig.reading);
  } while ((await rig.stores.due.count('agileplace')) > 0);
}

test('accounts name the accounts of the managers in the end, and then nothing is written any more', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (all) => {
      await rig.clear();
      const told = new Map<Name, Name | null>();
      for (const it of all) await happen(it, told);
      await settle();
      const accounts = await rig.sandbox.accounts();
      const idOf = (who: Name) => accounts.find(({ user }) => user.userName === `${who}@example.test`)?.id;
      expect(accounts).toHaveLength(told.size);
      for (const [who, manager] of told) {
        const user = accounts.find(({ id }) => id === idOf(who))?.user;
        const extension = user?.[ENTERPRISE] as { manager?: { managerId: string } } | undefined;
        const actual = extension?.manager?.managerId;
        // Of a manager nobody has heard of, what was there before stays, as long as it is somebody's.
        if (manager !== null && !told.has(manager))
          expect([undefined, ...accounts.map(({ id }) => id)]).toContain(actual);
        else expect(actual).toBe(manager === null || manager === who ? undefined : idOf(manager));
      }
      await rig.sandbox.clearJournal();
      for (const who of told.keys()) await rig.due(who, { fresh: true });
      await settle();
      expect(await rig.writes()).toEqual([]);
      expect(await rig.stores.links.newAccounts('agileplace')).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

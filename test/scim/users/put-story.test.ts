import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, setUp } from '../set-up.ts';

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());
afterEach(closeTargets);

function target(update: 'put' | 'patch') {
  const { user, password } = sandbox;
  const auth = { kind: 'basic', username: user, password: () => password } as const;
  const profile = { ...agileplace, update };
  return setUp(sandbox.baseUrl, { auth, profile, now: () => new Date(), timeoutMs: 10_000 }).target;
}

const methods = async () => (await sandbox.journal()).map(({ method }) => method);

const ADA: ScimUser = {
  userName: 'ada@example.com',
  externalId: 'g-1',
  name: { givenName: 'Ada', familyName: 'Byron' },
  title: 'Analyst',
  active: true,
};
const { title: _title, ...UNTITLED } = ADA;
const MARRIED: ScimUser = {
  ...UNTITLED,
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
};
/** What somebody at the target has set by hand, and what the target itself has. */
const BY_HAND = {
  nickName: 'Countess',
  [LEANKIT]: {
    administrator: true,
    boardCreator: true,
    dateFormat: 'yyyy/mm/dd',
    lastAccess: '2026-02-01T00:00:00Z',
  },
};

describe('an account changed by PUT at a SCIM 1.1 service', () => {
  test('keeps what was set there by hand, loses what is cleared, and has its name made anew', async () => {
    const { id } = await sandbox.seed({ ...ADA, password: 'canary-password' });
    await sandbox.change(id, BY_HAND);
    const updated = await target('put').update(id, differences(ADA, MARRIED, ADA), MARRIED, aCall());
    expect(updated).toMatchObject({
      kind: 'written',
      account: { id, user: { ...BY_HAND, name: { familyName: 'Lovelace', formatted: 'Ada Lovelace' } } },
    });
    expect(updated).not.toHaveProperty('notCleared');
    expect(await methods()).toEqual(['GET', 'PUT']);
    const account = await sandbox.account('ada@example.com');
    expect(account?.hasPassword).toBe(true);
    expect(account?.user).toMatchObject({ ...MARRIED, ...BY_HAND });
    expect(account?.user).not.toHaveProperty('title');
  });

  test('O-16: PATCH answered 501: one PUT for the same change, and the next one by PUT at once', async () => {
    const { id } = await sandbox.seed({ ...ADA, ...BY_HAND });
    await sandbox.fault({ kind: 'status', status: 501, method: 'PATCH' });
    const service = target('patch');
    await service.update(id, differences(ADA, MARRIED, ADA), MARRIED, aCall());
    expect(await methods()).toEqual(['PATCH', 'GET', 'PUT']);
    await sandbox.clearJournal();
    const off: ScimUser = { ...MARRIED, active: false };
    await service.update(id, differences(MARRIED, off, MARRIED), off, aCall());
    expect(await methods()).toEqual(['GET', 'PUT']);
    const { [LEANKIT]: rights, nickName } = (await sandbox.account('ada@example.com'))?.user ?? {};
    expect((await sandbox.account('ada@example.com'))?.user).toMatchObject(off);
    expect(nickName).toBe('Countess');
    expect(rights).toMatchObject({ administrator: true, boardCreator: true, dateFormat: 'yyyy/mm/dd' });
  });

  test('a user who is gone there is missing', async () => {
    const { id } = await sandbox.seed(ADA);
    await sandbox.remove(id);
    const updated = await target('put').update(id, differences(ADA, MARRIED, ADA), MARRIED, aCall());
    expect(updated).toEqual({ kind: 'missing' });
  });

  test('whatever else it has, in a hundred cases, is there afterwards', async () => {
    const word = fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' });
    const list = fc.uniqueArray(fc.record({ value: word, type: fc.constantFrom('work', 'home') }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ value }) => value,
    });
    const unowned = fc.record(
      {
        nickName: word,
        locale: word,
        phoneNumbers: list,
        roles: list,
        somethingElse: fc.record({ deep: fc.array(fc.integer(), { minLength: 1 }) }),
        [ENTERPRISE]: fc.record({ costCenter: word, manager: fc.record({ managerId: word }) }),
        'urn:example:unknown:1.0': fc.dictionary(fc.constantFrom('a', 'b'), word, { minKeys: 1 }),
        [LEANKIT]: fc.record({ administrator: fc.boolean(), boardCreator: fc.boolean() }),
      },
      { requiredKeys: [] },
    );
    const service = target('put');
    await fc.assert(
      fc.asyncProperty(
        unowned,
        fc.boolean(),
        fc.option(word, { nil: undefined }),
        async (rest, active, title) => {
          await sandbox.clearAccounts();
          const { id, user: before } = await sandbox.seed({ ...ADA, ...rest });
          const desired: ScimUser = { ...UNTITLED, active, ...(title === undefined ? {} : { title }) };
          const changes = differences(ADA, desired, ADA);
          if (changes.length === 0) return;
          await service.update(id, changes, desired, aCall());
          const after = await sandbox.account(ADA.userName);
          const { title: _before, ...untitled } = before;
          expect(after?.user).toEqual({ ...untitled, active, ...(title === undefined ? {} : { title }) });
        },
      ),
      { numRuns: 100 },
    );
  });
});

/**
 * Every profile against a server that behaves that way, through a person's whole life there: what is sent, what the
 * account is then, and that nothing more is written once it is right.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import type { JsonObject } from '../../app/scim/resource.ts';
import type { Target } from '../../app/scim/target.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { type Rig, startRig } from '../support/rig.ts';
import type { Write } from './profile-round.ts';
import { ADA, ROUNDS } from './profile-rounds.ts';

describe.each(ROUNDS)('profile $profile at a target like $dialect', (round) => {
  const { kept, keeps, writes, profile, dialect } = round;
  let rig: Rig;
  beforeAll(async () => {
    const { mapping, oauth2 } = round;
    rig = await startRig({ profile, sandbox: { dialect }, mapping, oauth2, timeoutMs: 10_000 });
  });
  beforeEach(() => rig.clear());
  afterAll(() => rig.stop());

  const attempt = async (key: Promise<PersonKey>): Promise<Outcome> => await rig.attempt(await key);
  const see = (change: Partial<typeof ADA> & { status?: string } = {}) =>
    attempt(rig.person('a1', { ...ADA, ...change }));
  const action = (outcome: Outcome) => ('plan' in outcome ? outcome.plan.action : outcome);
  const accounts = async () => await rig.sandbox.accounts();
  const users = async () => (await accounts()).map(({ user }) => user);
  const link = async () => await rig.stores.links.get('agileplace', rig.key('a1'));
  const idOf = async () => (await link())?.id ?? '';

  /** The writes to the service that went through, since the journal was cleared. */
  async function written(): Promise<Write[]> {
    const entries = (await rig.writes()).filter(({ path }) => !path.startsWith('/oauth/'));
    return entries
      .filter(({ status }) => status === null || status < 300)
      .map(({ method, body }) => [method, withoutSchemas(body as JsonObject | null)]);
  }

  async function created(): Promise<string> {
    expect(action(await see())).toBe('create');
    await rig.sandbox.clearJournal();
    return await idOf();
  }

  /** Whoever is looked at again, by themselves and in a listing of everybody, is as they shall be. */
  async function isSettled(): Promise<void> {
    await rig.sandbox.clearJournal();
    expect(action(await attempt(rig.due('a1', { fresh: true })))).toBe('none');
    expect(await compared()).toMatchObject({
      state: 'ok',
      counts: { asWanted: 1, different: 0, notShown: 0 },
    });
    expect(await rig.stores.due.get('agileplace', rig.key('a1'))).toBeNull();
    expect(await written()).toEqual([]);
  }

  async function compared() {
    const sleep = async () => {};
    return await reconcile(rig.target, 'run-r', { ...rig.reading, sleep }, new AbortController().signal);
  }

  /** Works everything off that is due, as the workers would; a spent budget is waited for. */
  async function work(): Promise<void> {
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) {
        let outcome = await rig.attempt(key);
        while (outcome.kind === 'limited') {
          rig.pass(outcome.until.getTime() - rig.now().getTime() + 1);
          outcome = await rig.attempt(key);
        }
        expect(outcome.kind).toBe('done');
      }
    }
  }

  test('a new person gets an account, and is left alone then', async () => {
    expect(action(await see())).toBe('create');
    expect(await written()).toEqual([['POST', round.asked]]);
    expect(await users()).toEqual([kept]);
    expect(await link()).toMatchObject({ madeBy: 'created', certain: true, id: (await accounts())[0]?.id });
    await rig.sandbox.clearJournal();
    expect(action(await see())).toBe('none');
    expect(await rig.sandbox.journal()).toEqual([]);
    await isSettled();
  });

  test.each([
    [
      'surname',
      { sn: 'Lovelace' },
      [writes.surname('Lovelace')],
      { name: { givenName: 'Ada', familyName: 'Lovelace' } },
    ],
    [
      'list of addresses',
      { work: '' },
      writes.emails,
      { emails: [{ value: ADA.home, type: 'home', primary: true }] },
    ],
    [
      'title, which is cleared',
      { title: '' },
      [writes.cleared],
      { title: undefined, phoneNumbers: undefined },
    ],
    [
      'attribute of an extension',
      { unit: 'second' },
      [writes.extension],
      { 'urn:scim:schemas:extension:enterprise:1.0': { department: 'second' } },
    ],
  ])('another %s', async (_what, change, sent, becomes) => {
    const id = await created();
    expect(action(await see(change))).toBe('update');
    expect(await written()).toEqual(sent);
    expect(await accounts()).toMatchObject([{ id }]);
    expect(await users()).toEqual([defined({ ...kept, ...keeps(becomes as JsonObject) })]);
    expect(rig.alerts).toEqual([]);
    await isSettled();
  });

  test('another user name', async () => {
    const id = await created();
    expect(action(await see({ mail: 'ada@example.test' }))).toBe('update');
    expect(await written()).toEqual([writes.name]);
    expect(await accounts()).toMatchObject([{ id, user: { externalId: 'a1', name: kept['name'] } }]);
    await isSettled();
  });

  if (!round.needsAddress)
    test('all addresses go, and come back', async () => {
      await created();
      expect(action(await see({ work: '', home: '' }))).toBe('update');
      const { emails: _none, ...without } = kept;
      expect(await users()).toEqual([without]);
      await isSettled();
      expect(action(await see())).toBe('update');
      expect(await written()).toHaveLength(1);
      expect(await users()).toEqual([kept]);
      await isSettled();
    });

  test('what others have set stays when something of ours changes', async () => {
    const id = await created();
    await rig.sandbox.change(id, round.notOurs);
    expect(action(await see({ sn: 'Lovelace', title: '' }))).toBe('update');
    expect(await written()).toHaveLength(1);
    expect(await users()).toMatchObject([{ name: { familyName: 'Lovelace' }, ...round.notOurs }]);
    expect((await users())[0]).not.toHaveProperty('title');
    await isSettled();
    expect(await users()).toMatchObject([round.notOurs]);
  });

  test('who leaves is switched off once, and stays off whatever is looked at', async () => {
    await created();
    expect(action(await attempt(rig.gone('a1')))).toBe('deactivate');
    expect(await written()).toEqual([writes.off]);
    expect(await users()).toEqual([{ ...kept, active: false }]);
    await isSettled();
    expect(await users()).toEqual([{ ...kept, active: false }]);
  });

  test('who is switched off stays so when something else of them changes', async () => {
    await created();
    expect(action(await see({ status: 'off' }))).toBe('deactivate');
    expect(await written()).toEqual([writes.off]);
    await rig.sandbox.clearJournal();
    expect(action(await see({ status: 'off', sn: 'Lovelace' }))).toBe('update');
    expect(await written()).toEqual([round.surnameWhileOff]);
    const name = { givenName: 'Ada', familyName: 'Lovelace' };
    expect(await users()).toEqual([{ ...kept, name, active: false }]);
    expect(rig.alerts).toEqual([]);
    await isSettled();
    expect(await users()).toEqual([{ ...kept, name, active: false }]);
  });

  test('who leaves under a new surname gets both', async () => {
    await created();
    expect(action(await see({ status: 'off', sn: 'Lovelace' }))).toBe('deactivate');
    expect(await written()).toHaveLength(writes.off[0] === 'DELETE' ? 2 : 1);
    const name = { givenName: 'Ada', familyName: 'Lovelace' };
    expect(await users()).toEqual([{ ...kept, name, active: false }]);
    await isSettled();
  });

  test('who comes back has the same account again', async () => {
    const id = await created();
    await attempt(rig.gone('a1'));
    await rig.sandbox.clearJournal();
    expect(action(await see())).toBe('reactivate');
    expect(await written()).toEqual([writes.on]);
    expect(await accounts()).toMatchObject([{ id }]);
    expect(await users()).toEqual([kept]);
    await isSettled();
  });

  test('what was changed by hand is put right, and nothing else', async () => {
    const id = await created();
    await rig.sandbox.change(id, { name: { familyName: 'Handed' } });
    expect(action(await attempt(rig.due('a1', { fresh: true })))).toBe('update');
    expect(await written()).toEqual([writes.surname('Byron')]);
    expect(await users()).toEqual([kept]);
    await isSettled();
  });

  test('whom somebody switched on again is switched off again', async () => {
    const id = await created();
    await attempt(rig.gone('a1'));
    await rig.sandbox.change(id, { active: true });
    await rig.sandbox.clearJournal();
    expect(await compared()).toMatchObject({ counts: { different: 1 } });
    expect(action(await rig.attempt(rig.key('a1')))).toBe('deactivate');
    expect(await written()).toEqual([writes.off]);
    await isSettled();
  });

  test('O-12: an account that was removed by hand is made again', async () => {
    const id = await created();
    await rig.sandbox.remove(id);
    expect(action(await attempt(rig.due('a1', { fresh: true })))).toBe('create');
    expect(await written()).toEqual([['POST', round.asked]]);
    expect(await users()).toEqual([kept]);
    expect(await idOf()).toBe((await accounts())[0]?.id);
    await isSettled();
  });

  test('O-12: so it is where the removal shows when something is written', async () => {
    const id = await created();
    await rig.sandbox.remove(id);
    expect(action(await see({ sn: 'Lovelace' }))).toBe('create');
    expect(await users()).toEqual([{ ...kept, name: { givenName: 'Ada', familyName: 'Lovelace' } }]);
    await isSettled();
  });

  test('O-11: an account that was there is taken over, with what it has beyond ours', async () => {
    const emails = [{ value: ADA.mail, primary: true }];
    const { id } = await rig.sandbox.seed({ userName: ADA.mail, emails, name: { familyName: 'Old' } });
    expect(action(await see())).toBe('adopt');
    expect(await accounts()).toMatchObject([{ id }]);
    const { externalId: _notEverywhere, ...common } = kept;
    expect(await users()).toMatchObject([common]);
    expect(await link()).toMatchObject({ id, certain: true, madeBy: 'userName' });
    expect((await written()).every(([method]) => method !== 'POST')).toBe(true);
    await isSettled();
  });

  test('O-11: so is one that was switched off, and it is switched on', async () => {
    const emails = [{ value: ADA.mail, primary: true }];
    const { id } = await rig.sandbox.seed({ userName: ADA.mail, emails, active: false });
    expect(action(await see())).toBe('adopt');
    expect(await accounts()).toMatchObject([{ id, user: { active: true } }]);
    await isSettled();
  });

  test('O-11: so is one that only the refusal of the create shows', async () => {
    const emails = [{ value: ADA.mail, primary: true }];
    const { id } = await rig.sandbox.seed({ userName: ADA.mail, emails });
    await rig.sandbox.fault({ kind: 'hide-from-search' });
    const target: Target = {
      ...rig.target,
      create: async (...call) => {
        const answer = await rig.target.create(...call);
        await rig.sandbox.clearFaults();
        return answer;
      },
    };
    const key = await rig.person('a1', ADA);
    const deps = { ...rig.deps, target };
    expect(action(await provision({ key, lastAttempt: false }, deps, new AbortController().signal))).toBe(
      'adopt',
    );
    expect(await accounts()).toMatchObject([{ id }]);
    await isSettled();
  });

  test('O-11: a name that somebody else holds goes to an operator, and their account is left alone', async () => {
    const theirs = {
      userName: ADA.mail,
      externalId: 'b9',
      emails: [{ value: 'bea@work.test', primary: true }],
    };
    await rig.sandbox.seed({ ...theirs, name: { familyName: 'Other' } });
    const before = await accounts();
    expect(await see()).toMatchObject({ kind: 'refused' });
    expect(await accounts()).toEqual(before);
    expect(await link()).toBeNull();
    expect(rig.alerts).toMatchObject([{ kind: 'dead-letter' }]);
  });

  test('O-11: so does a new name that somebody else holds', async () => {
    await created();
    await rig.sandbox.seed({ userName: 'taken@example.test', emails: [{ value: 'bea@work.test' }] });
    expect(await see({ mail: 'taken@example.test' })).toMatchObject({ kind: 'refused' });
    expect(rig.alerts).toMatchObject([{ kind: 'dead-letter' }]);
    expect((await users())[0]).toEqual(kept);
    expect(await rig.stores.deadLetters.get('agileplace', rig.key('a1'))).toMatchObject({ status: 409 });
  });

  test('O-18: a create whose answer is lost is found, and not made twice', async () => {
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', path: '/Users$', count: 1 });
    expect(await see()).toMatchObject({ kind: 'retry' });
    rig.pass(11_000);
    expect(action(await rig.attempt(rig.key('a1')))).toBe('adopt');
    expect((await written()).filter(([method]) => method === 'POST')).toEqual([['POST', round.asked]]);
    expect(await users()).toEqual([kept]);
    expect(await idOf()).toBe((await accounts())[0]?.id);
    await isSettled();
  });

  test.each([
    ['change', { sn: 'Lovelace' }, writes.surname('Lovelace')],
    ['departure', { status: 'off' }, writes.off],
  ])('O-18: a %s whose answer is lost is not sent again', async (_what, change, write) => {
    await created();
    const [method] = write;
    await rig.sandbox.fault({ kind: 'drop-after-commit', method: method as 'PATCH', count: 1 });
    expect(await see(change)).toMatchObject({ kind: 'retry' });
    expect(action(await rig.attempt(rig.key('a1')))).toBe('none');
    expect(await written()).toEqual([write]);
    await isSettled();
  });

  if (round.versions)
    test('what somebody else changes between read and write is planned for again', async () => {
      const id = await created();
      const key = await rig.person('a1', { ...ADA, sn: 'Lovelace' });
      let changes = 0;
      const target: Target = {
        ...rig.target,
        update: async (...call) => {
          changes += 1;
          if (changes === 1) await rig.sandbox.change(id, { name: { givenName: 'Augusta' } });
          return await rig.target.update(...call);
        },
      };
      const outcome = await provision(
        { key, lastAttempt: false },
        { ...rig.deps, target },
        new AbortController().signal,
      );
      expect(action(outcome)).toBe('update');
      expect(changes).toBe(2);
      expect(await users()).toEqual([{ ...kept, name: { givenName: 'Ada', familyName: 'Lovelace' } }]);
      await isSettled();
    });

  test('a comparison of everybody writes nothing where nothing differs, and only what differs', async () => {
    const people = Array.from({ length: round.crowd }, (_, n) => `p${n}`);
    const of = (id: string) => ({ ...ADA, mail: `${id}@example.test`, work: `${id}@example.test` });
    const emails = (id: string) => [{ value: `${id}@example.test`, primary: true }];
    await rig.sandbox.seedAll(
      people.map((id) => ({ ...round.asked, userName: of(id).mail, externalId: id, emails: emails(id) })),
    );
    for (const id of people) await rig.person(id, of(id));
    await work();
    const before = await accounts();
    expect(before).toHaveLength(people.length);
    await rig.sandbox.clearJournal();
    const counts = { listed: people.length, asWanted: people.length, different: 0, missing: 0 };
    expect(await compared()).toMatchObject({ state: 'ok', counts });
    expect(await rig.stores.due.count('agileplace')).toBe(0);
    expect(await accounts()).toEqual(before);
    const asked = (await rig.sandbox.journal()).map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    expect(new Set(asked.map((request) => request.split(' ')[0]))).toEqual(new Set(['GET']));
    expect(asked).toHaveLength(round.requestsForAll);
    const [first, second] = before;
    await rig.sandbox.change(first?.id ?? '', { name: { familyName: 'Handed' } });
    await rig.sandbox.remove(second?.id ?? '');
    expect(await compared()).toMatchObject({
      state: 'ok',
      counts: { asWanted: people.length - 2, different: 1, missing: 1 },
    });
    await work();
    expect((await written()).map(([method]) => method).sort()).toEqual(
      ['POST', writes.surname('')[0]].sort(),
    );
    expect((await accounts()).map(({ user: { name } }) => name)).toEqual(
      before.map(({ user: { name } }) => name),
    );
  });
});

function withoutSchemas(body: JsonObject | null): JsonObject | null {
  if (body === null) return null;
  const { schemas, ...said } = body;
  expect(schemas).toContain('urn:scim:schemas:core:1.0');
  return said;
}

function defined(user: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined));
}

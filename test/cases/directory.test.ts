/**
 * Incidents that begin in a directory, from a real slapd over a read and the worker's parts to the request that the
 * target received (O-01 to O-06).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { FORMER, group, never, PEOPLE, person, sourceFor, stamped, uuid } from '../sources/ldap/invented.ts';
import { type Rig, startRig } from '../support/rig.ts';

let rig: Rig;
let directory: Directory;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

const dnOf = (uid: string, base = PEOPLE) => `uid=${uid},${base}`;
const READS = { reads: ['mail', 'givenName', 'sn', 'title', 'status'], overlapMs: 300_000 };
const source = (change = {}) => sourceFor(directory, { ...READS, ...change });

async function read(kind: 'poll' | 'sweep', from = source()) {
  return await readSource(from, kind, rig.reading, never);
}
async function work(): Promise<void> {
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
}
/** Reads and works off what it brought. @returns the writes at the target, as `POST ada` */
async function step(kind: 'poll' | 'sweep', from = source()): Promise<string[]> {
  await rig.sandbox.clearJournal();
  await read(kind, from);
  await work();
  return await written();
}
async function written(): Promise<string[]> {
  const names = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, String(user.userName)]));
  const writes = (await rig.writes()).map(({ method, path, body }) => {
    const name = (body as { userName?: string }).userName ?? names.get(path.split('/').at(-1) ?? '') ?? '';
    return `${method} ${name.split('@')[0]}`;
  });
  return writes.sort();
}

describe('people with ids and names that are awkward', () => {
  const COMMA = `cn=Lovelace\\, Ada,${PEOPLE}`;
  beforeAll(async () => {
    const odd = (dn: string, mail: string) =>
      `dn: ${dn}\nobjectClass: inetOrgPerson\nsn: x\nmail: ${mail}@example.test\n${
        dn.startsWith('cn') ? '' : 'cn: x\n'
      }\n`;
    directory = await startDirectory({
      ldif: [
        person('upper', { entryUUID: uuid(10).toUpperCase() }),
        odd(COMMA, 'comma'),
        odd(`cn=a\\+b,${PEOPLE}`, 'plus'),
        odd(`cn=\\#hash,${PEOPLE}`, 'hash'),
        odd(`cn=semi\\;colon,${PEOPLE}`, 'semi'),
        odd(`cn=Ada+uid=77,${PEOPLE}`, 'multi').replace('sn: x', 'sn: x\nuid: 77'),
        group('one', ['cn=Lovelace\\2C Ada,ou=people, dc=example,dc=test', `CN=A\\2Bb,${PEOPLE}`]),
        group('two', [
          `CN=lovelace\\, ada,OU=People,DC=EXAMPLE,DC=test`,
          `cn=\\23hash,${PEOPLE}`,
          `cn=semi\\3Bcolon,${PEOPLE}`,
          `UID=77+CN=ada,${PEOPLE}`,
        ]),
      ].join(''),
    });
  });
  afterAll(() => directory.stop());

  test('O-01 e: an entryUUID in capitals is an externalId in small letters, and the same person ever after', async () => {
    await step('sweep');
    const account = await rig.sandbox.account('upper@example.test');
    expect(account?.user.externalId).toBe(uuid(10));
    expect(await step('sweep')).toEqual([]);
  });

  test('O-02: whatever stands in a DN, each person is in the groups that name them in another spelling', async () => {
    await step('sweep');
    const groupsOf = async (mail: string) => {
      const account = await rig.sandbox.account(`${mail}@example.test`);
      const known = await rig.stores.identities.get(rig.key(String(account?.user.externalId)));
      return known?.groups.map(({ name }) => name).sort();
    };
    expect(await groupsOf('comma')).toEqual(['one', 'two']);
    expect(await groupsOf('plus')).toEqual(['one']);
    expect(await groupsOf('hash')).toEqual(['two']);
    expect(await groupsOf('semi')).toEqual(['two']);
    expect(await groupsOf('multi')).toEqual(['two']);
    expect(await groupsOf('upper')).toEqual([]);
  });
});

describe('changes', () => {
  beforeAll(async () => {
    directory = await startDirectory({ ldif: stamped('ada', 1, '20260301120000', '000001') });
  });
  afterAll(() => directory.stop());

  test('O-03: a change in the second of the watermark and a late one are written once each, then nothing', async () => {
    const byStamps = source({ tracking: 'time-stamps' });
    const poll = () => step('poll', byStamps);
    expect(await poll()).toEqual(['POST ada']);
    await directory.load(
      stamped('bea', 2, '20260301120000', '000002') + stamped('cleo', 3, '20260301115958', '000000'),
    );
    expect(await poll()).toEqual(['POST bea', 'POST cleo']);
    expect([await poll(), await poll(), await poll()]).toEqual([[], [], []]);
  });
});

describe('people who move', () => {
  const ENGINES = `ou=engines,${PEOPLE}`;
  beforeAll(async () => {
    const crew = Array.from({ length: 30 }, (_, n) => person(`e${n}`).replace(PEOPLE, ENGINES));
    const all = [`dn: ${ENGINES}\nobjectClass: organizationalUnit\n\n`, person('ada'), ...crew];
    directory = await startDirectory({ ldif: all.join('') });
  });
  afterAll(() => directory.stop());

  test('O-04: a marriage with a move is one PATCH on the same account, and a renamed OU costs no write', async () => {
    await step('sweep');
    const before = (await rig.sandbox.account('ada@example.test'))?.id;
    await directory.rename(dnOf('ada'), dnOf('lovelace', ENGINES));
    await directory.modify(dnOf('lovelace', ENGINES), {
      replace: { mail: 'ada.lovelace@example.test', sn: 'Lovelace' },
    });
    expect(await step('poll')).toEqual(['PATCH ada.lovelace']);
    expect((await rig.sandbox.account('ada.lovelace@example.test'))?.id).toBe(before);
    await directory.rename(ENGINES, `ou=machines,${PEOPLE}`);
    expect([await step('poll'), await step('sweep'), await step('sweep')]).toEqual([[], [], []]);
    expect(rig.alerts).toEqual([]);
    await directory.rename(`ou=machines,${PEOPLE}`, ENGINES);
  });

  test.each([
    // By stamps a poll cannot see it; by content sync the server tells.
    ['time-stamps', [], ['PATCH e0']],
    ['content-sync', ['PATCH e0'], []],
  ])(
    'O-06: out of the base, by %s: off once, on again on the same account',
    async (tracking, atPoll, atSweep) => {
      const from = source({ tracking });
      await step('sweep', from);
      const id = (await rig.sandbox.account('e0@example.test'))?.id;
      await directory.rename(dnOf('e0', ENGINES), dnOf('e0', FORMER));
      expect(await step('poll', from)).toEqual(atPoll);
      expect(await step('sweep', from)).toEqual(atSweep);
      expect((await rig.sandbox.account('e0@example.test'))?.user.active).toBe(false);
      expect(await step('sweep', from)).toEqual([]);
      await directory.rename(dnOf('e0', FORMER), dnOf('e0', ENGINES));
      expect(await step('poll', from)).toEqual(['PATCH e0']);
      expect(await rig.sandbox.account('e0@example.test')).toMatchObject({ id, user: { active: true } });
    },
  );

  test('O-05: a read that names nobody, or fails, or hides the ids, removes nobody and leaves the watermark', async () => {
    await step('sweep');
    await rig.sandbox.clearJournal();
    const mark = await rig.stores.watermarks.get('corp');
    const people = { base: PEOPLE, filter: '(objectClass=device)' };
    const nowhere = { base: `ou=nowhere,${PEOPLE}`, filter: '(objectClass=*)' };
    expect(await read('sweep', source({ people }))).toMatchObject({ state: 'held', releasable: true });
    expect(await read('sweep', source({ people: nowhere }))).toMatchObject({ state: 'failed' });
    expect(await read('sweep', source({ urls: ['ldap://127.0.0.1:1', 'ldap://127.0.0.1:2'] }))).toMatchObject(
      {
        state: 'failed',
      },
    );
    await work();
    expect(await written()).toEqual([]);
    expect(await rig.stores.watermarks.get('corp')).toBe(mark);
    expect(rig.alerts.map(({ kind }) => kind)).toEqual(['run-held', 'run-failed']);
    expect(await read('sweep')).toMatchObject({ state: 'ok' });
    await work();
    expect(await written()).toEqual([]);
    expect(await rig.stores.runs.list({ state: 'held', limit: 5 })).toEqual([]);
  });
});

/**
 * Ids of Active Directory, from a real domain controller over a read to the account at the target (O-01). Samba keeps
 * an objectGUID that it is loaded with, so that it is known what has to come of its bytes.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { ldifEntry } from '../../sandbox/directory/ldif.ts';
import { sourceOf } from '../sources/ldap/active-directory/reading.ts';
import { never } from '../sources/ldap/invented.ts';
import { type Rig, startRig } from '../support/rig.ts';
import {
  FORMER,
  PROVISIONING_MS,
  personAttributes,
  type Samba,
  STAFF,
  startSamba,
} from '../support/samba.ts';

const PEOPLE = [
  {
    row: 'a',
    name: 'ada',
    bytes: '00112233445566778899aabbccddeeff',
    id: '33221100-5544-7766-8899-aabbccddeeff',
  },
  {
    row: 'b',
    name: 'bea',
    bytes: '0a00f0050b0c0d0e8f90a1b2c3d4e5f6',
    id: '05f0000a-0c0b-0e0d-8f90-a1b2c3d4e5f6',
  },
];
/** Nobody who logs in may read its objectGUID (the attribute's schemaIDGUID, [MS-ADA3]). */
const HIDES_THE_ID = '(OD;;RP;bf9679e7-0de6-11d0-a285-00aa003049e2;;AU)';

const dnOf = (name: string, base = STAFF) => `CN=${name},${base}`;

let rig: Rig;
let samba: Samba;
beforeAll(async () => {
  // Bytes that are no text: base64 after "::" (RFC 2849).
  const withId = PEOPLE.map(({ name, bytes }) => {
    const record = ldifEntry(dnOf(name), personAttributes(name)).trimEnd();
    return `${record}\nobjectGUID:: ${Buffer.from(bytes, 'hex').toString('base64')}\n\n`;
  });
  [rig, samba] = await Promise.all([startRig(), startSamba(withId.join(''))]);
}, PROVISIONING_MS);
beforeEach(() => rig.clear());
afterAll(async () => {
  await Promise.all([rig.stop(), samba.stop()]);
});

async function read(kind: 'poll' | 'sweep') {
  const source = sourceOf(samba, 'undertaker', { reads: ['mail', 'givenName', 'sn', 'title', 'status'] });
  const run = await readSource(source, kind, rig.reading, never);
  for await (const batch of rig.stores.due.scan('agileplace')) {
    for (const { key } of batch) await rig.attempt(key);
  }
  return run;
}
const accountOf = async (name: string) => await rig.sandbox.account(`${name}@example.test`);

describe('O-01: objectGUID', () => {
  test.each(PEOPLE)('$row: its bytes are the externalId, and find the person again', async ({ name, id }) => {
    await read('sweep');
    const account = await accountOf(name);
    expect(account?.user.externalId).toBe(id);
    // Asked for by id alone: who is gone would be told as deleted.
    await samba.rename(dnOf(name), dnOf(name, FORMER));
    await read('sweep');
    expect(await accountOf(name)).toMatchObject({ id: account?.id, user: { active: false } });
    const known = await rig.stores.identities.get(rig.key(id));
    expect(known?.presence).toMatchObject({ state: 'absent', why: 'out-of-scope' });
    await samba.rename(dnOf(name, FORMER), dnOf(name));
    await read('poll');
    expect(await accountOf(name)).toMatchObject({ id: account?.id, user: { active: true } });
  });

  test('f: whose id does not show gets no account, and nobody is taken for gone', async () => {
    await read('sweep');
    await rig.sandbox.clearJournal();
    await samba.add(dnOf('cleo'), personAttributes('cleo'));
    await samba.giveAccess(dnOf('cleo'), HIDES_THE_ID);
    await samba.rename(dnOf('ada'), dnOf('ada', FORMER));
    expect(await read('sweep')).toMatchObject({ state: 'held', counts: { read: 1, rejected: 1 } });
    expect(await rig.writes()).toEqual([]);
    await samba.rename(dnOf('ada', FORMER), dnOf('ada'));
    await samba.takeAccess(dnOf('cleo'), HIDES_THE_ID);
    expect(await read('sweep')).toMatchObject({ state: 'ok', counts: { read: 3, rejected: 0 } });
    const externalId = await samba.guidOf(dnOf('cleo'));
    expect(await rig.writes()).toMatchObject([{ method: 'POST', body: { externalId } }]);
  });
});

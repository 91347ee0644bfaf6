/** What a check says of Active Directory (Samba), by what the account may do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDirectory } from '../../../../app/sources/ldap/index.ts';
import {
  DELETED,
  FORMER,
  groupLdif,
  PROVISIONING_MS,
  personLdif,
  type Samba,
  STAFF,
  SUFFIX,
  startSamba,
} from '../../../support/samba.ts';
import { checkOf, findingOf, linesOf, troublesOf } from '../../checking/checks.ts';
import { type AccountName, optionsOf } from '../active-directory/reading.ts';

let samba: Samba;
beforeAll(async () => {
  const people = ['ada', 'bea'].map((name) => personLdif(name)).join('');
  samba = await startSamba(people + groupLdif('team', [`CN=ada,${STAFF}`]));
}, PROVISIONING_MS);
afterAll(() => samba.stop());

function check(account: AccountName, change: Parameters<typeof checkOf>[0] = {}) {
  return checkDirectory(
    {
      ...optionsOf(samba, account),
      reads: ['sAMAccountName', 'userAccountControl', 'uid'],
      now: () => new Date(),
    },
    checkOf({ mapped: ['samaccountname', 'useraccountcontrol'], ...change }),
  );
}

test('an account like any other: by uSNChanged, why not by DirSync, and that deletions do not show', async () => {
  const report = await check('reader');
  expect(linesOf(report).slice(2)).toEqual([
    'good kind: Active Directory (Samba Team (https://www.samba.org))',
    'told we are: not told; whether a read was ours to the end cannot be seen',
    `told not by dirsync: reader@ad.example.test has not the right to replicate ${SUFFIX} (Replicating Directory Changes)`,
    'good changes are followed by: usn-changed',
    'good read of everybody: complete',
    'good read of changes: 0 entries told of',
    'good read page by page: 2 people',
    'good page: of 500 entries may be asked for',
    'good without pages: no limit is met',
    `lacking deleted objects of ${SUFFIX}: do not show`,
    'good push: change-notification',
    'good people: 2 people',
    'good stamps: on 2 of 2',
    'good attribute sAMAccountName: on 2 of 2',
    'good attribute userAccountControl: on 2 of 2',
    'told attribute uid: on nobody',
    'good groups: 1, with up to 1 member',
  ]);
  expect(findingOf(report, `deleted objects of ${SUFFIX}`)?.advice).toContain(
    `let it list and read ${DELETED}`,
  );
});

test('the administrator: by DirSync, deletions show, nothing is lacking', async () => {
  const report = await check('admin');
  expect(troublesOf(report)).toEqual([]);
  expect(findingOf(report, 'changes are followed by')?.shows).toBe('dirsync');
  expect(findingOf(report, `deleted objects of ${SUFFIX}`)).toMatchObject({ verdict: 'good', shows: 'show' });
});

test('somebody is found by the login name, or told to stand elsewhere', async () => {
  const found = await check('reader', { person: 'ada', showValues: true });
  expect(found.sample).toMatchObject({
    groups: 1,
    attributes: [
      { name: 'sAMAccountName', syntax: 'text', values: ['ada'] },
      { name: 'uid', syntax: 'text', values: [] },
      { name: 'userAccountControl', syntax: 'text' },
    ],
  });
  const byGuid = await check('reader', { person: await samba.guidOf(`CN=bea,${STAFF}`), showValues: true });
  expect(byGuid.sample?.attributes[0]?.values).toEqual(['bea']);
  await samba.rename(`CN=bea,${STAFF}`, `CN=bea,${FORMER}`);
  const moved = await check('reader', { person: 'bea' });
  expect(findingOf(moved, 'person')).toMatchObject({
    shows: 'is there and is not read',
    advice: `they do not stand below people.base (${STAFF})`,
  });
});

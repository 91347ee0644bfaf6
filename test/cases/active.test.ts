/**
 * Incidents in who is active by what Active Directory says (O-07), through the example mapping as it is shipped to the
 * requests that the target received.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceMoments } from '../../app/sync/moments.ts';
import { type Case, startCase, type Values } from '../support/example-case.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';
const NEVER = '9223372036854775807';
const USERS = { name: 'AgilePlace users', dn: 'CN=AgilePlace users,OU=Groups,DC=example,DC=com' };
const ADA = { mail: 'Ada@example.com', givenName: 'Ada', sn: 'Lovelace' };
const ENABLED = { ...ADA, userAccountControl: '512', accountExpires: NEVER };
const MADE = [
  'POST',
  {
    schemas: [CORE, LEANKIT],
    externalId: '1',
    userName: 'ada@example.com',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    timezone: 'Europe/Paris',
    active: true,
    [LEANKIT]: { administrator: false, boardCreator: false, dateFormat: 'dd/mm/yyyy' },
  },
];
const OFF = ['PATCH', { schemas: [CORE], active: false }];

let rig: Case;
beforeAll(async () => {
  rig = await startCase('agileplace-active-directory', 'agileplace', [USERS]);
});
beforeEach(async () => {
  await rig.clear();
  rig.turnTo('2026-03-01T12:00:00Z');
});
afterAll(() => rig.stop());

test.each<[string, Values, readonly string[]]>([
  ['a', { userAccountControl: '512', accountExpires: NEVER }, []],
  ['b', { userAccountControl: '512', accountExpires: '0' }, []],
  ['d', { userAccountControl: '544', accountExpires: '0', pwdLastSet: '0' }, []],
  ['f', { userAccountControl: '66048', accountExpires: '0' }, []],
  ['g', { userAccountControl: '262656', accountExpires: '0' }, []],
  ['h', { userAccountControl: '8389120', accountExpires: '0' }, []],
  ['i', { userAccountControl: '528', accountExpires: '0' }, []],
  ['l', { userAccountControl: '512', accountExpires: '2650467743990000000' }, []],
  ['m', { userAccountControl: '512', accountExpires: '9223372032559808511' }, ['active: odd-expiry']],
])('O-07 %s: is made active', async (_row, values, warnings) => {
  expect(await rig.tell('1', { ...ADA, ...values })).toMatchObject({ outcome: { kind: 'done' }, warnings });
  expect(await rig.sent()).toEqual([MADE]);
});

test.each<[string, Values]>([
  ['c', { userAccountControl: '514', accountExpires: '0', pwdLastSet: '0' }],
  ['e', { userAccountControl: '546', accountExpires: '0' }],
  ['f', { userAccountControl: '66050', accountExpires: '0' }],
  ['g', { userAccountControl: '262658', accountExpires: '0' }],
  ['h', { userAccountControl: '8389122', accountExpires: '0' }],
  ['i', { userAccountControl: '530', accountExpires: '0' }],
  ['k', { userAccountControl: '512', accountExpires: '134167968000000000' }],
])('O-07 %s: is switched off, and gets no account where there is none', async (_row, values) => {
  await rig.tell('1', ENABLED);
  expect(await rig.sent()).toEqual([MADE]);
  expect(await rig.tell('1', { ...ADA, ...values })).toMatchObject({ warnings: [] });
  expect(await rig.sent()).toEqual([OFF]);
  await rig.tell('2', { ...ADA, ...values, mail: 'grace@example.com' });
  expect(await rig.sent()).toEqual([]);
});

test('O-07 j: is active, and switched off by one write when the expiry comes, without a change at the source', async () => {
  await rig.tell('1', { ...ADA, userAccountControl: '512', accountExpires: '134168832000000000' });
  expect(await rig.sent()).toEqual([MADE]);
  const moments = { ...rig.reading, timers: rig.stores.timers };
  rig.turnTo('2026-03-01T23:59:59Z');
  expect(await announceMoments(['agileplace'], moments)).toBe(0);
  rig.turnTo('2026-03-02T00:00:09Z');
  expect(await announceMoments(['agileplace'], moments)).toBe(1);
  await rig.attempt(rig.key('1'));
  expect(await rig.sent()).toEqual([OFF]);
});

test.each<[string, Values]>([
  ['n', {}],
  ['o', { userAccountControl: 'abc', accountExpires: '0' }],
])(
  'O-07 %s: nobody is switched on or off, the rest is written, and a warning says so',
  async (_row, values) => {
    await rig.tell('2', { ...ADA, ...values, mail: 'grace@example.com' });
    expect(await rig.sent()).toEqual([]);
    await rig.tell('1', ENABLED);
    await rig.sent();
    const { warnings } = await rig.tell('1', { ...ADA, ...values, sn: 'King' });
    expect(warnings).toEqual([expect.stringMatching(/^active: cannot be (told|computed)/)]);
    const name = { givenName: 'Ada', familyName: 'King' };
    expect(await rig.sent()).toEqual([['PATCH', { schemas: [CORE], name }]]);
  },
);

test.each(['4096', '2080'])('O-07 p: a computer or a trust, %s, gets no account', async (control) => {
  const { outcome } = await rig.tell('1', { ...ADA, userAccountControl: control, accountExpires: '0' });
  expect(outcome).toMatchObject({ plan: { action: 'none' } });
  expect(await rig.sandbox.journal()).toEqual([]);
});

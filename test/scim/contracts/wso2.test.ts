/**
 * WSO2 Identity Server's page on its SCIM 1.1 APIs: https://is.docs.wso2.com/en/5.11.0/develop/scim-1.1-apis/
 * (github.com/wso2/docs-is, en/docs/develop/scim-1.1-apis.md).
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { change, listed, vendor } from './vendor.ts';

const CORE = ['urn:scim:schemas:core:1.0'];
const BASE = '/wso2/scim';
const ADA: ScimUser = {
  userName: 'ada',
  name: { familyName: 'Lovelace', givenName: 'Ada' },
  emails: [
    { primary: true, value: 'ada@home.test', type: 'home' },
    { value: 'ada@work.test', type: 'work' },
  ],
};
/** Times without a zone, and no word about which address is the primary one. */
const META = {
  lastModified: '2026-03-01T16:46:53',
  created: '2026-03-01T16:46:53',
  location: '/Users/0032fd29',
};
const SHOWN = {
  id: '0032fd29',
  schemas: CORE,
  ...ADA,
  emails: [
    { value: 'ada@home.test', type: 'home' },
    { value: 'ada@work.test', type: 'work' },
  ],
  meta: META,
};
const STUB = { id: '0032fd29', userName: 'ada', meta: META };
const BEN = { ...SHOWN, id: 'b228b59d', userName: 'ben' };
const BEN_STUB = { id: 'b228b59d', userName: 'ben', meta: META };

const wso2 = vendor('wso2', BASE);

test('the echo of a create without the primary mark is read as it stands', async () => {
  wso2.answers({ status: 201, body: SHOWN });
  expect(await wso2.target().create(ADA, aCall())).toEqual({
    kind: 'written',
    account: { id: '0032fd29', user: { ...ADA, emails: SHOWN.emails } },
  });
  expect(wso2.bodies()).toEqual([{ schemas: CORE, ...ADA }]);
});

test('a list of stubs without startIndex: each user is read, and none is taken for changed', async () => {
  wso2.answers(
    { status: 200, body: { schemas: CORE, totalResults: 2, Resources: [STUB, BEN_STUB] } },
    { status: 200, body: SHOWN },
    { status: 200, body: BEN },
  );
  const { accounts, end } = await listed(wso2.target());
  expect(accounts.map(({ user }) => [user.userName, user.name])).toEqual([
    ['ada', ADA.name],
    ['ben', ADA.name],
  ]);
  expect(end).toMatchObject({ complete: true });
  expect(wso2.lines()).toEqual([
    `GET ${BASE}/Users?count=100`,
    `GET ${BASE}/Users/0032fd29`,
    `GET ${BASE}/Users/b228b59d`,
  ]);
});

test('a search shows a stub, too, and never by anything but userName', async () => {
  wso2.answers(
    { status: 200, body: { schemas: CORE, totalResults: 1, Resources: [STUB] } },
    { status: 200, body: SHOWN },
  );
  const target = wso2.target();
  expect(await target.find({ by: 'externalId', value: 'hr-17' }, aCall())).toEqual([]);
  const [account] = await target.find({ by: 'userName', value: 'ada' }, aCall());
  expect(account?.user.name).toEqual(ADA.name);
  expect(wso2.lines()).toEqual([`GET ${BASE}/Users?filter=userName eq "ada"`, `GET ${BASE}/Users/0032fd29`]);
});

test('a family name alone is sent, and the answer has both parts', async () => {
  const married: ScimUser = { ...ADA, name: { familyName: 'King', givenName: 'Ada' } };
  wso2.answers({ status: 200, body: { ...SHOWN, name: married.name } });
  const updated = await change(
    wso2.target(),
    { id: '0032fd29', user: ADA },
    ['name', 'familyName'],
    'King',
    married,
  );
  expect(updated).toMatchObject({ kind: 'written', account: { user: { name: married.name } } });
  expect(wso2.bodies()).toEqual([{ schemas: CORE, name: { familyName: 'King' } }]);
});

test('a deleted user is answered with 200', async () => {
  wso2.answers({ status: 200 });
  expect(await wso2.target().remove('0032fd29', aCall())).toEqual({ kind: 'removed' });
});

/**
 * Planview AgilePlace's User Provisioning API: the pages Getting Started, Search for a User, Get Information About a
 * User, Update a User (PUT) and (PATCH) under
 * https://success.planview.com/Planview_AgilePlace/AgilePlace_API/User_Provisioning_API.
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { failureOf } from '../set-up.ts';
import { change, listed, vendor } from './vendor.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';
const BASE = '/io/scim/v1';
const ADA: ScimUser = {
  externalId: 'hr-17',
  userName: 'ada@example.test',
  name: { familyName: 'Lovelace', givenName: 'Ada' },
  timezone: 'Europe/London',
  active: true,
  [LEANKIT]: { administrator: false, boardCreator: true, dateFormat: 'dd/mm/yyyy' },
};
/** A user alone comes without schemas; the whole name, the licence and the last visit are the target's. */
const SHOWN = {
  id: '700',
  ...ADA,
  name: { familyName: 'Lovelace', givenName: 'Ada', formatted: 'Ada Lovelace' },
  meta: { created: '2026-01-02T03:04:05Z', location: 'https://account.leankit.com/io/scim/v1/users/700' },
  [LEANKIT]: {
    licenseType: 'full',
    lastAccess: '2026-02-01T00:00:00Z',
    administrator: false,
    boardCreator: true,
    dateFormat: 'dd/mm/yyyy',
  },
};
const ACCOUNT = { id: '700', user: ADA };

const agileplace = vendor('agileplace', BASE);

test('the sample list, whose itemsPerPage is the size of a page, is complete with its two users', async () => {
  const ben = { ...SHOWN, id: '701', userName: 'ben@example.test' };
  agileplace.answers({
    status: 200,
    body: {
      schemas: [CORE, LEANKIT],
      totalResults: 2,
      itemsPerPage: 50,
      startIndex: 1,
      Resources: [SHOWN, ben],
    },
  });
  const { accounts, end } = await listed(agileplace.target());
  expect(accounts.map(({ id }) => id)).toEqual(['700', '701']);
  expect(end).toMatchObject({ complete: true, requests: 1 });
  expect(agileplace.lines()).toEqual([`GET ${BASE}/Users?count=200`]);
});

test('a user without schemas and with a lower-case location is read whole', async () => {
  agileplace.answers({ status: 200, body: SHOWN });
  const [account] = await agileplace.target().find({ by: 'id', value: '700' }, aCall());
  const { id, meta: _meta, ...user } = SHOWN;
  expect(account).toEqual({ id, user });
});

test('who leaves is switched off by the documented PATCH', async () => {
  agileplace.answers({ status: 200, body: { ...SHOWN, active: false } });
  const off: ScimUser = { ...ADA, active: false };
  const updated = await change(agileplace.target(), ACCOUNT, ['active'], false, off);
  expect(updated).toMatchObject({ kind: 'written', account: { user: { active: false } } });
  expect(agileplace.lines()).toEqual([`PATCH ${BASE}/Users/700`]);
  expect(agileplace.bodies()).toEqual([{ schemas: [CORE], active: false }]);
});

test('a new family name is sent with the given name, since a lone part may not merge', async () => {
  const married: ScimUser = { ...ADA, name: { familyName: 'King', givenName: 'Ada' } };
  agileplace.answers({ status: 200, body: { ...SHOWN, name: married.name } });
  await change(agileplace.target(), ACCOUNT, ['name', 'familyName'], 'King', married);
  expect(agileplace.bodies()).toEqual([{ schemas: [CORE], name: { familyName: 'King', givenName: 'Ada' } }]);
});

test('a PUT sends back what was read, without what the target makes itself, and keeps the rights', async () => {
  const moved: ScimUser = { ...ADA, timezone: 'Europe/Paris' };
  agileplace.answers(
    { status: 501 },
    { status: 200, body: SHOWN },
    { status: 200, body: { ...SHOWN, timezone: 'Europe/Paris' } },
  );
  await change(agileplace.target(), ACCOUNT, ['timezone'], 'Europe/Paris', moved);
  expect(agileplace.lines()).toEqual([
    `PATCH ${BASE}/Users/700`,
    `GET ${BASE}/Users/700`,
    `PUT ${BASE}/Users/700`,
  ]);
  const { lastAccess: _lastAccess, ...rights } = SHOWN[LEANKIT];
  expect(agileplace.bodies()[2]).toEqual({ schemas: [CORE, LEANKIT], ...moved, [LEANKIT]: rights });
});

test('a userName that somebody holds is a refusal of this person, in the words of the target', async () => {
  agileplace.answers({ status: 409, body: { Errors: [{ description: 'userName is taken', code: '409' }] } });
  const renamed: ScimUser = { ...ADA, userName: 'ben@example.test' };
  const failure = await failureOf(
    change(agileplace.target(), ACCOUNT, ['userName'], 'ben@example.test', renamed),
  );
  expect(failure).toMatchObject({ name: 'Refused', status: 409, words: 'userName is taken' });
});

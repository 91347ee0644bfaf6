/**
 * Cloud Foundry UAA, https://docs.cloudfoundry.org/api/uaa and docs/UAA-APIs.rst of github.com/cloudfoundry/uaa:
 * the list's key in lower case, versions as whole numbers, If-Match with each change.
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { change, vendor } from './vendor.ts';

const CORE = ['urn:scim:schemas:core:1.0'];
const ADA: ScimUser = {
  userName: 'ada',
  name: { familyName: 'Byron', givenName: 'Ada' },
  emails: [{ value: 'ada@example.test', primary: false }],
  active: true,
  verified: false,
  origin: 'ldap',
};
const SHOWN = {
  id: '3f1c',
  meta: { version: 4, created: '2026-03-01T10:00:00.000Z', lastModified: '2026-03-02T10:00:00.000Z' },
  ...ADA,
  groups: [{ value: 'g-1', display: 'uaa.user', type: 'DIRECT' }],
  approvals: [],
  zoneId: 'uaa',
  passwordLastModified: '2026-03-01T10:00:00.000Z',
  schemas: CORE,
};
const ETAG = { etag: '"4"' };
const ACCOUNT = { id: '3f1c', user: ADA };

const uaa = vendor('uaa', '');

test('a list under `resources` is read as one', async () => {
  uaa.answers({
    status: 200,
    body: { resources: [SHOWN], startIndex: 1, itemsPerPage: 100, totalResults: 1, schemas: CORE },
  });
  const [account, ...more] = await uaa.target().find({ by: 'userName', value: 'ADA' }, aCall());
  expect(account).toMatchObject({ id: '3f1c', user: { userName: 'ada' } });
  expect(more).toEqual([]);
  expect(uaa.lines()).toEqual(['GET /Users?filter=userName eq "ADA"']);
});

test('a PATCH carries the version, and says active and verified as they are', async () => {
  const renamed: ScimUser = { ...ADA, name: { familyName: 'Lovelace', givenName: 'Ada' } };
  const { verified: _verified, origin: _origin, ...wanted } = renamed;
  uaa.answers(
    { status: 200, body: SHOWN, headers: ETAG },
    { status: 200, body: { ...SHOWN, ...renamed, meta: { version: 5 } }, headers: { etag: '"5"' } },
  );
  const updated = await change(uaa.target(), ACCOUNT, ['name', 'familyName'], 'Lovelace', wanted as ScimUser);
  expect(updated).toMatchObject({ kind: 'written', account: { id: '3f1c', version: '"5"' } });
  expect(uaa.lines()).toEqual(['GET /Users/3f1c', 'PATCH /Users/3f1c']);
  expect(uaa.ifMatch()).toEqual([undefined, '"4"']);
  expect(uaa.bodies()[1]).toEqual({
    schemas: CORE,
    name: { familyName: 'Lovelace', givenName: 'Ada' },
    active: true,
    verified: false,
  });
});

test('a PUT, where PATCH is not taken, leaves out what only UAA sets', async () => {
  const renamed: ScimUser = { ...ADA, name: { familyName: 'Lovelace', givenName: 'Ada' } };
  uaa.answers(
    { status: 405 },
    { status: 200, body: SHOWN, headers: ETAG },
    { status: 200, body: { ...SHOWN, ...renamed }, headers: { etag: '"5"' } },
  );
  const account = { ...ACCOUNT, version: '"4"' };
  await change(uaa.target(), account, ['name', 'familyName'], 'Lovelace', renamed);
  expect(uaa.lines()).toEqual(['PATCH /Users/3f1c', 'GET /Users/3f1c', 'PUT /Users/3f1c']);
  expect(uaa.ifMatch()).toEqual(['"4"', undefined, '"4"']);
  expect(uaa.bodies()[2]).toEqual({ schemas: CORE, ...renamed });
});

test('a version that is not the newest any more is no refusal of the person', async () => {
  uaa.answers(
    {
      status: 409,
      body: { error: 'scim_resource_conflict', message: 'Attempt to update with wrong version' },
    },
    { status: 200, body: { ...SHOWN, meta: { version: 5 } }, headers: { etag: '"5"' } },
  );
  const off: ScimUser = { ...ADA, active: false };
  expect(await change(uaa.target(), { ...ACCOUNT, version: '"4"' }, ['active'], false, off)).toEqual({
    kind: 'changed',
  });
});

test('a taken userName is a conflict, in the words of UAA', async () => {
  uaa.answers({
    status: 409,
    body: { error: 'scim_resource_already_exists', message: 'Username already in use: ada', user_id: '3f1c' },
  });
  expect(await uaa.target().create(ADA, aCall())).toEqual({
    kind: 'conflict',
    status: 409,
    words: 'Username already in use: ada',
  });
});

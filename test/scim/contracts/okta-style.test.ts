/**
 * Okta's SCIM 1.1 reference, read from the application's side:
 * https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-11 (github.com/okta/okta-developer-docs).
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { change, vendor } from './vendor.ts';

const CORE = ['urn:scim:schemas:core:1.0'];
const TEXT_JSON = { 'content-type': 'text/json;charset=UTF-8' };
const ADA: ScimUser = {
  userName: 'ada.lovelace@example.test',
  externalId: 'hr-17',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  displayName: 'Ada Lovelace',
  locale: 'en_US',
  active: true,
  emails: [{ primary: true, value: 'ada.lovelace@example.test', type: 'work' }],
};
const SHOWN = {
  schemas: CORE,
  id: '48e0a2da',
  ...ADA,
  groups: [],
  meta: {
    created: '2026-03-01T10:00:00+00:00',
    lastModified: '2026-03-01T10:00:00+00:00',
    version: 'a7fc04c6',
  },
};

const okta = vendor('okta-style', '/scim/v1');

test('an empty list of the documented form is nobody', async () => {
  okta.answers({
    status: 200,
    body: { schemas: CORE, totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
  });
  expect(await okta.target().find({ by: 'userName', value: ADA.userName }, aCall())).toEqual([]);
  expect(okta.lines()).toEqual(['GET /scim/v1/Users?filter=userName eq "ada.lovelace@example.test"']);
});

test('a created user comes back with a version, and groups of its own', async () => {
  okta.answers({ status: 201, body: SHOWN, headers: TEXT_JSON });
  expect(await okta.target().create(ADA, aCall())).toEqual({
    kind: 'written',
    account: { id: '48e0a2da', user: { ...ADA, groups: [] }, version: expect.stringContaining('a7fc04c6') },
  });
});

test('a conflict whose code is a number is a conflict, in the words of the application', async () => {
  okta.answers({
    status: 409,
    body: { Errors: [{ description: 'User already exists in the database.', code: 409 }] },
  });
  expect(await okta.target().create(ADA, aCall())).toEqual({
    kind: 'conflict',
    status: 409,
    words: 'User already exists in the database.',
  });
});

test('a change is a PUT of what was read a moment before, without If-Match', async () => {
  const renamed: ScimUser = { ...ADA, displayName: 'Countess Lovelace' };
  okta.answers(
    { status: 200, body: SHOWN, headers: TEXT_JSON },
    { status: 200, body: { ...SHOWN, ...renamed }, headers: TEXT_JSON },
  );
  const account = { id: '48e0a2da', user: ADA, version: 'a7fc04c6' };
  const updated = await change(okta.target(), account, ['displayName'], renamed.displayName, renamed);
  expect(updated).toMatchObject({ kind: 'written', account: { user: { displayName: 'Countess Lovelace' } } });
  expect(okta.lines()).toEqual(['GET /scim/v1/Users/48e0a2da', 'PUT /scim/v1/Users/48e0a2da']);
  expect(okta.bodies()[1]).toEqual({ schemas: CORE, ...renamed });
  expect(okta.ifMatch()).toEqual([undefined, undefined]);
});

test('who leaves is switched off by the same PUT, and nobody is ever deleted', async () => {
  const off: ScimUser = { ...ADA, active: false };
  okta.answers({ status: 200, body: SHOWN }, { status: 200, body: { ...SHOWN, active: false } });
  const updated = await change(okta.target(), { id: '48e0a2da', user: ADA }, ['active'], false, off);
  expect(updated).toMatchObject({ kind: 'written', account: { user: { active: false } } });
  expect(okta.bodies()[1]).toMatchObject({ active: false });
});

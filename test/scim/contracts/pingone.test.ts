/**
 * PingOne Directory's SCIM 1.1 developer guide, which no profile is made for (the service gave up 1.1): a library user
 * changes two fields of the generic profile. https://docs.pingidentity.com/developer-resources/scim_11_developer_guide/create-resource.html
 */
import { expect, test } from 'vitest';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { vendor } from './vendor.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const PINGONE = 'urn:scim:schemas:com_pingone:1.0';
const BASE = '/api/directory';
const ADA: ScimUser = {
  userName: 'ada',
  active: true,
  name: { familyName: 'Lovelace', givenName: 'Ada' },
  emails: [{ type: 'work', value: 'ada@example.test' }],
};

const pingOne = vendor('generic', BASE, { usersPath: '/user', created: [200] });

test('a create that is answered with 200 made the user, whose location names another path', async () => {
  const own = { createTimeStamp: 1_772_359_200_000, directoryId: '90b3dfe3', state: 'ACTIVE' };
  pingOne.answers({
    status: 200,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: {
      id: 'a7d67610',
      schemas: [CORE, PINGONE],
      [PINGONE]: own,
      ...ADA,
      meta: { location: 'https://directory-api.example/v1/user/a7d67610' },
    },
  });
  expect(await pingOne.target().create(ADA, aCall())).toEqual({
    kind: 'written',
    account: { id: 'a7d67610', user: { ...ADA, [PINGONE]: own } },
  });
  expect(pingOne.lines()).toEqual([`POST ${BASE}/user`]);
  expect(pingOne.bodies()).toEqual([{ schemas: [CORE], ...ADA }]);
});

test('reads and searches go to the singular path as well', async () => {
  pingOne.answers({ status: 404, body: { Errors: [{ description: 'Not found', code: '404' }] } });
  expect(await pingOne.target().find({ by: 'id', value: 'a7d67610' }, aCall())).toEqual([]);
  expect(pingOne.lines()).toEqual([`GET ${BASE}/user/a7d67610`]);
});

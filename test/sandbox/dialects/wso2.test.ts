/**
 * WSO2 Identity Server's habits, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { search } from '../scim-request.ts';
import { CORE, inDialect } from './in-dialect.ts';

const server = inDialect('wso2');
const { ask, created, read, patch } = server;

test('a list shows stubs, and not where it begins', async () => {
  const id = await created();
  const { body } = await ask('GET', search('userName eq "ana"'));
  const zoneless = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  const location = `${server.sandbox.origin}/wso2/scim/Users/${id}`;
  expect(body).toEqual({
    schemas: [CORE],
    totalResults: 1,
    Resources: [{ id, userName: 'ana', meta: { lastModified: zoneless, created: zoneless, location } }],
  });
});

test('primary is forgotten, the rest is kept; PATCH merges a name', async () => {
  const id = await created();
  expect((await read(id))['emails']).toEqual([{ value: 'ana@corp.test', type: 'work' }]);
  const { body } = await patch(id, { name: { familyName: 'Doe' }, meta: { attributes: ['title'] } });
  expect(body).toMatchObject({ name: { givenName: 'Ana', familyName: 'Doe' } });
  expect(body).not.toHaveProperty('title');
});

test('of filters only eq is understood, one at a time', async () => {
  await created();
  expect((await ask('GET', search('userName Eq "ana"'))).body['totalResults']).toBe(1);
  for (const filter of ['userName sw "a"', 'title pr', 'userName eq "ana" and title eq "x"'])
    expect((await ask('GET', search(filter))).status).toBe(400);
});

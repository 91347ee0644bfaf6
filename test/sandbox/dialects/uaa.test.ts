/**
 * Cloud Foundry UAA's habits, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { ANA, as, CORE, inDialect, statusAndBody } from './in-dialect.ts';

const server = inDialect('uaa');
const { ask, patch } = server;
const UAA_ANA = { ...ANA, phoneNumbers: [{ value: '1' }, { value: '2' }] };
const uaaCreated = async () => String((await ask('POST', '/Users', UAA_ANA)).body['id']);

test('a create keeps a name, one e-mail and one number, and forgets the rest', async () => {
  const { status, headers, body } = await ask('POST', '/Users', UAA_ANA);
  expect(server.sandbox.baseUrl).toBe(server.sandbox.origin);
  expect([status, headers.get('etag')]).toEqual([201, '"0"']);
  expect(body).toEqual({
    schemas: [CORE],
    id: body['id'],
    userName: 'ana',
    externalId: 'hr-17',
    origin: 'uaa',
    active: true,
    verified: true,
    name: { givenName: 'Ana', familyName: 'Roe' },
    emails: [{ value: 'ana@corp.test', primary: true }],
    phoneNumbers: [{ value: '1' }],
    meta: { version: 0, created: expect.any(String), lastModified: expect.any(String) },
  });
});

test('only a bearer token opens it', async () => {
  const basic = Buffer.from(`${server.sandbox.user}:${server.sandbox.password}`).toString('base64');
  const { status, headers, body } = await ask('GET', '/Users', undefined, {
    Authorization: `Basic ${basic}`,
  });
  expect([status, body['error']]).toEqual([401, 'invalid_token']);
  expect(headers.get('www-authenticate')).toBe('Bearer realm="scim", error="invalid_token"');
});

test('PUT and PATCH without If-Match are 400, DELETE is not', async () => {
  const id = await uaaCreated();
  for (const method of ['PUT', 'PATCH']) {
    const message = `Missing If-Match for ${method}`;
    expect(statusAndBody(await ask(method, `/Users/${id}`, UAA_ANA))).toEqual([
      400,
      { error: 'invalid_scim_resource', message, error_description: message },
    ]);
  }
  const gone = await ask('DELETE', `/Users/${id}`);
  expect([gone.status, gone.body['id']]).toEqual([200, id]);
});

test.each([
  ['"0"', 200],
  ['0', 200],
  ['*', 200],
  ['"1"', 409],
  ['abc', 400],
])('If-Match %s against version 0 is %i', async (ifMatch, status) => {
  const id = await uaaCreated();
  const answer = await patch(id, { active: true }, ifMatch);
  expect(answer.status).toBe(status);
  if (status === 200) expect(answer.headers.get('etag')).toBe('"1"');
  if (status === 409) expect(answer.body['error']).toBe('scim_resource_conflict');
});

test('a PATCH that leaves active out reactivates', async () => {
  const id = await uaaCreated();
  expect((await patch(id, { active: false }, '*')).body).toMatchObject({ active: false, verified: true });
  const { body } = await patch(id, { name: { familyName: 'Doe' } }, '*');
  expect(body).toMatchObject({ active: true, name: { givenName: 'Ana', familyName: 'Doe' } });
});

test('a PATCH of an e-mail takes effect only where it is primary, or the old one is removed as well', async () => {
  const id = await uaaCreated();
  await ask('PUT', `/Users/${id}`, { ...UAA_ANA, emails: [{ value: 'old@corp.test' }] }, as('*'));
  const emails = async (body: object) => (await patch(id, body, '*')).body['emails'];
  expect(await emails({ emails: [{ value: 'new@corp.test' }] })).toEqual([
    { value: 'old@corp.test', primary: true },
  ]);
  expect(await emails({ emails: [{ value: 'new@corp.test', primary: true }] })).toEqual([
    { value: 'new@corp.test', primary: true },
  ]);
  const replaced = { meta: { attributes: ['emails'] }, emails: [{ value: 'last@corp.test' }] };
  expect(await emails(replaced)).toEqual([{ value: 'last@corp.test' }]);
});

test('a PATCH leaves externalId as it is, and puts a number before the old one', async () => {
  const id = await uaaCreated();
  const { body } = await patch(id, { externalId: 'hr-18', phoneNumbers: [{ value: '9' }] }, '*');
  expect(body).toMatchObject({ externalId: 'hr-17', phoneNumbers: [{ value: '9' }] });
});

test('meta.attributes removes only what it knows', async () => {
  const id = await uaaCreated();
  const remove = (name: string) => patch(id, { meta: { attributes: [name] } }, '*');
  expect((await remove('PhoneNumbers')).body).not.toHaveProperty('phoneNumbers');
  const refused = await remove('externalId');
  expect([refused.status, refused.body['message']]).toEqual([
    400,
    'Attribute externalId cannot be removed using "Meta.attributes"',
  ]);
  expect((await remove('emails')).status).toBe(400);
  expect((await remove('userName')).status).toBe(400);
});

test('exactly one e-mail address must be given', async () => {
  const without = await ask('POST', '/Users', { userName: 'bob' });
  const two = { userName: 'bob', emails: [{ value: 'a@corp.test' }, { value: 'b@corp.test' }] };
  expect([without.status, (await ask('POST', '/Users', two)).status]).toEqual([400, 400]);
});

test('a duplicate is 409 by its own name', async () => {
  await uaaCreated();
  const again = await ask('POST', '/Users', UAA_ANA);
  expect([again.status, again.body['error']]).toEqual([409, 'scim_resource_already_exists']);
});

test('lists are in `resources`, with the size of the page, and startIndex 0 means 1', async () => {
  const id = await uaaCreated();
  const { body } = await ask('GET', '/Users?startIndex=0');
  expect(body).toMatchObject({ totalResults: 1, itemsPerPage: 100, startIndex: 1, resources: [{ id }] });
});

test('there is no discovery and no method override', async () => {
  for (const path of ['/ServiceProviderConfigs', '/Schemas', '/Bulk'])
    expect((await ask('GET', path)).status).toBe(404);
  const id = await uaaCreated();
  const override = { 'X-HTTP-Method-Override': 'DELETE' };
  expect((await ask('POST', `/Users/${id}`, {}, override)).status).toBe(405);
});

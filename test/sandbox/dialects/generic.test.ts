/**
 * SCIM 1.1 by the letter, as a client meets it over HTTP.
 */
import { expect, test } from 'vitest';
import { search } from '../scim-request.ts';
import { ANA, as, CORE, ENTERPRISE, inDialect, statusAndBody } from './in-dialect.ts';

const server = inDialect('generic');
const { ask, created, read, patch } = server;

test('a create answers 201 with schemas, Location, a weak ETag and all of meta', async () => {
  const sent = { ...ANA, [ENTERPRISE]: { department: 'Maths' } };
  const { status, headers, body } = await ask('POST', '/Users', sent);
  const { id, meta } = body;
  const location = `${server.sandbox.baseUrl}/Users/${id}`;
  const version = headers.get('etag');
  expect(server.sandbox.baseUrl).toMatch(/\/scim\/v1$/);
  expect(version).toMatch(/^W\/"[0-9a-f]{16}"$/);
  expect([status, headers.get('location'), headers.get('content-type')]).toEqual([
    201,
    location,
    'application/json',
  ]);
  const now = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(meta).toEqual({ created: now, lastModified: now, location, version });
  expect(body).toEqual({ ...sent, schemas: [CORE, ENTERPRISE], id, active: true, meta });
});

test('no leankit extension is made up, and an attribute that nobody knows is kept', async () => {
  const id = await created({ 'urn:example:1.0': { shoe: 42 }, hat: 'blue' });
  expect(Object.keys(await read(id))).not.toContain('urn:scim:schemas:extension:leankit:user:1.0');
  expect(await read(id)).toMatchObject({ 'urn:example:1.0': { shoe: 42 }, hat: 'blue' });
});

test('each change makes a new version; a stale If-Match is 412 and changes nothing', async () => {
  const id = await created();
  const first = (await ask('GET', `/Users/${id}`)).headers.get('etag') ?? '';
  const changed = await patch(id, { title: 'Lead' }, first);
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(first);
  for (const [method, body] of [
    ['PATCH', { title: 'x' }],
    ['PUT', ANA],
    ['DELETE', undefined],
  ] as const) {
    const stale = await ask(method, `/Users/${id}`, body, as(first));
    expect(stale.body).toEqual({
      Errors: [{ description: 'The resource has been changed since that version.', code: '412' }],
    });
  }
  expect((await read(id))['title']).toBe('Lead');
  expect((await patch(id, { title: 'any' }, '*')).status).toBe(200);
  expect((await patch(id, { title: 'none' })).status).toBe(200);
});

test('the journal shows If-Match', async () => {
  const id = await created();
  await patch(id, { title: 'x' }, '*');
  expect((await server.sandbox.journal()).map(({ ifMatch }) => ifMatch)).toEqual([null, '*']);
});

test('every operator is understood, with a colon after the URN', async () => {
  await created({ [ENTERPRISE]: { department: 'Maths' } });
  const filter = `${ENTERPRISE}:department eq "maths" and (userName sw "a" or title pr)`;
  expect((await ask('GET', search(filter))).body['totalResults']).toBe(1);
});

test('a list says how many it returned, 100 at most', async () => {
  await server.sandbox.seedAll(Array.from({ length: 130 }, (_, index) => ({ userName: `user${index}` })));
  const { body } = await ask('GET', '/Users?count=500&startIndex=101');
  expect(body).toMatchObject({ schemas: [CORE], totalResults: 130, itemsPerPage: 30, startIndex: 101 });
});

test('DELETE answers 200, and 404 from then on', async () => {
  const id = await created();
  expect(statusAndBody(await ask('DELETE', `/Users/${id}`))).toEqual([200, { text: '' }]);
  expect((await ask('GET', `/Users/${id}`)).status).toBe(404);
});

test('it says what it can do: PATCH, ETags, no bulk; and describes User and Group', async () => {
  const { body } = await ask('GET', '/ServiceProviderConfigs');
  expect(body).toMatchObject({
    patch: { supported: true },
    etag: { supported: true },
    bulk: { supported: false },
    filter: { supported: true, maxResults: 100 },
  });
  const schemas = (await ask('GET', '/Schemas')).body;
  expect(schemas).toMatchObject({ totalResults: 2, Resources: [{ name: 'User' }, { name: 'Group' }] });
  expect(JSON.stringify(schemas)).toContain(`"schema":"${ENTERPRISE}"`);
  expect((await ask('POST', '/Bulk', { Operations: [] })).status).toBe(404);
});

test('JSON can go by another name', async () => {
  await server.sandbox.fault({ kind: 'content-type' });
  const { status, headers, body } = await ask('POST', '/Users', ANA);
  expect([status, headers.get('content-type')]).toEqual([201, 'application/scim+json']);
  expect(body['userName']).toBe('ana');
});

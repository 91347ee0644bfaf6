/**
 * The habits of a gateway that knows list elements by their type, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { ANA, CORE, inDialect, statusAndBody } from './in-dialect.ts';

const server = inDialect('gateway-style');
const { ask, created, read, patch } = server;
const WORK = { value: 'ana@corp.test', type: 'work', primary: true };
const HOME = { value: 'ana@home.test', type: 'home' };

test('the id is the name that the account was made with, and stays it', async () => {
  expect(await created()).toBe('ana');
  expect((await patch('ana', { userName: 'anna' })).body).toMatchObject({ id: 'ana', userName: 'anna' });
  const again = await ask('POST', '/Users', ANA);
  expect(statusAndBody(again)).toEqual([
    409,
    { Errors: [{ description: 'id is taken by another user.', code: '409' }] },
  ]);
});

test('an id that is an address is found by its encoding, which Location has', async () => {
  const { headers } = await ask('POST', '/Users', { ...ANA, userName: 'ana@corp.test' });
  expect(headers.get('location')).toBe(`${server.sandbox.baseUrl}/Users/ana%40corp.test`);
  expect(await read('ana%40corp.test')).toMatchObject({ id: 'ana@corp.test' });
});

test('names are told apart by case where one is made, and not where one is looked for', async () => {
  await created();
  expect(await created({ userName: 'ANA' })).toBe('ANA');
  const { body } = await ask('GET', `/Users?filter=${encodeURIComponent('userName eq "Ana"')}`);
  expect(body['totalResults']).toBe(2);
});

test('a list that is named and sent keeps its elements of other types', async () => {
  const id = await created({ emails: [WORK, HOME] });
  const named = { meta: { attributes: ['emails'] } };
  const { body } = await patch(id, { ...named, emails: [{ value: 'new@corp.test', type: 'work' }] });
  expect(body['emails']).toEqual([{ value: 'new@corp.test', type: 'work', primary: true }, HOME]);
  expect((await patch(id, named)).body).not.toHaveProperty('emails');
});

test('an element is deleted by its type, unless another of that type is sent', async () => {
  const id = await created({ emails: [WORK, HOME] });
  const gone = { ...HOME, operation: 'delete' };
  const next = { value: 'next@home.test', type: 'home' };
  expect((await patch(id, { emails: [gone, next] })).body['emails']).toEqual([WORK, next]);
  expect((await patch(id, { emails: [gone] })).body['emails']).toEqual([WORK]);
});

test('roles that are named go, though some are sent', async () => {
  const id = await created({ roles: [{ value: 'a' }, { value: 'b' }] });
  const both = { meta: { attributes: ['roles'] }, roles: [{ value: 'b' }] };
  expect((await patch(id, both)).body).not.toHaveProperty('roles');
  expect((await patch(id, { roles: [{ value: 'b' }] })).body['roles']).toEqual([{ value: 'b' }]);
  expect((await patch(id, { roles: [{ value: 'b', operation: 'delete' }] })).body['roles']).toEqual([]);
});

test('two elements of one type are an internal error', async () => {
  const emails = [WORK, { ...HOME, type: 'work' }];
  expect((await ask('POST', '/Users', { ...ANA, emails })).status).toBe(500);
  const id = await created();
  expect((await patch(id, { emails })).status).toBe(500);
  expect((await read(id))['emails']).toEqual(ANA.emails);
});

test('so are a PATCH and a DELETE of nobody, and a filter that is not taken; a read of nobody is 404', async () => {
  const asked = [
    ['PATCH', '/Users/nobody', { schemas: [CORE], title: 'x' }],
    ['DELETE', '/Users/nobody'],
    ['PATCH', '/Groups/nobody', { schemas: [CORE], displayName: 'x' }],
    ['GET', `/Users?filter=${encodeURIComponent('userName eq "a" and active eq true')}`],
    ['GET', '/Users/nobody'],
  ] as const;
  const codes = [];
  for (const [method, path, body] of asked) {
    const answer = await ask(method, path, body);
    codes.push([answer.status, (answer.body as { Errors: { code: unknown }[] }).Errors[0]?.code]);
  }
  expect(codes).toEqual([
    [500, 500],
    [500, 500],
    [500, 500],
    [500, 500],
    [404, 404],
  ]);
});

test('versions are shown in the body alone, and not heeded', async () => {
  const { headers, body } = await ask('POST', '/Users', ANA);
  expect(headers.get('etag')).toBeNull();
  expect(headers.get('content-type')).toBe('application/scim+json');
  expect(body['meta']).toHaveProperty('version');
  expect((await patch('ana', { title: 'x' }, 'W/"0"')).status).toBe(200);
});

/**
 * The habits of an application written for Okta, as a client meets them over HTTP.
 */
import { expect, test } from 'vitest';
import { search } from '../scim-request.ts';
import { ANA, CORE, inDialect, statusAndBody } from './in-dialect.ts';

const server = inDialect('okta-style');
const { ask, created, patch } = server;

test('a create answers 200 as text/json, with a version that is no ETag', async () => {
  const { status, headers, body } = await ask('POST', '/Users', ANA);
  expect([status, headers.get('content-type'), headers.get('etag')]).toEqual([
    200,
    'text/json;charset=UTF-8',
    null,
  ]);
  const offset = expect.stringMatching(/\+00:00$/);
  const version = expect.stringMatching(/^[0-9a-f]{16}$/);
  expect(body['meta']).toEqual({ created: offset, lastModified: offset, version });
});

test('PATCH is for active and the password; anything else is 501', async () => {
  const id = await created();
  const sent = { schemas: [CORE], id, active: false, password: 'x' };
  expect((await patch(id, sent)).body['active']).toBe(false);
  const refused = await patch(id, { title: 'Lead' });
  expect(statusAndBody(refused)).toEqual([
    501,
    {
      Errors: [{ description: 'PATCH changes active and password only; send the rest with PUT.', code: 501 }],
    },
  ]);
  const put = await ask('PUT', `/Users/${id}`, { ...ANA, title: 'Lead' });
  expect(put.body).toMatchObject({ title: 'Lead', active: true });
});

test('a duplicate is 409 with a number for its code', async () => {
  await created();
  expect(statusAndBody(await ask('POST', '/Users', ANA))).toEqual([
    409,
    { Errors: [{ description: 'userName is taken by another user.', code: 409 }] },
  ]);
});

test('of filters only eq is understood, one at a time', async () => {
  await created();
  expect((await ask('GET', search('userName Eq "ana"'))).body['totalResults']).toBe(1);
  for (const filter of ['userName sw "a"', 'title pr', 'userName eq "ana" and title eq "x"'])
    expect((await ask('GET', search(filter))).status).toBe(400);
});

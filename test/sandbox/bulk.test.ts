/**
 * Bulk requests over HTTP.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask } from './scim-request.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ dialect: 'generic', bulk: 4 });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const bulk = (operations: readonly object[], more: object = {}) =>
  ask(sandbox, 'POST', '/Bulk', { schemas: ['urn:scim:schemas:core:1.0'], ...more, Operations: operations });
const create = (bulkId: string, userName = bulkId) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { userName },
});
const groupOf = (bulkId: string, ...members: readonly string[]) => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { displayName: bulkId, members: members.map((member) => ({ value: `bulkId:${member}` })) },
});
async function results(operations: readonly object[], more: object = {}): Promise<readonly JsonObject[]> {
  const { status, body } = await bulk(operations, more);
  expect([status, body['schemas']]).toEqual([200, ['urn:scim:schemas:core:1.0']]);
  const done = body['Operations'];
  if (!Array.isArray(done)) throw new Error('no operations');
  return done;
}

test('each operation is answered with its status, place and version', async () => {
  const { id } = await sandbox.seed({ userName: 'bob', title: 'x' });
  const [made, changed] = await results([
    create('ana'),
    { method: 'PATCH', path: `/Users/${id}`, data: { title: 'y' } },
  ]);
  expect(made).toEqual({
    method: 'POST',
    bulkId: 'ana',
    location: expect.stringMatching(new RegExp(`^${sandbox.baseUrl}/Users/\\d{20}$`)),
    version: expect.stringMatching(/^W\//),
    status: { code: '201' },
  });
  expect(changed).toMatchObject({
    method: 'PATCH',
    location: `${sandbox.baseUrl}/Users/${id}`,
    status: { code: '200' },
  });
  expect((await sandbox.account('bob'))?.user['title']).toBe('y');
});

test('a bulkId is as good as an id, also before what it refers to is made', async () => {
  const rows = await results([groupOf('maths', 'ana', 'bob'), create('ana'), create('bob')]);
  expect(rows.map(({ bulkId, status }) => [bulkId, status])).toEqual([
    ['ana', { code: '201' }],
    ['bob', { code: '201' }],
    ['maths', { code: '201' }],
  ]);
  const { body } = await ask(sandbox, 'GET', '/Groups');
  const members = (await sandbox.accounts()).map(({ id }) => ({ value: id }));
  expect(body['Resources']).toMatchObject([{ members }]);
});

test('a bulkId may stand in a path', async () => {
  const rows = await results([
    { method: 'PATCH', path: '/Users/bulkId:ana', data: { title: 'Lead' } },
    create('ana'),
  ]);
  expect(rows.map(({ status }) => status)).toEqual([{ code: '201' }, { code: '200' }]);
  expect((await sandbox.account('ana'))?.user['title']).toBe('Lead');
});

test('it is 200 although everything failed, and each operation says why', async () => {
  await sandbox.seed({ userName: 'ana' });
  const rows = await results([
    create('ana'),
    { method: 'DELETE', path: '/Users/1' },
    { method: 'POST', path: '/Users', data: { userName: 'bob' } },
    { method: 'POST', path: '/Bulk', bulkId: 'x', data: {} },
  ]);
  expect(rows).toEqual([
    {
      method: 'POST',
      bulkId: 'ana',
      status: { code: '409', description: 'userName is taken by another user.' },
    },
    { method: 'DELETE', status: { code: '404', description: 'There is no user with this id.' } },
    { method: 'POST', status: { code: '400', description: 'bulkId is required with POST.' } },
    { method: 'POST', bulkId: 'x', status: { code: '404', description: 'There is no such endpoint.' } },
  ]);
});

test('what refers to something that failed, or to each other, is 409', async () => {
  await sandbox.seed({ userName: 'ana' });
  const rows = await results([groupOf('maths', 'ana'), create('ana'), groupOf('a', 'b'), groupOf('b', 'a')]);
  expect(rows.map(({ bulkId, status }) => [bulkId, (status as JsonObject)['code']])).toEqual([
    ['ana', '409'],
    ['maths', '409'],
    ['a', '409'],
    ['b', '409'],
  ]);
});

test('after failOnErrors errors nothing more is done', async () => {
  await sandbox.seed({ userName: 'ana' });
  const rows = await results([create('ana'), create('x', 'Ana'), create('bob')], { failOnErrors: 2 });
  expect(rows.map(({ bulkId }) => bulkId)).toEqual(['ana', 'x']);
  expect(await sandbox.accounts()).toHaveLength(1);
});

test('a version that is old is 412', async () => {
  const { id } = await sandbox.seed({ userName: 'ana' });
  const [row] = await results([{ method: 'DELETE', path: `/Users/${id}`, version: 'W/"0"' }]);
  expect(row?.['status']).toMatchObject({ code: '412' });
});

describe('limits', () => {
  test('too many operations are 413, which names the limit, and nothing is done', async () => {
    const { status, body } = await bulk(['a', 'b', 'c', 'd', 'e'].map((name) => create(name)));
    expect([status, body['Errors']]).toEqual([
      413,
      [{ description: 'There are more operations than maxOperations (4).', code: '413' }],
    ]);
    expect(await sandbox.accounts()).toEqual([]);
  });

  test('a body that is too large is 413, which names the limit', async () => {
    const { status, body } = await bulk([create('ana', 'x'.repeat(1_000_000))]);
    expect([status, body['Errors']]).toEqual([
      413,
      [{ description: 'The request is larger than maxPayloadSize (1000000).', code: '413' }],
    ]);
  });

  test('they stand in the configuration', async () => {
    const { body } = await ask(sandbox, 'GET', '/ServiceProviderConfigs');
    expect(body['bulk']).toEqual({ supported: true, maxOperations: 4, maxPayloadSize: 1_000_000 });
  });
});

test.each([
  ['no list', {}],
  ['no method', { Operations: [{ path: '/Users' }] }],
  ['a method that changes nothing', { Operations: [{ method: 'GET', path: '/Users' }] }],
  ['failOnErrors 0', { failOnErrors: 0, Operations: [] }],
])('%s is 400', async (_what, sent) => {
  expect((await ask(sandbox, 'POST', '/Bulk', sent)).status).toBe(400);
});

/**
 * The sandbox's users over HTTP, against the AgilePlace habits that are documented.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, refusal, search, userNames } from './scim-request.ts';

const URN = 'urn:scim:schemas:extension:leankit:user:1.0';
const DEFAULTS = { licenseType: 'full', administrator: false, boardCreator: false, dateFormat: 'mm/dd/yyyy' };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

async function create(userName: string, more: object = {}): Promise<string> {
  const answer = await ask(sandbox, 'POST', '/Users', { userName, ...more });
  expect(answer.status).toBe(201);
  return String(answer.body['id']);
}

describe('creating', () => {
  test('a new user comes back with 201, Location, id, meta and the defaults', async () => {
    const sent = {
      externalId: 'hr-17',
      userName: 'ana@corp.test',
      name: { givenName: 'Ana', familyName: 'Roe' },
    };
    const { status, headers, body } = await ask(sandbox, 'POST', '/Users', { ...sent, password: 'secret' });
    const id = String(body['id']);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${sandbox.baseUrl}/users/${id}`);
    expect(body).toEqual({
      ...sent,
      name: { ...sent.name, formatted: 'Ana Roe' },
      id,
      active: true,
      [URN]: DEFAULTS,
      meta: {
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        location: `${sandbox.baseUrl}/users/${id}`,
      },
    });
  });

  test('an id is decimal text that no number can hold', async () => {
    const id = await create('ana@corp.test');
    expect(id).toMatch(/^\d{20}$/);
    expect(String(Number(id))).not.toBe(id);
  });

  test('O-11 · a userName that differs in case only is taken: 409 that names the attribute', async () => {
    await create('ana@corp.test');
    const { status, body } = await ask(sandbox, 'POST', '/Users', { userName: 'ANA@corp.test' });
    expect([status, body]).toEqual([409, refusal(409, 'userName is taken by another user.')]);
  });

  test('the name of a deleted user is free again', async () => {
    const id = await create('ana@corp.test');
    await ask(sandbox, 'DELETE', `/Users/${id}`);
    expect(await create('ana@corp.test')).not.toBe(id);
  });

  test.each([
    ['no userName', {}, 'userName: Invalid input: expected string, received undefined'],
    ['an empty userName', { userName: ' ' }, 'userName: must not be empty'],
    [
      'active as text',
      { userName: 'a', active: 'true' },
      'active: Invalid input: expected boolean, received string',
    ],
    ['a list', [], 'The body must be a JSON object that holds a user.'],
    ['null', 'null', 'The body must be a JSON object that holds a user.'],
    ['no JSON', '{', 'The body is not JSON.'],
    ['O-26 e · deep JSON', '['.repeat(10_000) + ']'.repeat(10_000), 'The body is nested too deeply.'],
  ])('%s is refused with 400', async (_what, sent, words) => {
    const { status, body } = await ask(sandbox, 'POST', '/Users', sent);
    expect([status, body]).toEqual([400, refusal(400, words)]);
  });

  test('O-26 b · a __proto__ key changes nobody', async () => {
    await ask(sandbox, 'POST', '/Users', '{"userName":"eve@corp.test","__proto__":{"active":false}}');
    const { body } = await ask(sandbox, 'POST', '/Users', { userName: 'ana@corp.test' });
    expect(body['active']).toBe(true);
    expect((await sandbox.account('eve@corp.test'))?.user).toEqual({
      userName: 'eve@corp.test',
      active: true,
      [URN]: DEFAULTS,
    });
  });

  test('O-26 d · a body over 1 MiB is refused with 413 and the server lives on', async () => {
    const { status } = await ask(sandbox, 'POST', '/Users', {
      userName: 'a',
      title: 'x'.repeat(1024 * 1024),
    });
    expect(status).toBe(413);
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
  });
});

describe('reading, replacing, deleting', () => {
  test('O-12 · what is not there is 404, for every verb', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const { status, body } = await ask(
        sandbox,
        method,
        '/Users/1',
        method === 'GET' ? undefined : { userName: 'a' },
      );
      expect([method, status, body]).toEqual([method, 404, refusal(404, 'There is no user with this id.')]);
    }
  });

  test('the path ignores case', async () => {
    const id = await create('ana@corp.test');
    expect((await ask(sandbox, 'GET', `/users/${id}`)).status).toBe(200);
    expect((await ask(sandbox, 'GET', `/io/SCIM/v1/USERS/${id}`)).status).toBe(200);
  });

  test('PUT overwrites all, back to the defaults, but keeps the password and lastAccess', async () => {
    const id = await create('ana@corp.test', {
      password: 'secret',
      title: 'Analyst',
      [URN]: { administrator: true },
    });
    await sandbox.change(id, { [URN]: { lastAccess: '2026-02-01T00:00:00Z' } });
    const { status, body } = await ask(sandbox, 'PUT', `/Users/${id}`, {
      userName: 'ana@corp.test',
      active: false,
    });
    const kept = {
      userName: 'ana@corp.test',
      active: false,
      [URN]: { ...DEFAULTS, lastAccess: '2026-02-01T00:00:00Z' },
    };
    expect([status, body]).toEqual([200, { id, ...kept, meta: body['meta'] }]);
    expect(await sandbox.account('ana@corp.test')).toMatchObject({ hasPassword: true, user: kept });
  });

  test('echoing a GET back changes nothing: what is read-only is ignored', async () => {
    const id = await create('ana@corp.test', { name: { givenName: 'Ana' } });
    const { body: before } = await ask(sandbox, 'GET', `/Users/${id}`);
    const echoed = { ...before, id: '1', meta: { created: '1999-01-01T00:00:00Z' } };
    expect((await ask(sandbox, 'PUT', `/Users/${id}`, echoed)).body).toEqual(before);
  });

  test('a name that another user has is refused with 409 by PUT and by PATCH, and nothing changes', async () => {
    await create('ana@corp.test');
    const id = await create('bob@corp.test');
    for (const method of ['PUT', 'PATCH']) {
      expect((await ask(sandbox, method, `/Users/${id}`, { userName: 'Ana@corp.test' })).status).toBe(409);
    }
    expect((await ask(sandbox, 'PATCH', `/Users/${id}`, { userName: 'BOB@corp.test' })).status).toBe(200);
  });

  test('DELETE answers 204 without a body, and 404 from then on', async () => {
    const id = await create('ana@corp.test');
    const { status, body } = await ask(sandbox, 'DELETE', `/Users/${id}`);
    expect([status, body]).toEqual([204, { text: '' }]);
    expect((await ask(sandbox, 'GET', `/Users/${id}`)).status).toBe(404);
  });

  test('POST with X-HTTP-Method-Override does as PUT, PATCH and DELETE', async () => {
    const id = await create('ana@corp.test', { title: 'Analyst' });
    const post = (method: string, body?: object) =>
      ask(sandbox, 'POST', `/Users/${id}`, body, { 'X-HTTP-Method-Override': method });
    expect((await post('PATCH', { active: false })).body).toMatchObject({ active: false, title: 'Analyst' });
    expect((await post('PUT', { userName: 'ana@corp.test' })).body).not.toHaveProperty('title');
    expect((await post('TRACE', {})).status).toBe(400);
    expect((await post('DELETE')).status).toBe(204);
  });

  test('it denies the PATCH it has, as the real one is reported to', async () => {
    const { status, body } = await ask(sandbox, 'GET', '/ServiceProviderConfigs');
    expect(status).toBe(200);
    expect(body).toMatchObject({ patch: { supported: false }, filter: { supported: true, maxResults: 200 } });
  });

  test('other paths and other verbs are refused in SCIM words', async () => {
    expect((await ask(sandbox, 'GET', '/Groups')).body).toEqual(refusal(404, 'There is no such endpoint.'));
    expect((await ask(sandbox, 'PUT', '/Users', {})).status).toBe(405);
  });
});

describe('paging', () => {
  beforeEach(async () => {
    const number = (index: number) => String(index + 1).padStart(3, '0');
    await sandbox.seedAll(
      Array.from({ length: 250 }, (_, index) => ({ userName: `user${number(index)}@corp.test` })),
    );
  });

  test.each([
    ['', 1, 50, 50, 'user001@corp.test'],
    ['?startIndex=0', 1, 50, 50, 'user001@corp.test'],
    ['?startIndex=51', 51, 50, 50, 'user051@corp.test'],
    ['?count=1000', 1, 200, 200, 'user001@corp.test'],
    ['?startIndex=201&count=200', 201, 200, 50, 'user201@corp.test'],
    ['?startIndex=251', 251, 50, 0, undefined],
    ['?count=0', 1, 0, 0, undefined],
  ])(
    '%s gives the page of that size from that user on',
    async (query, startIndex, itemsPerPage, returned, first) => {
      const answer = await ask(sandbox, 'GET', `/Users${query}`);
      expect(answer.body).toMatchObject({
        schemas: ['urn:scim:schemas:core:1.0', URN],
        totalResults: 250,
        itemsPerPage,
        startIndex,
      });
      expect(userNames(answer)).toHaveLength(returned);
      expect(userNames(answer)[0]).toBe(first);
    },
  );

  test('totalResults counts what the filter lets through', async () => {
    const answer = await ask(sandbox, 'GET', `${search('userName sw "user00"')}&count=2`);
    expect(answer.body['totalResults']).toBe(9);
    expect(userNames(answer)).toEqual(['user001@corp.test', 'user002@corp.test']);
  });

  test('a startIndex that is no number is refused', async () => {
    const { status, body } = await ask(sandbox, 'GET', '/Users?startIndex=x');
    expect([status, body]).toEqual([400, refusal(400, 'startIndex must be a whole number.')]);
  });
});

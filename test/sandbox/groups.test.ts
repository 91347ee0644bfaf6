/**
 * Groups over HTTP: what every dialect that has them does alike, and what some do otherwise.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask } from './scim-request.ts';

const CORE = 'urn:scim:schemas:core:1.0';
let sandbox: Sandbox;

function each(dialect: string): void {
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect });
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.reset());
}

const user = async (userName: string) =>
  (await sandbox.seed({ userName, emails: [{ value: `${userName}@corp.test` }] })).id;
const group = async (displayName: string, ...members: readonly string[]): Promise<JsonObject> => {
  const sent = { schemas: [CORE], displayName, members: members.map((value) => ({ value })) };
  const { status, body } = await ask(sandbox, 'POST', '/Groups', sent);
  expect(status).toBe(201);
  return body;
};
const path = ({ id }: JsonObject) => `/Groups/${id}`;
const membersOf = ({ members }: JsonObject) =>
  Array.isArray(members) ? members.map((member: JsonObject) => member['value']) : members;
const patch = async (made: JsonObject, body: object, headers: Record<string, string> = {}) =>
  (await ask(sandbox, 'PATCH', path(made), { schemas: [CORE], ...body }, headers)).body;

describe('generic', () => {
  each('generic');

  test('a group shows its members by name and type, and a user their groups', async () => {
    const ana = await user('ana');
    const inner = await group('Inner');
    const made = await group('Maths', ana, String(inner['id']));
    expect(made).toEqual({
      schemas: [CORE],
      id: made['id'],
      displayName: 'Maths',
      members: [
        { value: ana, display: 'ana', type: 'User' },
        { value: inner['id'], display: 'Inner', type: 'Group' },
      ],
      meta: made['meta'],
    });
    expect(made['meta']).toMatchObject({ location: `${sandbox.baseUrl}/Groups/${made['id']}` });
    const { body } = await ask(sandbox, 'GET', `/Users/${ana}`);
    expect(body['groups']).toEqual([{ value: made['id'], display: 'Maths', type: 'direct' }]);
  });

  test('the groups of a user cannot be written to', async () => {
    const ana = await user('ana');
    const made = await group('Maths');
    const groups = [{ value: made['id'] }];
    await ask(sandbox, 'PUT', `/Users/${ana}`, { userName: 'ana', groups });
    await ask(sandbox, 'PATCH', `/Users/${ana}`, { groups });
    expect((await ask(sandbox, 'GET', `/Users/${ana}`)).body).not.toHaveProperty('groups');
  });

  test('members come and go one by one, and what is so already is no error', async () => {
    const [ana, bob] = [await user('ana'), await user('bob')];
    const made = await group('Maths', ana);
    expect(membersOf(await patch(made, { members: [{ value: bob, display: 'Bob' }] }))).toEqual([ana, bob]);
    expect(membersOf(await patch(made, { members: [{ value: bob }] }))).toEqual([ana, bob]);
    const leaving = { members: [{ value: ana, display: 'Ana', operation: 'delete' }] };
    expect(membersOf(await patch(made, leaving))).toEqual([bob]);
    expect(membersOf(await patch(made, leaving))).toEqual([bob]);
  });

  test('members in meta.attributes are removed, and those sent take their place', async () => {
    const [ana, bob] = [await user('ana'), await user('bob')];
    const made = await group('Maths', ana);
    const meta = { attributes: ['members'] };
    expect(membersOf(await patch(made, { meta, members: [{ value: bob }] }))).toEqual([bob]);
    expect(membersOf(await patch(made, { meta, displayName: 'Physics' }))).toEqual([]);
    expect((await ask(sandbox, 'GET', path(made))).body['displayName']).toBe('Physics');
  });

  test('PUT replaces all, and DELETE removes', async () => {
    const ana = await user('ana');
    const made = await group('Maths', ana);
    const { body } = await ask(sandbox, 'PUT', path(made), { displayName: 'Physics' });
    expect([body['displayName'], membersOf(body)]).toEqual(['Physics', []]);
    expect((await ask(sandbox, 'DELETE', path(made))).status).toBe(200);
    expect((await ask(sandbox, 'GET', path(made))).status).toBe(404);
  });

  test.each([
    ['a member that does not exist', { displayName: 'x', members: [{ value: '1' }] }],
    ['no displayName', { members: [] }],
    ['members that are no list', { displayName: 'x', members: 'ana' }],
  ])('%s is 400, and nothing changes', async (_what, sent) => {
    const made = await group('Maths');
    expect((await ask(sandbox, 'POST', '/Groups', sent)).status).toBe(400);
    expect((await ask(sandbox, 'PUT', path(made), sent)).status).toBe(400);
    expect((await ask(sandbox, 'GET', '/Groups')).body).toMatchObject({
      totalResults: 1,
      Resources: [{ displayName: 'Maths' }],
    });
  });

  test('a user who is removed is a member of nothing, by SCIM and by hand; each time a new version', async () => {
    const [ana, bob] = [await user('ana'), await user('bob')];
    const made = await group('Maths', ana, bob);
    const read = () => ask(sandbox, 'GET', path(made));
    const versions = [(await read()).headers.get('etag')];
    await ask(sandbox, 'DELETE', `/Users/${ana}`);
    expect(membersOf((await read()).body)).toEqual([bob]);
    versions.push((await read()).headers.get('etag'));
    await sandbox.remove(bob);
    expect(membersOf((await read()).body)).toEqual([]);
    versions.push((await read()).headers.get('etag'));
    expect(new Set(versions).size).toBe(3);
  });

  test('groups are searched and paged like users', async () => {
    for (const name of ['A', 'B', 'C']) await group(name);
    const { body } = await ask(sandbox, 'GET', '/Groups?startIndex=2&count=1');
    expect(body).toMatchObject({ totalResults: 3, startIndex: 2, Resources: [{ displayName: 'B' }] });
    const found = await ask(sandbox, 'GET', `/Groups?filter=${encodeURIComponent('displayName eq "c"')}`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ displayName: 'C' }] });
  });

  test('a stale If-Match is 412', async () => {
    const made = await group('Maths');
    const stale = await ask(sandbox, 'PATCH', path(made), { displayName: 'x' }, { 'If-Match': 'W/"0"' });
    expect(stale.status).toBe(412);
  });

  test('reset and clearAccounts remove groups, too', async () => {
    await group('Maths');
    await sandbox.clearAccounts();
    expect((await ask(sandbox, 'GET', '/Groups')).body['totalResults']).toBe(0);
  });
});

describe('uaa', () => {
  each('uaa');

  test('types are upper case, If-Match is required, DELETE answers with the group', async () => {
    const ana = await user('ana');
    const made = await group('Maths', ana);
    expect(made['members']).toEqual([{ value: ana, type: 'USER' }]);
    expect((await ask(sandbox, 'GET', `/Users/${ana}`)).body['groups']).toEqual([
      { value: made['id'], display: 'Maths', type: 'DIRECT' },
    ]);
    expect((await patch(made, { displayName: 'x' }))['message']).toBe('Missing If-Match for PATCH');
    const renamed = await patch(made, { displayName: 'Physics' }, { 'If-Match': '0' });
    expect(renamed['displayName']).toBe('Physics');
    expect((await ask(sandbox, 'DELETE', path(made))).body['displayName']).toBe('Physics');
  });

  test('a name is there once', async () => {
    await group('Maths');
    expect((await ask(sandbox, 'POST', '/Groups', { displayName: 'MATHS' })).status).toBe(409);
  });
});

describe('wso2', () => {
  each('wso2');

  test('a name comes back with its user store, and is found without', async () => {
    const ana = await user('ana');
    const made = await group('engineer', ana);
    expect(made).toMatchObject({
      displayName: 'PRIMARY/engineer',
      members: [{ value: ana, display: 'ana' }],
    });
    expect((await group('OTHER/engineer'))['displayName']).toBe('OTHER/engineer');
    for (const name of ['engineer', 'PRIMARY/engineer']) {
      const filter = encodeURIComponent(`displayName Eq "${name}"`);
      const { body } = await ask(sandbox, 'GET', `/Groups?filter=${filter}`);
      expect(body['Resources']).toEqual([
        { id: made['id'], displayName: 'PRIMARY/engineer', meta: made['meta'] },
      ]);
    }
  });
});

describe('slack', () => {
  each('slack');

  test('a PATCH answers 204; a group is found by name, although users are not found by theirs', async () => {
    const ana = await user('ana');
    const made = await group('Maths');
    const patched = await ask(sandbox, 'PATCH', path(made), { schemas: [CORE], members: [{ value: ana }] });
    expect([patched.status, patched.body]).toEqual([204, { text: '' }]);
    const filter = encodeURIComponent('displayName eq "maths"');
    const { body } = await ask(sandbox, 'GET', `/Groups?filter=${filter}`);
    expect(body['Resources']).toMatchObject([{ members: [{ value: ana, display: 'ana' }] }]);
  });
});

describe('agileplace', () => {
  each('agileplace');

  test('there are no groups', async () => {
    for (const method of ['GET', 'POST'])
      expect((await ask(sandbox, method, '/Groups', method === 'POST' ? {} : undefined)).status).toBe(404);
  });
});

import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../app/scim/resource.ts';
import { readUserList } from '../../../app/scim/users/list.ts';
import { readUser } from '../../../app/scim/users/user.ts';
import { readJson } from '../../../app/scim/wire/json-text.ts';

function parsed(text: string) {
  const json = readJson(text);
  if (!isJsonObject(json)) throw new Error('the test wants an object');
  return json;
}

describe('reading a user', () => {
  test('keeps what we do not know and takes off the envelope', () => {
    const body = {
      id: '700',
      schemas: ['x'],
      meta: { version: 'W/"3"' },
      userName: 'ana',
      oddity: [1, { two: 2 }],
      password: 'p',
    };
    expect(readUser(body)).toEqual({
      id: '700',
      user: { userName: 'ana', oddity: [1, { two: 2 }] },
      version: 'W/"3"',
    });
  });

  test.each([
    ['a number', '{"id":700,"userName":"ana"}', '700'],
    [
      'a number too long for JavaScript',
      '{"id" : 14959618046123456789, "userName":"ana"}',
      '14959618046123456789',
    ],
    ['text with leading zeros', '{"id":"007","userName":"ana"}', '007'],
  ])('an id that is %s stays what it is', (_what, text, id) => {
    expect(readUser(parsed(text))).toEqual({ id, user: { userName: 'ana' } });
  });

  test('digits inside a text are left alone', () => {
    const text = JSON.stringify({ id: '1', userName: 'a', note: 'say "id": 12345678901234567890, please' });
    expect(readUser(parsed(text))?.user.note).toBe('say "id": 12345678901234567890, please');
  });

  test('takes core names in any case, and active as text', () => {
    expect(readUser({ ID: 'x', username: 'ana', Active: 'True', externalid: 17 })).toEqual({
      id: 'x',
      user: { userName: 'ana', active: true, externalId: '17' },
    });
  });

  test.each([
    [{}],
    [{ id: '1' }],
    [{ userName: 'ana' }],
    [{ id: '', userName: 'ana' }],
    [{ id: '1', userName: '' }],
    [{ id: null, userName: 'a' }],
  ])('%j is no user', (body) => expect(readUser(body)).toBeNull());

  test('a user asked for by id may leave the id out', () => {
    expect(readUser({ userName: 'ana' }, { knownId: '7' })).toEqual({ id: '7', user: { userName: 'ana' } });
  });
});

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';

describe('reading every attribute of the schema leniently', () => {
  test('names in any case, at each level', () => {
    const body = {
      ID: 'x',
      USERNAME: 'ana',
      NAME: { FAMILYNAME: 'Roe', honorificprefix: 'Dr' },
      EMAILS: [{ VALUE: 'a@x.test', TYPE: 'Work', PRIMARY: true }],
      Addresses: [{ streetaddress: '1 rue A', POSTALCODE: '75001', type: 'work' }],
      X509Certificates: [{ Value: 'MII' }],
      [ENTERPRISE.toUpperCase()]: { costcenter: '7', Manager: { MANAGERID: '42', displayname: 'Ben' } },
    };
    expect(readUser(body, { extensions: [ENTERPRISE] })).toEqual({
      id: 'x',
      user: {
        userName: 'ana',
        name: { familyName: 'Roe', honorificPrefix: 'Dr' },
        emails: [{ value: 'a@x.test', type: 'Work', primary: true }],
        addresses: [{ streetAddress: '1 rue A', postalCode: '75001', type: 'work' }],
        x509Certificates: [{ value: 'MII' }],
        [ENTERPRISE]: { costCenter: '7', manager: { managerId: '42', displayName: 'Ben' } },
      },
    });
  });

  test.each<[string, string, object]>([
    [
      'bare texts',
      '{"emails":["a@x.test","b@x.test"]}',
      { emails: [{ value: 'a@x.test' }, { value: 'b@x.test' }] },
    ],
    ['a lone element', '{"phoneNumbers":{"value":"1"}}', { phoneNumbers: [{ value: '1' }] }],
    ['a lone text', '{"roles":"admin"}', { roles: [{ value: 'admin' }] }],
    [
      'numbers as values',
      '{"entitlements":[7],"roles":[{"value":8}]}',
      { entitlements: [{ value: '7' }], roles: [{ value: '8' }] },
    ],
    [
      'primary as text',
      '{"emails":[{"value":"a","primary":"True"}]}',
      { emails: [{ value: 'a', primary: true }] },
    ],
    [
      'a manager by number',
      `{"${ENTERPRISE}":{"employeeNumber":17,"manager":{"managerId":42}}}`,
      { [ENTERPRISE]: { employeeNumber: '17', manager: { managerId: '42' } } },
    ],
    ['no list at all', '{"emails":null}', { emails: null }],
    ['an address that is a text', '{"addresses":["1 rue A"]}', { addresses: ['1 rue A'] }],
  ])('%s', (_what, attributes, user) => {
    const body = parsed(attributes);
    expect(readUser({ id: '1', userName: 'ana', ...body })).toEqual({
      id: '1',
      user: { userName: 'ana', ...user },
    });
  });

  test('an extension that the profile spells otherwise has the spelling of the profile', () => {
    const urn = 'urn:scim:schemas:extension:leankit:user:1.0';
    const body = {
      id: '1',
      userName: 'ana',
      'URN:scim:schemas:extension:LeanKit:user:1.0': { licenseType: 'full' },
    };
    expect(readUser(body, { extensions: [urn] })?.user).toEqual({
      userName: 'ana',
      [urn]: { licenseType: 'full' },
    });
  });

  test('a name that comes twice keeps both, and the right spelling counts', () => {
    expect(readUser({ id: '1', userName: 'ana', Title: 'old', title: 'new' })?.user).toEqual({
      userName: 'ana',
      Title: 'old',
      title: 'new',
    });
  });

  test('a password is not kept, however it is spelled', () => {
    expect(readUser({ id: '1', userName: 'ana', PassWord: 'canary' })?.user).toEqual({ userName: 'ana' });
  });

  test.each<[string, object, string | undefined, string | undefined]>([
    ['the header goes first', { version: '6' }, '"7"', '"7"'],
    ['meta.version as text', { version: 'W/"3"' }, undefined, 'W/"3"'],
    ['meta.version as a number', { Version: 12 }, undefined, '12'],
    ['what fits into no header', { version: 'é' }, undefined, undefined],
    ['none', {}, undefined, undefined],
  ])('a version: %s', (_what, meta, etag, version) => {
    const body = { id: '1', userName: 'ana', meta: meta as { version: string } };
    expect(readUser(body, { etag })?.version).toBe(version);
  });
});

describe('reading a list', () => {
  const ana = { id: '1', userName: 'ana' };
  const account = { id: '1', user: { userName: 'ana' } };

  test.each([
    [
      'as the draft has it',
      { totalResults: 1, Resources: [ana] },
      { accounts: [account], total: 1, unusable: 0 },
    ],
    [
      'resources in lower case, the total as text',
      { totalResults: '1', resources: [ana] },
      { accounts: [account], total: 1, unusable: 0 },
    ],
    [
      'the same user twice',
      { totalResults: 2, Resources: [ana, ana] },
      { accounts: [account], total: 2, unusable: 0 },
    ],
    ['nobody', { totalResults: 0, Resources: [] }, { accounts: [], total: 0, unusable: 0 }],
    ['nobody, without Resources', { totalResults: 0 }, { accounts: [], total: 0, unusable: 0 }],
    [
      'an element without an id',
      { Resources: [ana, { userName: 'ben' }, 7] },
      { accounts: [account], total: 3, unusable: 2 },
    ],
  ])('%s', (_what, body, list) => expect(readUserList(body, { extensions: [] })).toEqual(list));

  test.each([
    [{}],
    [{ totalResults: 3 }],
    [{ Resources: {} }],
    [{ Resources: 'x', totalResults: 0 }],
    [{ id: '1', userName: 'ana' }],
  ])('O-13 k: %j is no list, and not "nobody" either', (body) =>
    expect(readUserList(body, { extensions: [] })).toBeNull(),
  );
});

test.each(['.', '..', '\ud800'])('the id %j cannot stand in an address, so this is no user', (id) => {
  expect(readUser({ id, userName: 'ana' })).toBeNull();
});

import { describe, expect, test } from 'vitest';
import type { AuthOptions } from '../../../app/scim/index.ts';
import { aCall, memoryLeases, memoryVault } from '../memory-ports.ts';
import { answering, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const BASIC = `Basic ${Buffer.from('ops@example.test:pass-word').toString('base64')}`;

const server = oddServerForEachTest();

function tokensOf(vault = memoryVault(), auth?: AuthOptions) {
  const minted: AuthOptions = {
    kind: 'minted',
    username: 'ops@example.test',
    password: () => 'pass-word',
    vault,
    leases: memoryLeases(),
  };
  const { tokens } = setUp(`${server.origin}/io/scim/v1`, { auth: auth ?? minted }).target;
  if (tokens === null) throw new Error('the target has no list of tokens');
  return tokens;
}

const ONE = { id: '90001', description: 'Landbridge', createdOn: '2026-01-02T03:04:05.000Z' };

describe('the list of tokens', () => {
  test.each<[string, unknown]>([
    ['bare', [ONE]],
    ['under a name', { tokens: [ONE] }],
    ['under another name, beside an empty list', { links: [], items: [ONE], total: 1 }],
    ['with the text of the token, which is not read', [{ ...ONE, token: 'canary-tok' }]],
    [
      'with ids as numbers',
      '[{"id":90001,"description":"Landbridge","createdOn":"2026-01-02T03:04:05.000Z"}]',
    ],
    ['under tokenId', [{ tokenId: '90001', description: ONE.description, createdOn: ONE.createdOn }]],
    ['with what is no token in between', [null, 'x', { description: 'no id' }, ONE]],
  ])('is read %s', async (_what, body) => {
    server.answer = answering(200, body);
    expect(await tokensOf().list(aCall())).toEqual([ONE]);
    expect(server.asked).toMatchObject([{ method: 'GET', url: '/io/auth/token' }]);
    expect(server.asked[0]?.headers.authorization).toBe(BASIC);
  });

  test('may be empty, and a description is a line without control characters', async () => {
    server.answer = answering(200, []);
    expect(await tokensOf().list(aCall())).toEqual([]);
    server.answer = answering(200, [{ id: '1', description: 'a\u001b[2K\r\nb\u202ec' }]);
    expect(await tokensOf().list(aCall())).toEqual([{ id: '1', description: 'a [2K b c', createdOn: '' }]);
  });

  test('keeps the digits of a long id', async () => {
    server.answer = answering(200, '[{"id":12345678901234567890}]', { 'content-type': 'application/json' });
    expect(await tokensOf().list(aCall())).toMatchObject([{ id: '12345678901234567890' }]);
  });

  test('is asked for by the token where there is no password', async () => {
    server.answer = answering(200, [ONE]);
    await tokensOf(memoryVault(), { kind: 'bearer', token: () => 'by-hand' }).list(aCall());
    expect(server.asked[0]?.headers.authorization).toBe('Bearer by-hand');
  });

  test.each<[string, OddServer['answer'], string]>([
    ['401', answering(401, ''), 'GET /io/auth/token at agileplace: our credential was refused (401)'],
    [
      'no list',
      answering(200, { id: '1' }),
      'GET /io/auth/token at agileplace: no list of tokens came back (200)',
    ],
    ['nothing', answering(204, ''), 'GET /io/auth/token at agileplace: no list of tokens came back (204)'],
    ['403', answering(403, { message: 'administrators only' }), 'refused with 403: administrators only'],
  ])('is not there where the target answers %s', async (_what, answer, message) => {
    server.answer = answer;
    expect(await failureOf(tokensOf().list(aCall()))).toMatchObject({ message });
  });
});

describe('which token is in use', () => {
  test.each([
    ['none is kept', null, { kind: 'none' }],
    ['a bare one is kept', 'by-hand', { kind: 'unknown' }],
    ['one with its id is kept', '{"token":"t","id":"90001"}', { kind: 'known', id: '90001' }],
  ])('%s', async (_what, kept, expected) => {
    expect(await tokensOf(memoryVault(kept)).inUse()).toEqual(expected);
  });

  test('it cannot be told of one that was made by hand', async () => {
    const bearer: AuthOptions = { kind: 'bearer', token: () => 'by-hand' };
    expect(await tokensOf(memoryVault(), bearer).inUse()).toEqual({ kind: 'unknown' });
  });
});

describe('revoking a token', () => {
  test.each<[string, OddServer['answer'], string]>([
    ['204', answering(204, ''), 'revoked'],
    ['a page', answering(200, '<html>'), 'TargetUnusable'],
    ['200 with the token', answering(200, ONE), 'revoked'],
    ['404', answering(404, { message: 'no such token' }), 'missing'],
  ])('answered by %s', async (_what, answer, expected) => {
    server.answer = answer;
    const outcome = await tokensOf()
      .revoke('9/1', aCall())
      .catch(({ name }: Error) => name);
    expect(outcome).toBe(expected);
    expect(server.asked).toMatchObject([{ method: 'DELETE', url: '/io/auth/token/9%2F1', body: '' }]);
  });

  test('that is in use forgets it, and another one does not', async () => {
    server.answer = answering(204, '');
    const vault = memoryVault('{"token":"t","id":"90001"}');
    await tokensOf(vault).revoke('90002', aCall());
    expect(vault.kept).not.toBeNull();
    await tokensOf(vault).revoke('90001', aCall());
    expect(vault.kept).toBeNull();
  });

  test('that the target refuses is told in its words', async () => {
    server.answer = answering(422, { message: 'not while in use' });
    expect(await failureOf(tokensOf().revoke('1', aCall()))).toMatchObject({
      name: 'Refused',
      words: 'not while in use',
    });
  });
});

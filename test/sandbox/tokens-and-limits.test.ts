/**
 * Signing in, minting tokens, and the request budget of the sandbox, over HTTP.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { type Answered, ask, refusal } from './scim-request.ts';

const TOKEN = '/io/auth/token';
const OTHER = { user: 'second@sandbox.test', password: 'other:password' };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ signIns: [{ user: 'first@sandbox.test', password: 'pw' }, OTHER] });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function mint(description = 'provisioner'): Promise<{ id: string; Authorization: string }> {
  const { body } = await ask(sandbox, 'POST', TOKEN, { description });
  return { id: String(body['id']), Authorization: `Bearer ${body['token']}` };
}

describe('credentials', () => {
  test.each([
    ['a wrong password', basic('first@sandbox.test', 'no')],
    ['an unknown user', basic('third@sandbox.test', 'pw')],
    ['an unknown token', 'Bearer 0000'],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Digest abc'],
    ['nothing', ''],
  ])('%s is 401', async (_what, Authorization) => {
    const { status, headers, body } = await ask(sandbox, 'GET', '/Users', undefined, { Authorization });
    expect([status, body]).toEqual([401, refusal(401, 'A valid credential is needed.')]);
    expect(headers.get('www-authenticate')).toBe('Basic realm="scim"');
  });

  test('O-27 · a token in the query opens nothing', async () => {
    const token = (await mint()).Authorization.slice('Bearer '.length);
    const answer = await ask(sandbox, 'GET', `/Users?token=${token}&access_token=${token}`, undefined, {
      Authorization: '',
    });
    expect(answer.status).toBe(401);
  });

  test('the user ignores case, the password may hold colons', async () => {
    const Authorization = basic('SECOND@sandbox.test', OTHER.password);
    expect((await ask(sandbox, 'GET', '/Users', undefined, { Authorization })).status).toBe(200);
  });
});

describe('tokens', () => {
  test('a token is made from a password, shown once, and works', async () => {
    const { status, body } = await ask(sandbox, 'POST', TOKEN, { description: 'provisioner' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^\d{20}$/),
      token: expect.stringMatching(/^[0-9a-f]{64}$/),
      description: 'provisioner',
      createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const headers = { Authorization: `Bearer ${body['token']}` };
    expect((await ask(sandbox, 'GET', '/Users', undefined, headers)).status).toBe(200);
    const { token: _shownOnce, ...listed } = body;
    expect((await ask(sandbox, 'GET', TOKEN)).body).toEqual([listed]);
  });

  test('the body may be a form', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const { status, body } = await ask(sandbox, 'POST', TOKEN, 'description=from+a+form', form);
    expect([status, body['description']]).toEqual([201, 'from a form']);
  });

  test('a description is required', async () => {
    const { status, body } = await ask(sandbox, 'POST', TOKEN, {});
    expect([status, body]).toEqual([422, refusal(422, 'description is required.')]);
  });

  test('a token makes no other token', async () => {
    const { Authorization } = await mint();
    expect((await ask(sandbox, 'POST', TOKEN, { description: 'x' }, { Authorization })).status).toBe(403);
  });

  test('O-19 · a revoked token is refused at once, and only its owner can revoke it', async () => {
    const { id, Authorization } = await mint();
    const stranger = { Authorization: basic(OTHER.user, OTHER.password) };
    expect((await ask(sandbox, 'GET', TOKEN, undefined, stranger)).body).toEqual([]);
    expect((await ask(sandbox, 'DELETE', `${TOKEN}/${id}`, undefined, stranger)).status).toBe(404);
    expect((await ask(sandbox, 'DELETE', `${TOKEN}/${id}`)).status).toBe(204);
    expect((await ask(sandbox, 'GET', '/Users', undefined, { Authorization })).status).toBe(401);
  });
});

describe('the request budget', () => {
  const limitOf = (answer: Answered) => [
    answer.status,
    answer.headers.get('x-ratelimit-limit'),
    answer.headers.get('x-ratelimit-remaining'),
  ];

  test('every answer counts down, refusals too, over passwords and tokens of one user', async () => {
    const { Authorization } = await mint();
    await sandbox.limits({ points: 3, windowSeconds: 60 });
    expect(limitOf(await ask(sandbox, 'GET', '/Users'))).toEqual([200, '3', '2']);
    expect(limitOf(await ask(sandbox, 'GET', '/Users/1', undefined, { Authorization }))).toEqual([
      404,
      '3',
      '1',
    ]);
    expect(limitOf(await ask(sandbox, 'GET', TOKEN))).toEqual([200, '3', '0']);
    expect(limitOf(await ask(sandbox, 'GET', '/Users', undefined, { Authorization }))).toEqual([
      429,
      '3',
      '0',
    ]);
    const stranger = { Authorization: basic(OTHER.user, OTHER.password) };
    expect(limitOf(await ask(sandbox, 'GET', '/Users', undefined, stranger))).toEqual([200, '3', '2']);
  });

  test('O-17 · 429 says when to come back: an HTTP date and Unix seconds, one and the same, rounded up', async () => {
    await sandbox.limits({ points: 1, windowSeconds: 60 });
    await ask(sandbox, 'GET', '/Users');
    const { status, headers, body } = await ask(sandbox, 'GET', '/Users');
    expect([status, body]).toEqual([429, refusal(429, 'Too many requests.')]);
    const retryAfter = headers.get('retry-after') ?? '';
    expect(retryAfter).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(headers.get('x-ratelimit-reset')).toBe(String(Date.parse(retryAfter) / 1000));
    const [first] = await sandbox.journal();
    const opened = Date.parse(first?.receivedAt ?? '');
    expect(Date.parse(retryAfter)).toBe(Math.ceil((opened + 60_000) / 1000) * 1000);
  });

  test('only a granted request is carried out', async () => {
    await sandbox.limits({ points: 0, windowSeconds: 60 });
    expect((await ask(sandbox, 'POST', '/Users', { userName: 'ana@corp.test' })).status).toBe(429);
    expect(await sandbox.accounts()).toEqual([]);
  });

  test('who waits until Retry-After finds the window open', async () => {
    await sandbox.limits({ points: 1, windowSeconds: 1 });
    await ask(sandbox, 'GET', '/Users');
    const refused = await ask(sandbox, 'GET', '/Users');
    expect(refused.status).toBe(429);
    const until = Date.parse(refused.headers.get('retry-after') ?? '');
    await new Promise((resolve) => setTimeout(resolve, Math.max(until - Date.now(), 0)));
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
  });
});

/**
 * The OAuth token endpoint of the sandbox, and what its tokens open.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { type Answered, ask } from './scim-request.ts';

const TOKEN = '/oauth/token';
const CLIENT = { user: 'client@corp.test', password: 'a:b%&ü' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const GRANT = 'grant_type=client_credentials';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ dialect: 'generic', signIns: [CLIENT], tokenLifetime: 600 });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const encoded = encodeURIComponent;
const grant = (Authorization = basic(CLIENT.user, CLIENT.password), body = GRANT) =>
  ask(sandbox, 'POST', TOKEN, body, { ...FORM, Authorization });
const IN_FORM = `${GRANT}&client_id=${encoded(CLIENT.user)}&client_secret=${encoded(CLIENT.password)}`;
const byForm = () => fetch(sandbox.tokenUrl, { method: 'POST', headers: FORM, body: IN_FORM });
const list = ({ body }: Answered) =>
  ask(sandbox, 'GET', '/Users', undefined, { Authorization: `Bearer ${body['access_token']}` });

describe('granting', () => {
  test('client credentials give a bearer token that lives so many seconds and opens the service', async () => {
    const granted = await grant();
    expect([granted.status, granted.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(granted.body).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      token_type: 'bearer',
      expires_in: 600,
    });
    expect((await list(granted)).status).toBe(200);
  });

  test('the credentials may be form-encoded in the header, as they should, or stand in the form', async () => {
    expect((await grant(basic(encoded(CLIENT.user), encoded(CLIENT.password)))).status).toBe(200);
    expect((await byForm()).status).toBe(200);
  });

  test.each([
    ['an unknown client', basic('nobody', 'x'), GRANT, 401, 'invalid_client'],
    ['a wrong secret', basic(CLIENT.user, 'x'), GRANT, 401, 'invalid_client'],
    [
      'another grant',
      basic(CLIENT.user, CLIENT.password),
      'grant_type=password',
      400,
      'unsupported_grant_type',
    ],
    ['no grant', basic(CLIENT.user, CLIENT.password), 'scope=x', 400, 'unsupported_grant_type'],
  ])('%s is refused in the words of OAuth', async (_what, authorization, form, status, error) => {
    const refused = await grant(authorization, form);
    expect([refused.status, refused.body['error']]).toEqual([status, error]);
    expect(refused.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="oauth"' : null);
  });

  test('a header that is there must be right, whatever stands in the form', async () => {
    expect((await grant(basic(CLIENT.user, 'x'), IN_FORM)).status).toBe(401);
  });
});

describe('the end of a token', () => {
  test('O-19 · a token that is over is 401; a new one opens again', async () => {
    await sandbox.tokenLifetime(0.001);
    const over = await grant();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await list(over)).status).toBe(401);
    await sandbox.tokenLifetime(600);
    expect((await list(await grant())).status).toBe(200);
  });

  test('O-19 · all tokens can be revoked from outside, but for those given at the start', async () => {
    const granted = await grant();
    expect(await sandbox.tokens()).toMatchObject([{ user: CLIENT.user, expiresOn: expect.any(String) }]);
    await sandbox.revokeTokens();
    expect(await sandbox.tokens()).toEqual([]);
    expect((await list(granted)).status).toBe(401);
    const given = await ask(sandbox, 'GET', '/Users', undefined, {
      Authorization: `Bearer ${sandbox.token}`,
    });
    expect(given.status).toBe(200);
  });

  test('a reset brings back the lifetime of the start', async () => {
    await sandbox.tokenLifetime(1);
    await sandbox.reset();
    expect((await grant()).body['expires_in']).toBe(600);
  });
});

describe('from outside', () => {
  test('the journal counts token requests and shows no secret', async () => {
    await grant();
    await byForm();
    await grant(basic('nobody', 'x'));
    const lines = (await sandbox.journal()).map(({ path, status, user, auth }) => [path, status, user, auth]);
    expect(lines).toEqual([
      [TOKEN, 200, CLIENT.user, 'basic'],
      [TOKEN, 200, CLIENT.user, 'form'],
      [TOKEN, 401, null, null],
    ]);
    expect(JSON.stringify(await sandbox.journal())).not.toContain(
      JSON.stringify(CLIENT.password).slice(1, -1),
    );
  });

  test('O-19 d · faults strike it as they do everything: 500 twice, then a token', async () => {
    await sandbox.fault({ kind: 'status', status: 500, path: TOKEN, count: 2 });
    const statuses = [(await grant()).status, (await grant()).status, (await grant()).status];
    expect(statuses).toEqual([500, 500, 200]);
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
  });

  test('token requests take nothing from the request budget', async () => {
    await sandbox.limits({ points: 1, windowSeconds: 60 });
    await grant();
    await grant();
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(429);
  });
});

test('dialects without it do not have it', async () => {
  const other = await startSandbox({ dialect: 'wso2' });
  try {
    expect((await ask(other, 'POST', TOKEN, GRANT, FORM)).status).toBe(404);
  } finally {
    await other.stop();
  }
});

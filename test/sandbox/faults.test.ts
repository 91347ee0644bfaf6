/**
 * Each fault as a client meets it, and what it leaves in the accounts.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultInput, type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, refusal, search, userNames } from './scim-request.ts';

const ANA = { userName: 'ana@corp.test' };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const create = (userName = ANA.userName) => ask(sandbox, 'POST', '/Users', { userName });
const howMany = async () => (await sandbox.accounts()).length;

describe('answers instead of the target', () => {
  test.each<[string, FaultInput, number, unknown, Record<string, string>]>([
    ['500', { kind: 'status' }, 500, refusal(500, 'The request could not be handled.'), {}],
    [
      'O-17 · 429 with any Retry-After',
      { kind: 'status', status: 429, description: 'slow', retryAfter: 'abc' },
      429,
      refusal(429, 'slow'),
      { 'retry-after': 'abc' },
    ],
    [
      '503 with Retry-After',
      { kind: 'unavailable', retryAfter: '7' },
      503,
      refusal(503, 'The service is down for maintenance.'),
      { 'retry-after': '7' },
    ],
    [
      'O-13 h · an HTML error page',
      { kind: 'html-error' },
      502,
      { text: expect.stringContaining('<h1>Bad gateway</h1>') },
      { 'content-type': 'text/html; charset=utf-8' },
    ],
    [
      'a plain text',
      { kind: 'text-error', text: 'bad filter' },
      400,
      { text: 'bad filter' },
      { 'content-type': 'text/plain; charset=utf-8' },
    ],
    [
      'O-13 k · a sign-in page with 200',
      { kind: 'sign-in-page' },
      200,
      { text: expect.stringContaining('Sign in') },
      { 'content-type': 'text/html; charset=utf-8' },
    ],
    [
      'O-19 · 401 for everybody',
      { kind: 'unauthorized' },
      401,
      refusal(401, 'The credential is not valid.'),
      {},
    ],
    [
      'O-13 a · Errors under 200',
      { kind: 'error-in-success' },
      200,
      refusal(400, 'The value is not accepted.'),
      {},
    ],
    [
      'O-13 b · Errors under 201 with a number',
      { kind: 'error-in-success', status: 201, code: 503, description: 'busy' },
      201,
      { Errors: [{ description: 'busy', code: 503 }] },
      {},
    ],
    [
      'O-27 · a redirect to another origin',
      { kind: 'redirect', location: 'http://localhost:9/elsewhere', status: 307 },
      307,
      { text: '' },
      { location: 'http://localhost:9/elsewhere' },
    ],
  ])('%s, and nothing is written', async (_what, fault, status, body, headers) => {
    await sandbox.fault(fault);
    const answer = await create();
    expect([answer.status, answer.body]).toEqual([status, body]);
    for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).toBe(value);
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000000');
    expect(await howMany()).toBe(0);
  });

  test('after-commit hides the result of a write that was done', async () => {
    await sandbox.fault({ kind: 'html-error', status: 504, phase: 'after-commit' });
    expect((await create()).status).toBe(504);
    expect(await howMany()).toBe(1);
  });

  test('O-13 m · a huge body is valid JSON of that size', async () => {
    await sandbox.fault({ kind: 'huge-body', bytes: 3_000_000 });
    const { status, body } = await ask(sandbox, 'GET', '/Users');
    expect([status, String(body['padding']).length]).toEqual([200, 3_000_000]);
  });

  test('a client that leaves a huge body early harms nobody', async () => {
    await sandbox.fault({ kind: 'huge-body', count: 1 });
    const leaving = new AbortController();
    const headers = { Authorization: sandbox.authorization };
    const response = await fetch(`${sandbox.baseUrl}/Users`, { headers, signal: leaving.signal });
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
  });
});

describe('the connection', () => {
  test('O-18 · drop-after-commit: the client sees a lost connection, the account is there', async () => {
    await sandbox.fault({ kind: 'drop-after-commit', method: 'POST' });
    await expect(create()).rejects.toThrow();
    expect(await howMany()).toBe(1);
    const [entry] = await sandbox.journal();
    expect(entry).toMatchObject({ method: 'POST', status: null, faults: ['drop-after-commit'] });
    expect(entry?.answeredAt).toMatch(/Z$/);
  });

  test('drop-before-commit: a lost connection and no account', async () => {
    await sandbox.fault({ kind: 'drop-before-commit' });
    await expect(create()).rejects.toThrow();
    expect(await howMany()).toBe(0);
  });

  test('latency holds the answer back, before or after the write', async () => {
    await sandbox.fault({ kind: 'latency', milliseconds: 1000, phase: 'after-commit', method: 'POST' });
    const answer = create();
    await expect.poll(howMany, { timeout: 20_000 }).toBe(1);
    const [waiting] = await sandbox.journal();
    expect(waiting).toMatchObject({ status: null, answeredAt: null });
    expect((await answer).status).toBe(201);
    const [entry] = await sandbox.journal();
    expect(Date.parse(entry?.answeredAt ?? '') - Date.parse(entry?.receivedAt ?? '')).toBeGreaterThanOrEqual(
      299,
    );
  });

  test('latency goes together with another fault', async () => {
    await sandbox.fault({ kind: 'latency', milliseconds: 20 });
    await sandbox.fault({ kind: 'drop-after-commit' });
    await expect(create()).rejects.toThrow();
    expect((await sandbox.journal())[0]?.faults).toEqual(['latency', 'drop-after-commit']);
    expect(await howMany()).toBe(1);
  });
});

describe('lists and PATCH', () => {
  beforeEach(async () => {
    await sandbox.seedAll(['ana', 'bob', 'cyd'].map((name) => ({ userName: `${name}@corp.test` })));
  });

  test('O-11 e · ignore-filter: a search answers everybody', async () => {
    await sandbox.fault({ kind: 'ignore-filter' });
    const answer = await ask(sandbox, 'GET', search('userName eq "ana@corp.test"'));
    expect(userNames(answer)).toEqual(['ana@corp.test', 'bob@corp.test', 'cyd@corp.test']);
  });

  test('O-15 · ignore-paging: every page is the first', async () => {
    await sandbox.fault({ kind: 'ignore-paging' });
    const answer = await ask(sandbox, 'GET', '/Users?startIndex=3&count=2');
    expect(userNames(answer)).toEqual(['ana@corp.test', 'bob@corp.test']);
    expect(answer.body).toMatchObject({ startIndex: 1, totalResults: 3 });
  });

  test('O-11 · hide-from-search: not found, yet the name is taken', async () => {
    await sandbox.fault({ kind: 'hide-from-search', user: 'BOB@corp.test' });
    expect(userNames(await ask(sandbox, 'GET', '/Users'))).toEqual(['ana@corp.test', 'cyd@corp.test']);
    expect((await create('bob@corp.test')).status).toBe(409);
    const bob = await sandbox.account('bob@corp.test');
    expect((await ask(sandbox, 'GET', `/Users/${bob?.id}`)).status).toBe(200);
  });

  test('O-13 c · no-content: PATCH is applied and answers 204 without a body; other verbs as ever', async () => {
    await sandbox.fault({ kind: 'no-content' });
    const ana = await sandbox.account(ANA.userName);
    const { status, body } = await ask(sandbox, 'PATCH', `/Users/${ana?.id}`, { active: false });
    expect([status, body]).toEqual([204, { text: '' }]);
    expect((await sandbox.account(ANA.userName))?.user['active']).toBe(false);
    expect((await ask(sandbox, 'PUT', `/Users/${ana?.id}`, ANA)).status).toBe(200);
    expect((await ask(sandbox, 'PATCH', '/Users/1', {})).status).toBe(404);
  });
});

describe('whom a fault strikes', () => {
  const statusOf = async (method: string, path: string, body?: object) =>
    (await ask(sandbox, method, path, body)).status;

  test('count: so many times, then never again; it stays listed with what it did', async () => {
    const id = await sandbox.fault({ kind: 'status', count: 2 });
    const seen = [];
    for (let turn = 0; turn < 3; turn += 1) seen.push(await statusOf('GET', '/Users'));
    expect(seen).toEqual([500, 500, 200]);
    expect(await sandbox.faults()).toMatchObject([{ id, struck: 2, fault: { kind: 'status', count: 2 } }]);
  });

  test('faults that answer once make a sequence, in the order they were added', async () => {
    await sandbox.fault({ kind: 'status', status: 429, count: 1 });
    await sandbox.fault({ kind: 'html-error', status: 502, count: 1 });
    const seen = [];
    for (let turn = 0; turn < 3; turn += 1) seen.push(await statusOf('GET', '/Users'));
    expect(seen).toEqual([429, 502, 200]);
  });

  test('method: after the override', async () => {
    const { id } = await sandbox.seed(ANA);
    await sandbox.fault({ kind: 'status', method: 'PATCH' });
    const override = { 'X-HTTP-Method-Override': 'PATCH' };
    expect((await ask(sandbox, 'POST', `/Users/${id}`, { active: false }, override)).status).toBe(500);
    expect((await create('bob@corp.test')).status).toBe(201);
  });

  test('path: a regular expression on path and query', async () => {
    await sandbox.fault({ kind: 'status', path: 'filter=externalId' });
    expect(await statusOf('GET', search('externalId eq "x"'))).toBe(500);
    expect(await statusOf('GET', search('userName eq "x"'))).toBe(200);
  });

  test('user: by id in the path, by userName in the body, by the userName behind the id', async () => {
    const [ana, bob] = await sandbox.seedAll([ANA, { userName: 'bob@corp.test' }]);
    await sandbox.fault({ kind: 'status', user: 'ANA@corp.test' });
    await sandbox.fault({ kind: 'status', status: 501, user: bob?.id ?? '' });
    expect(await statusOf('PATCH', `/Users/${ana?.id}`, { active: false })).toBe(500);
    expect(await statusOf('PATCH', `/Users/${bob?.id}`, { active: false })).toBe(501);
    expect((await create()).status).toBe(500);
    expect((await create('cyd@corp.test')).status).toBe(201);
  });

  test('a fault is taken away by its id, or all together', async () => {
    const id = await sandbox.fault({ kind: 'status' });
    await sandbox.fault({ kind: 'status', status: 503 });
    await sandbox.clearFault(id);
    expect(await statusOf('GET', '/Users')).toBe(503);
    await sandbox.clearFaults();
    expect(await statusOf('GET', '/Users')).toBe(200);
  });
});

/**
 * The control API: journal, changes by hand, limits, and its own refusals.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, refusal, search } from './scim-request.ts';

const URN = 'urn:scim:schemas:extension:leankit:user:1.0';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ journal: 5 });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

async function control(method: string, path: string, body?: string) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${sandbox.controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}

describe('the journal', () => {
  test('a line says what was asked, by whom, and what was answered', async () => {
    const sent = { userName: 'ana@corp.test', active: false };
    await ask(sandbox, 'POST', '/Users', sent);
    const [entry] = await sandbox.journal();
    expect(entry).toEqual({
      sequence: expect.any(Number),
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      answeredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      method: 'POST',
      path: '/io/scim/v1/Users',
      body: sent,
      status: 201,
      user: 'admin@sandbox.test',
      auth: 'basic',
      overridden: false,
      ifMatch: null,
      faults: [],
    });
  });

  test('it holds the path as sent, the method meant, and refused requests too', async () => {
    await ask(sandbox, 'GET', search('userName eq "x"'));
    await ask(sandbox, 'POST', '/Users/1', {}, { 'X-HTTP-Method-Override': 'PATCH' });
    await ask(sandbox, 'GET', '/Users', undefined, { Authorization: 'Bearer nobody' });
    await ask(sandbox, 'POST', '/Users', 'no json');
    const lines = (await sandbox.journal()).map(({ method, path, status, user, body }) => [
      method,
      path,
      status,
      user,
      body,
    ]);
    const admin = 'admin@sandbox.test';
    expect(lines).toEqual([
      ['GET', '/io/scim/v1/Users?filter=userName%20eq%20%22x%22', 200, admin, null],
      ['PATCH', '/io/scim/v1/Users/1', 404, admin, {}],
      ['GET', '/io/scim/v1/Users', 401, null, null],
      ['POST', '/io/scim/v1/Users', 400, admin, null],
    ]);
  });

  test('it tells by which credential a request came in, and whether its method was overridden', async () => {
    const { body } = await ask(sandbox, 'POST', '/io/auth/token', { description: 'x' });
    await sandbox.clearJournal();
    const bearer = { Authorization: `Bearer ${String(body['token'])}` };
    const patch = { 'X-HTTP-Method-Override': 'PATCH' };
    await ask(sandbox, 'GET', '/Users', undefined, bearer);
    await ask(sandbox, 'POST', '/Users/1', {}, { ...bearer, ...patch });
    await ask(sandbox, 'PATCH', '/Users/1', {}, patch);
    await ask(sandbox, 'POST', '/Users/1', 'no json', patch);
    await ask(sandbox, 'POST', '/Users/1', {}, { Authorization: 'Bearer nobody', ...patch });
    const lines = await sandbox.journal();
    expect(lines.map(({ method, auth, overridden, status }) => [method, auth, overridden, status])).toEqual([
      ['GET', 'bearer', false, 200],
      ['PATCH', 'bearer', true, 404],
      ['PATCH', 'basic', false, 404],
      ['PATCH', 'basic', true, 400],
      ['PATCH', null, true, 401],
    ]);
  });

  test('O-27 · no password, no credential and no token is in it', async () => {
    await ask(sandbox, 'POST', '/Users', {
      userName: 'ana@corp.test',
      PassWord: 'canary-pw',
      more: [{ password: 'canary-pw' }],
    });
    const { body } = await ask(sandbox, 'POST', '/io/auth/token', { description: 'x' });
    const lines = await sandbox.journal();
    expect(lines[0]?.body).toEqual({
      userName: 'ana@corp.test',
      PassWord: '[redacted]',
      more: [{ password: '[redacted]' }],
    });
    const seen = JSON.stringify([lines, await sandbox.accounts()]);
    for (const secret of ['canary-pw', sandbox.authorization, String(body['token'])])
      expect(seen).not.toContain(secret);
  });

  test('method and since narrow it; numbers go on over a wiped journal; the oldest make room', async () => {
    await ask(sandbox, 'GET', '/Users');
    await sandbox.clearJournal();
    for (const userName of ['a', 'b', 'c']) await ask(sandbox, 'POST', '/Users', { userName });
    for (let turn = 0; turn < 3; turn += 1) await ask(sandbox, 'GET', '/Users');
    const lines = await sandbox.journal();
    expect(lines.map((line) => line.method)).toEqual(['POST', 'POST', 'GET', 'GET', 'GET']);
    const first = lines[0]?.sequence ?? 0;
    expect(first).toBeGreaterThan(2);
    const gets = await sandbox.journal({ method: 'GET', since: first + 2 });
    expect(gets.map((line) => line.sequence)).toEqual([first + 3, first + 4]);
  });
});

describe('accounts by hand', () => {
  test('O-28 · a change by hand replaces, merges, removes with null, and leaves no trace in the journal', async () => {
    const { id } = await sandbox.seed({
      userName: 'ana@corp.test',
      title: 'A',
      name: { givenName: 'Ana', familyName: 'Roe' },
    });
    await sandbox.change(id, {
      title: null,
      name: { familyName: 'Poe' },
      [URN]: { lastAccess: '2026-02-01T00:00:00Z' },
    });
    const { body } = await ask(sandbox, 'GET', `/Users/${id}`);
    expect(body).not.toHaveProperty('title');
    expect(body).toMatchObject({
      name: { givenName: 'Ana', familyName: 'Poe', formatted: 'Ana Poe' },
      [URN]: { licenseType: 'full', lastAccess: '2026-02-01T00:00:00Z' },
    });
    expect(await sandbox.journal()).toHaveLength(1);
  });

  test('a password set by hand is noted, not kept; id and meta stay', async () => {
    const { id, user } = await sandbox.seed({ userName: 'ana@corp.test' });
    const changed = await sandbox.change(id, { password: 'canary-pw', id: '1', meta: { created: 'never' } });
    expect(changed).toMatchObject({ id, hasPassword: true });
    expect(changed.user).toEqual(user);
  });

  test('a list with one bad user is refused whole', async () => {
    await expect(sandbox.seedAll([{ userName: 'a' }, { userName: 'A' }])).rejects.toThrow('409');
    expect(await sandbox.accounts()).toEqual([]);
  });

  test('an account is found by name ignoring case, and removed', async () => {
    const { id } = await sandbox.seed({ userName: 'ana@corp.test' });
    expect((await sandbox.account('ANA@corp.test'))?.id).toBe(id);
    await sandbox.remove(id);
    expect(await sandbox.account('ana@corp.test')).toBeUndefined();
    await sandbox.seed({ userName: 'bob@corp.test' });
    await sandbox.clearAccounts();
    expect(await sandbox.accounts()).toEqual([]);
  });
});

describe('refusals', () => {
  test.each([
    ['POST', '/faults', '{"kind":"fire"}', /^kind: Invalid/],
    ['POST', '/faults', '{"kind":"status","path":"("}', /^path: is not a regular expression$/],
    ['POST', '/faults', '{"kind":"status","methud":"GET"}', /^body: Unrecognized key: "methud"$/],
    ['PUT', '/limits', '{"points":-1}', /^points: .+; windowSeconds: .+$/],
    ['POST', '/accounts', '"ana"', /^body: must be a user, or a list of users\.$/],
    ['GET', '/journal?since=x', undefined, /^since: /],
    ['GET', '/journal?metod=GET', undefined, /^body: Unrecognized key: "metod"$/],
  ])('%s %s %s names the field', async (method, path, sent, words) => {
    const { status, body } = await control(method, path, sent);
    expect(status).toBe(400);
    expect(body).toEqual(refusal(400, expect.stringMatching(words)));
  });

  test('the SCIM port knows nothing of the control API, and the other way round', async () => {
    expect((await ask(sandbox, 'GET', '/io/journal')).status).toBe(404);
    expect((await control('GET', '/io/scim/v1/Users')).status).toBe(404);
    expect((await control('GET', '/constructor')).status).toBe(404);
  });
});

test('limits can be looked at, and reset brings back those of the start', async () => {
  await sandbox.limits({ points: 7, windowSeconds: 5 });
  expect((await control('GET', '/limits')).body).toEqual({ points: 7, windowSeconds: 5 });
  await sandbox.reset();
  expect((await control('GET', '/limits')).body).toEqual({ points: 1_000_000, windowSeconds: 60 });
});

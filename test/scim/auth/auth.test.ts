import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTokenFile } from '../../../app/scim/index.ts';
import type { Leases, TokenVault } from '../../../app/store/ports/index.ts';
import { aCall, memoryLeases, memoryVault } from '../memory-ports.ts';
import { type Asked, answering, type OddServer, startOddServer } from '../odd-server.ts';
import { closeTargets, failureOf, oddServerForEachTest, setUp, UNAUTHORIZED } from '../set-up.ts';

const FIND = { by: 'id', value: 't-1' } as const;
const ANA = { id: 't-1', userName: 'ana' };

const server = oddServerForEachTest();

const basicOf = (password: string) =>
  `Basic ${Buffer.from(`ops@example.test:${password}`).toString('base64')}`;

/** Lets in who has one of the accepted headers; mints `minted-1`, `minted-2`, … for the right name and password. */
function guarded(accepted: Set<string>, password = 'pass-word'): OddServer['answer'] {
  let minted = 0;
  return (asked, response) => {
    const given = asked.headers.authorization ?? '';
    if (asked.url === '/io/auth/token') {
      if (given !== basicOf(password)) return answering(401, '')(asked, response);
      minted += 1;
      accepted.add(`Bearer minted-${minted}`);
      return answering(201, { id: '90001', token: `minted-${minted}` })(asked, response);
    }
    return answering(accepted.has(given) ? 200 : 401, accepted.has(given) ? ANA : '')(asked, response);
  };
}

const headersOf = (asked: readonly Asked[]) => asked.map(({ headers }) => headers.authorization);
const tokenIn = (kept: string | null) => JSON.parse(kept ?? '{}').token;
const mints = () => server.asked.filter(({ url }) => url === '/io/auth/token');

function minting(
  vault: TokenVault,
  leases: Leases = memoryLeases(),
  password = () => 'pass-word',
  origin = server.origin,
) {
  return setUp(`${origin}/io/scim/v1`, {
    auth: { kind: 'minted', username: 'ops@example.test', password, vault, leases },
  });
}

describe('basic and bearer', () => {
  test('a password is sent in UTF-8, and read anew for each request', async () => {
    const passwords = ['pässword', 'second'];
    server.answer = answering(200, ANA);
    const { target } = setUp(server.origin, {
      auth: { kind: 'basic', username: 'ops@example.test', password: () => passwords.shift() ?? '' },
    });
    await target.find(FIND, aCall());
    await target.find(FIND, aCall());
    expect(headersOf(server.asked)).toEqual([basicOf('pässword'), basicOf('second')]);
  });

  test('a refused password that was rotated meanwhile is tried again, once', async () => {
    const passwords = ['old', 'pass-word'];
    server.answer = guarded(new Set([basicOf('pass-word')]));
    const { target } = setUp(server.origin, {
      auth: { kind: 'basic', username: 'ops@example.test', password: () => passwords.shift() ?? 'never' },
    });
    expect(await target.find(FIND, aCall())).toHaveLength(1);
    expect(headersOf(server.asked)).toEqual([basicOf('old'), basicOf('pass-word')]);
  });

  test('O-19 c: a refused token that has not changed pauses the target after one request', async () => {
    server.answer = answering(401, { Errors: [{ description: 'no', code: '401' }] });
    const { target } = setUp(server.origin, { auth: { kind: 'bearer', token: () => 'static\n' } });
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject(UNAUTHORIZED);
    expect(headersOf(server.asked)).toEqual(['Bearer static']);
  });

  test.each<[string, () => string]>([
    ['empty', () => ''],
    ['with a line break inside', () => 'a\nb'],
    [
      'that cannot be read',
      () => {
        throw new Error('/secret/path');
      },
    ],
  ])('a token %s is never sent, and the target is misconfigured', async (_what, token) => {
    const { target } = setUp(server.origin, { auth: { kind: 'bearer', token } });
    expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
      name: 'TargetUnusable',
      why: 'misconfigured',
    });
    expect(server.asked).toEqual([]);
  });
});

describe('a minted token', () => {
  test('is minted from name and password at first need, kept, and used from then on', async () => {
    const vault = memoryVault();
    server.answer = guarded(new Set());
    const { target, budgets } = minting(vault);
    await target.find(FIND, aCall());
    await target.find(FIND, aCall());
    expect(headersOf(server.asked)).toEqual([basicOf('pass-word'), 'Bearer minted-1', 'Bearer minted-1']);
    expect(server.asked[0]).toMatchObject({
      method: 'POST',
      url: '/io/auth/token',
      body: '{"description":"Landbridge"}',
    });
    expect(tokenIn(vault.kept)).toBe('minted-1');
    expect(budgets.taken).toHaveLength(3);
  });

  test('that was minted at another address is not shown there', async () => {
    const vault = memoryVault();
    const elsewhere = await startOddServer();
    server.answer = guarded(new Set());
    elsewhere.answer = guarded(new Set());
    await minting(vault).target.find(FIND, aCall());
    await minting(vault, memoryLeases(), () => 'pass-word', elsewhere.origin).target.find(FIND, aCall());
    expect(headersOf(elsewhere.asked)).toEqual([basicOf('pass-word'), 'Bearer minted-1']);
    await closeTargets();
    await elsewhere.stop();
  });

  test('that is refused is replaced, and the refused request is repeated once', async () => {
    const vault = memoryVault('revoked');
    server.answer = guarded(new Set());
    expect(await minting(vault).target.find(FIND, aCall())).toHaveLength(1);
    expect(headersOf(server.asked)).toEqual(['Bearer revoked', basicOf('pass-word'), 'Bearer minted-1']);
    expect(tokenIn(vault.kept)).toBe('minted-1');
  });

  test('O-19 a: is minted once for ten workers of several processes that are refused together', async () => {
    const vault = memoryVault('revoked');
    const leases = memoryLeases();
    server.answer = guarded(new Set());
    const workers = Array.from({ length: 10 }, () => minting(vault, leases).target);
    const found = await Promise.all(workers.map((worker) => worker.find(FIND, aCall())));
    expect(found.map((accounts) => accounts.length)).toEqual(Array(10).fill(1));
    expect(mints()).toHaveLength(1);
  });

  test('O-19 b: where the new one is refused too, the target pauses, after one mint', async () => {
    server.answer = (asked, response) =>
      asked.url === '/io/auth/token'
        ? answering(201, { token: 'new' })(asked, response)
        : answering(401, '')(asked, response);
    expect(await failureOf(minting(memoryVault('old')).target.find(FIND, aCall()))).toMatchObject(
      UNAUTHORIZED,
    );
    expect(headersOf(server.asked)).toEqual(['Bearer old', basicOf('pass-word'), 'Bearer new']);
  });

  test('where name and password are refused, the target pauses', async () => {
    server.answer = guarded(new Set(), 'another');
    expect(await failureOf(minting(memoryVault()).target.signIn(aCall()))).toMatchObject(UNAUTHORIZED);
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, OddServer['answer']]>([
    ['no token', answering(201, { id: '1' })],
    ['a token that no header can carry', answering(201, { token: 'a b' })],
    ['404', answering(404, { Errors: [] })],
  ])('where minting answers %s, the target is misconfigured and nothing is kept', async (_what, answer) => {
    server.answer = answer;
    const vault = memoryVault();
    const failure = await failureOf(minting(vault).target.signIn(aCall()));
    expect(failure).toMatchObject({ name: 'TargetUnusable', why: 'misconfigured' });
    expect(vault.kept).toBeNull();
  });

  test('O-19 d: where minting fails for a while, nothing was written, and it works later', async () => {
    const vault = memoryVault();
    const { target } = minting(vault);
    server.answer = answering(500, '');
    for (let round = 0; round < 2; round += 1) {
      const failure = await failureOf(target.create({ userName: 'ana' }, aCall()));
      expect(failure).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    }
    expect(mints()).toHaveLength(6);
    server.answer = guarded(new Set());
    expect(await target.find(FIND, aCall())).toHaveLength(1);
  });

  test('stops waiting for another process when the caller stops', async () => {
    const leases = memoryLeases();
    await leases.acquire('token:agileplace', 1000);
    const stop = new AbortController();
    const waiting = failureOf(minting(memoryVault(), leases).target.signIn(aCall({ signal: stop.signal })));
    stop.abort();
    expect(await waiting).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(server.asked).toEqual([]);
  });
});

describe('a token kept in a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'landbridge-token-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is readable by us alone, whole at any time, and gone when removed', async () => {
    const path = join(folder, 'deep', 'agileplace.token');
    const vault = createTokenFile(path);
    expect(await vault.read('agileplace')).toBeNull();
    await vault.write('agileplace', 'first');
    await vault.write('agileplace', 'second');
    expect(await vault.read('agileplace')).toBe('second');
    expect(await readFile(path, 'utf8')).toBe('second\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['agileplace.token']);
    await vault.remove('agileplace');
    await vault.remove('agileplace');
    expect(await vault.read('agileplace')).toBeNull();
  });

  test('that cannot be read is not taken for missing', async () => {
    expect(await failureOf(createTokenFile(folder).read('agileplace'))).toMatchObject({ code: 'EISDIR' });
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { AuthOptions, ScimTargetOptions } from '../../../app/scim/index.ts';
import type { Leases, TokenVault } from '../../../app/store/ports/index.ts';
import { aCall, memoryLeases, memoryVault } from '../memory-ports.ts';
import { answering, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const FIND = { by: 'id', value: 't-1' } as const;
const ANA = { id: 't-1', userName: 'ana' };
const T0 = Date.parse('2026-03-01T12:00:00Z');

const service = oddServerForEachTest();
const issuer = oddServerForEachTest();
let clock: number;
beforeEach(() => {
  service.answer = answering(200, ANA);
  clock = T0;
});

type OAuth2 = Extract<AuthOptions, { kind: 'oauth2' }>;

function client(more: Partial<OAuth2> = {}, options: Partial<ScimTargetOptions> = {}) {
  const auth: OAuth2 = {
    kind: 'oauth2',
    tokenUrl: `${issuer.origin}/oauth/token`,
    clientId: 'landbridge',
    clientSecret: () => 's3cret',
    clientAuthentication: 'basic',
    vault: memoryVault(),
    leases: memoryLeases(),
    ...more,
  };
  return setUp(service.origin, { auth, now: () => new Date(clock), ...options });
}

/** Grants `at-1`, `at-2`, … */
function granting(more: object = {}): OddServer['answer'] {
  let granted = 0;
  return (asked, response) => {
    granted += 1;
    answering(200, { access_token: `at-${granted}`, token_type: 'Bearer', ...more })(asked, response);
  };
}

/** Lets in whoever has one of these tokens. */
function accepting(...tokens: string[]): OddServer['answer'] {
  return (asked, response) => {
    const known = tokens.some((token) => asked.headers.authorization === `Bearer ${token}`);
    answering(known ? 200 : 401, known ? ANA : '')(asked, response);
  };
}

const sentTokens = () => service.asked.map(({ headers }) => headers.authorization);
const encoded = (halves: string) => `Basic ${Buffer.from(halves).toString('base64')}`;

describe('the token request', () => {
  test('is a form to the token endpoint, with the client in the header, and takes no request budget', async () => {
    issuer.answer = granting();
    const { target, budgets } = client({ scope: 'scim.read scim.write' });
    await target.find(FIND, aCall());
    await target.find(FIND, aCall());
    expect(issuer.asked).toHaveLength(1);
    expect(issuer.asked[0]).toMatchObject({
      method: 'POST',
      url: '/oauth/token',
      body: 'scope=scim.read+scim.write&grant_type=client_credentials',
    });
    expect(issuer.asked[0]?.headers).toMatchObject({
      authorization: encoded('landbridge:s3cret'),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'Landbridge/0.0.0',
    });
    expect(issuer.asked[0]?.headers).not.toHaveProperty('x-cf-encoded-credentials');
    expect(sentTokens()).toEqual(['Bearer at-1', 'Bearer at-1']);
    expect(budgets.taken).toHaveLength(2);
  });

  test('has the client in the body where the configuration says so, and what else is asked for', async () => {
    issuer.answer = granting();
    const more = { clientAuthentication: 'post', audience: 'https://scim.test', resource: 'urn:x' } as const;
    await client(more).target.signIn(aCall());
    const [asked] = issuer.asked;
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      audience: 'https://scim.test',
      resource: 'urn:x',
      grant_type: 'client_credentials',
      client_id: 'landbridge',
      client_secret: 's3cret',
    });
    expect(asked?.headers.authorization).toBeUndefined();
  });

  test('encodes id and secret as a form does, and tells UAA so where it matters', async () => {
    issuer.answer = granting();
    await client({ clientId: 'land-bridge_1.x', clientSecret: () => 'a+b/c: ü%' }).target.signIn(aCall());
    expect(issuer.asked[0]?.headers.authorization).toBe(encoded('land-bridge_1.x:a%2Bb%2Fc%3A+%C3%BC%25'));
    expect(issuer.asked[0]?.headers['x-cf-encoded-credentials']).toBe('true');
  });

  test('keeps the query of its address', async () => {
    issuer.answer = granting();
    await client({ tokenUrl: `${issuer.origin}/token/?api-version=1.0` }).target.signIn(aCall());
    expect(issuer.asked[0]?.url).toBe('/token/?api-version=1.0');
  });

  test('renews the lease of the work that waits for it', async () => {
    issuer.answer = granting();
    let renewed = 0;
    const beforeRequest = async () => {
      renewed += 1;
    };
    await client().target.signIn(aCall({ beforeRequest }));
    expect(renewed).toBe(1);
  });
});

describe('an access token', () => {
  test('is replaced a little before it expires', async () => {
    issuer.answer = granting({ expires_in: 3600 });
    const { target } = client();
    for (const at of [0, 3_539, 3_541]) {
      clock = T0 + at * 1000;
      await target.find(FIND, aCall());
    }
    expect(sentTokens()).toEqual(['Bearer at-1', 'Bearer at-1', 'Bearer at-2']);
  });

  test.each([
    ['as text', '60', 'Bearer at-2'],
    ['nought: not known', 0, 'Bearer at-1'],
    ['beyond any date', 1e300, 'Bearer at-1'],
  ])('may tell its life %s', async (_what, expires_in, later) => {
    issuer.answer = granting({ expires_in });
    const { target } = client();
    await target.find(FIND, aCall());
    clock += 61_000;
    await target.find(FIND, aCall());
    expect(sentTokens()).toEqual(['Bearer at-1', later]);
  });

  test('that ages is used on where no other can be had, and by those who need not wait', async () => {
    issuer.answer = granting({ expires_in: 3600 });
    const leases = memoryLeases();
    const { target } = client({ leases });
    await target.find(FIND, aCall());
    clock += 3_590_000;
    issuer.answer = answering(500, '');
    await target.find(FIND, aCall());
    expect(issuer.asked).toHaveLength(2);
    await leases.acquire('token:agileplace', 1000);
    await target.find(FIND, aCall());
    expect(issuer.asked).toHaveLength(2);
    expect(sentTokens()).toEqual(['Bearer at-1', 'Bearer at-1', 'Bearer at-1']);
  });

  test('that was made for another client or scope is not used', async () => {
    issuer.answer = granting();
    const vault = memoryVault();
    await client({ vault, scope: 'a' }).target.find(FIND, aCall());
    await client({ vault, scope: 'a' }).target.find(FIND, aCall());
    await client({ vault, scope: 'b' }).target.find(FIND, aCall());
    expect(sentTokens()).toEqual(['Bearer at-1', 'Bearer at-1', 'Bearer at-2']);
  });

  test('may come without its type, as some servers send it', async () => {
    issuer.answer = answering(200, { access_token: 'at-1' });
    await client().target.find(FIND, aCall());
    expect(sentTokens()).toEqual(['Bearer at-1']);
  });

  test('can be renewed at any time; the old one is told by nothing', async () => {
    issuer.answer = granting();
    const { target } = client();
    await target.find(FIND, aCall());
    expect(await target.renewToken?.(aCall())).toBeNull();
    await target.find(FIND, aCall());
    expect(sentTokens()).toEqual(['Bearer at-1', 'Bearer at-2']);
    expect(target.tokens).toBeNull();
  });
});

describe('O-19: an access token that is refused', () => {
  test('a: is replaced by one request, whoever is refused together', async () => {
    issuer.answer = granting();
    service.answer = accepting('at-1');
    const vault = memoryVault();
    const leases = memoryLeases();
    const workers = Array.from({ length: 10 }, () => client({ vault, leases }).target);
    await Promise.all(workers.map((worker) => worker.find(FIND, aCall())));
    service.answer = accepting('at-2');
    const found = await Promise.all(workers.map((worker) => worker.find(FIND, aCall())));
    expect(found.map((accounts) => accounts.length)).toEqual(Array(10).fill(1));
    expect(issuer.asked).toHaveLength(2);
  });

  test('b: is not replaced again where the new one was refused as well, until the first pause is over', async () => {
    issuer.answer = granting();
    service.answer = accepting('at-1');
    const { target } = client();
    await target.find(FIND, aCall());
    service.answer = accepting();
    for (let request = 0; request < 3; request += 1) {
      expect(await failureOf(target.find(FIND, aCall()))).toMatchObject({
        name: 'TargetUnusable',
        why: 'unauthorized',
      });
    }
    expect(issuer.asked).toHaveLength(2);
    clock += 30_000;
    service.answer = accepting('at-3');
    expect(await target.find(FIND, aCall())).toHaveLength(1);
    expect(issuer.asked).toHaveLength(3);
  });

  test('d: waits for a token endpoint that is out of order twice', async () => {
    let asked = 0;
    const good = granting();
    issuer.answer = (request, response) => {
      asked += 1;
      if (asked <= 2) answering(500, '')(request, response);
      else good(request, response);
    };
    const { target } = client();
    const found = await Promise.all(Array.from({ length: 10 }, () => target.find(FIND, aCall())));
    expect(found.map((accounts) => accounts.length)).toEqual(Array(10).fill(1));
    expect(issuer.asked).toHaveLength(3);
  });
});

describe('where the token endpoint answers', () => {
  test.each<[string, OddServer['answer'], object, RegExp]>([
    [
      '401',
      answering(401, { error: 'invalid_client' }),
      { why: 'unauthorized' },
      /invalid_client \(401\); check clientId, clientSecret/,
    ],
    ['401 as a page', answering(401, '<html>'), { why: 'unauthorized' }, /the client was refused \(401\)/],
    [
      '400 invalid_client',
      answering(400, { error: 'invalid_client' }),
      { why: 'unauthorized' },
      /invalid_client \(400\)/,
    ],
    [
      '400 invalid_scope',
      answering(400, { error: 'invalid_scope' }),
      { why: 'unauthorized' },
      /invalid_scope \(400\); check scope/,
    ],
    [
      '400 with a word of its own',
      answering(400, { error: 's3cret' }),
      { why: 'misconfigured' },
      /answered 400 and no token; check tokenUrl/,
    ],
    ['404', answering(404, '<html>'), { why: 'misconfigured' }, /answered a page and no token/],
    [
      'a redirect',
      answering(302, '', { location: 'https://elsewhere.example.test/' }),
      { why: 'misconfigured' },
      /answered 302 and no token/,
    ],
    ['a sign-in page', answering(200, '<html>'), { why: 'misconfigured' }, /answered a page and no token/],
    ['nothing', answering(204, ''), { why: 'misconfigured' }, /answered 204 and no token/],
    [
      'no token',
      answering(200, { token_type: 'bearer' }),
      { why: 'misconfigured' },
      /no bearer token came back/,
    ],
    [
      'a token that is no text',
      answering(200, { access_token: 7 }),
      { why: 'misconfigured' },
      /no bearer token came back/,
    ],
    [
      'a token of another type',
      answering(200, { access_token: 'x', token_type: 'mac' }),
      { why: 'misconfigured' },
      /no bearer token came back/,
    ],
    [
      'a token that has to be signed for',
      answering(200, { access_token: 'x', token_type: 'DPoP' }),
      { why: 'misconfigured' },
      /no bearer token came back/,
    ],
    [
      'a token that no header can carry',
      answering(200, { access_token: 'a b', token_type: 'bearer' }),
      { why: 'misconfigured' },
      /holds blanks/,
    ],
  ])('%s, the target is unusable and nothing is kept', async (_what, answer, expected, words) => {
    issuer.answer = answer;
    const vault = memoryVault();
    const failure = await failureOf(client({ vault }).target.find(FIND, aCall()));
    expect(failure).toMatchObject({ name: 'TargetUnusable', ...expected });
    expect(String(failure)).toMatch(words);
    expect(String(failure)).not.toContain('s3cret');
    expect([issuer.asked.length, service.asked.length, vault.kept]).toEqual([1, 0, null]);
  });

  test('429, the work waits as long as it says', async () => {
    issuer.answer = answering(429, '', { 'retry-after': '20' });
    const failure = await failureOf(client().target.find(FIND, aCall()));
    expect(failure).toMatchObject({ name: 'RateLimited', until: new Date(T0 + 20_000) });
    expect(issuer.asked).toHaveLength(1);
  });

  test('503 with a long Retry-After, it is not asked before', async () => {
    issuer.answer = answering(503, '', { 'retry-after': '60' });
    expect(await failureOf(client().target.find(FIND, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: false,
      notBefore: new Date(T0 + 60_000),
    });
    expect(issuer.asked).toHaveLength(1);
  });

  test('500 again and again, or not at all, the target is unavailable and nothing was written', async () => {
    const create = (tokenUrl?: string) =>
      failureOf(
        client(tokenUrl === undefined ? {} : { tokenUrl }).target.create({ userName: 'ana' }, aCall()),
      );
    issuer.answer = answering(500, '');
    expect(await create()).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(issuer.asked).toHaveLength(3);
    expect(await create('http://127.0.0.1:1/token')).toMatchObject({ name: 'TargetUnavailable' });
    expect(service.asked).toEqual([]);
  });

  test('a secret that cannot be read is not sent', async () => {
    const clientSecret = () => {
      throw new Error('/secret/path');
    };
    expect(await failureOf(client({ clientSecret }).target.signIn(aCall()))).toMatchObject({
      name: 'TargetUnusable',
      why: 'misconfigured',
      message:
        'the clientSecret for target agileplace cannot be read; check the file or variable it comes from',
    });
    expect(issuer.asked).toEqual([]);
  });
});

describe('those who wait together', () => {
  const slowly =
    (answer: OddServer['answer']): OddServer['answer'] =>
    (asked, response) =>
      void setTimeout(() => answer(asked, response), 100);

  test('share a refusal, so that a wrong secret is not tried once for each', async () => {
    issuer.answer = slowly(answering(401, { error: 'invalid_client' }));
    const { target } = client();
    const failures = await Promise.all(
      Array.from({ length: 10 }, () => failureOf(target.find(FIND, aCall()))),
    );
    expect(failures.map((failure) => (failure as Error).name)).toEqual(Array(10).fill('TargetUnusable'));
    expect(issuer.asked).toHaveLength(1);
  });

  test('get their token though the one who asked for it stops', async () => {
    issuer.answer = slowly(granting());
    const stop = new AbortController();
    const { target } = client();
    const first = failureOf(target.find(FIND, aCall({ signal: stop.signal })));
    const second = target.find(FIND, aCall());
    setTimeout(() => stop.abort(), 30);
    expect(await first).toMatchObject({ name: 'TargetUnavailable' });
    expect(await second).toHaveLength(1);
  });
});

/** Two processes on two machines see one vault and one lease. */
test('a process that waits for another one takes the token that it got', async () => {
  issuer.answer = granting();
  const vault: TokenVault & { kept: string | null } = memoryVault();
  const leases: Leases = memoryLeases();
  const held = await leases.acquire('token:agileplace', 10_000);
  const waiting = client({ vault, leases }).target.find(FIND, aCall());
  await vault.write('agileplace', '{"token":"of-another-process"}');
  expect(await waiting).toHaveLength(1);
  expect(sentTokens()).toEqual(['Bearer of-another-process']);
  expect(issuer.asked).toEqual([]);
  expect(held).not.toBeNull();
});

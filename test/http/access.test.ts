import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bundle, event, know, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.log.length = 0;
});
afterAll(() => bundle.stop());

const problem = (kind: string) => `urn:landbridge:problem:${kind}`;

describe('O-27: a token', () => {
  test.each([
    ['none', {}],
    ['an empty one', { Authorization: 'Bearer ' }],
    ['an unknown one', { Authorization: 'Bearer lb_canary-unknown' }],
    ['one of another scheme', { Authorization: `Basic ${Buffer.from('a:canary').toString('base64')}` }],
    ['one without its scheme', { Authorization: TOKENS.reader }],
  ])('is needed: %s gets 401', async (_what, headers) => {
    const { status, body, type, headers: answered } = await request(bundle.app).get('/v1/runs').set(headers);
    expect([status, type, body.type]).toEqual([401, 'application/problem+json', problem('unauthorized')]);
    expect(answered['www-authenticate']).toBe('Bearer realm="landbridge"');
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test.each(['access_token', 'token', 'Access_Token'])(
    'in the address as %s gets 401, also beside a valid header',
    async (name) => {
      const alone = await request(bundle.app).get(`/v1/runs?${name}=${TOKENS.reader}`);
      expect([alone.status, alone.body.type]).toEqual([401, problem('unauthorized')]);
      expect((await bundle.get(`/v1/runs?${name}=${TOKENS.reader}`)).status).toBe(401);
      expect((await request(bundle.app).get(`/healthz?${name}=x`)).status).toBe(401);
      expect(bundle.log.join('')).not.toContain(TOKENS.reader);
    },
  );

  test.each([
    ['JSON', 'application/json', JSON.stringify({ access_token: TOKENS.sender })],
    ['a form', 'application/x-www-form-urlencoded', `access_token=${TOKENS.sender}`],
  ])('in a body of %s gets 401', async (_what, type, body) => {
    const answer = await request(bundle.app).post('/v1/events').set('Content-Type', type).send(body);
    expect(answer.status).toBe(401);
  });

  test('without the scope gets 403 that names it', async () => {
    const { status, body, headers } = await bundle.post('/v1/events', event(), TOKENS.reader);
    expect([status, body.type]).toEqual([403, problem('forbidden')]);
    expect(body.detail).toBe('This needs the scope events:write, which the token does not have.');
    expect(headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="events:write"');
    const event1 = await bundle.get('/v1/events/e1', TOKENS.admin);
    expect(event1.status).toBe(404);
    const release = await bundle.post('/v1/runs/x/release', {}, TOKENS.operator);
    expect([release.status, release.body.detail]).toEqual([
      403,
      'This needs the scope admin, which the token does not have.',
    ]);
  });

  test('that is guessed often is answered with 429, while valid ones go on', async () => {
    const own = await startBundle();
    const guesses = await Promise.all(Array.from({ length: 70 }, () => own.get('/v1/runs', 'lb_guess')));
    const count = (status: number) => guesses.filter((guess) => guess.status === status).length;
    expect([count(401), count(429)]).toEqual([60, 10]);
    expect((await own.get('/v1/runs')).status).toBe(200);
    await own.stop();
  });

  test('or a person of the request is in no log line and no answer', async () => {
    await know(bundle, 'a1', { mail: 'canary@example.test' });
    await bundle.get('/v1/people/canary@example.test?x=canary-query', TOKENS.reader);
    await bundle.get('/v1/people/canary@example.test', 'lb_canary-tok');
    await bundle.post('/v1/events', event({ data: { attributes: { mail: 'canary' } } }), TOKENS.sender);
    await bundle.get('/canary');
    const lines = bundle.log.map((line) => JSON.parse(line));
    expect(lines.map(({ route, status, caller }) => [route, status, caller])).toEqual([
      ['/v1/people/{id}', 400, 'reader'],
      ['/v1/people/{id}', 401, undefined],
      ['/v1/events', 202, 'sender'],
      ['none', 404, undefined],
    ]);
    expect(bundle.log.join('')).not.toMatch(/canary|lb_/);
  });
});

describe('an address', () => {
  test('that is not there gets 404, one used wrongly 405, a malformed one 400', async () => {
    const nothing = await bundle.get('/v1/nothing');
    expect([nothing.status, nothing.type, nothing.body.type]).toEqual([
      404,
      'application/problem+json',
      problem('not-found'),
    ]);
    const wrong = await request(bundle.app).delete('/v1/events');
    expect([wrong.status, wrong.headers.allow, wrong.body.type]).toEqual([
      405,
      'POST',
      problem('method-not-allowed'),
    ]);
    const malformed = await bundle.get('/v1/people/%E0%A4%A');
    expect([malformed.status, malformed.body.type]).toEqual([400, problem('invalid-request')]);
  });

  test('with an unknown query is refused by name', async () => {
    const { status, body } = await bundle.get('/v1/runs?limit=0&colour=red');
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'limit', message: 'must be 1 or more.' },
      { field: 'colour', message: 'is not known here. Leave it out, or correct its spelling.' },
    ]);
  });

  test('answers with an id of the request, security headers and no caching', async () => {
    const { headers } = await bundle.get('/v1/runs').set('X-Request-Id', 'mine-1');
    expect(headers['x-request-id']).toBe('mine-1');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
    const strange = await bundle.get('/v1/runs').set('X-Request-Id', 'a b');
    expect(strange.headers['x-request-id']).toMatch(/^id-\d+$/);
  });
});

test('O-27: a failure of ours shows no stack and no message, in the answer as in the log', async () => {
  const runs = { ...bundle.deps.runs, list: () => Promise.reject(new Error('canary-message')) };
  const own = await startBundle({ runs });
  const { status, body } = await own.get('/v1/runs');
  expect([status, body]).toEqual([
    500,
    {
      type: problem('internal'),
      title: 'Landbridge made a mistake',
      status: 500,
      detail: 'The log says more, under the X-Request-Id of this answer.',
    },
  ]);
  const failure = own.log.map((line) => JSON.parse(line)).find(({ err }) => err !== undefined);
  expect(failure).toMatchObject({ level: 'error', msg: 'request failed', err: { name: 'Error' } });
  expect(own.log.join('')).not.toContain('canary');
  await own.stop();
});

describe('while Redis', () => {
  test('cannot be reached, an event gets 503 with Retry-After, and /readyz says why', async () => {
    const own = await startBundle({ patience: { storeMs: 300, remoteMs: 300 } });
    await own.server.stop();
    const { status, headers, body } = await own.post('/v1/events', event(), TOKENS.sender);
    expect([status, headers['retry-after'], body.type]).toEqual([503, '5', problem('unavailable')]);
    const ready = await request(own.app).get('/readyz');
    expect([ready.status, ready.body]).toEqual([503, { ready: false, notReady: ['redis'] }]);
    expect((await request(own.app).get('/healthz')).status).toBe(200);
    own.redis.disconnect();
  });

  test('has no room, an event gets 503 and is taken when it is sent again', async () => {
    await bundle.redis.config('SET', 'maxmemory', '1');
    const refused = await bundle.post('/v1/events', event(), TOKENS.sender);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    await bundle.redis.config('SET', 'maxmemory', '0');
    const taken = await bundle.post('/v1/events', event(), TOKENS.sender);
    expect([taken.status, taken.body.result]).toEqual([202, 'accepted']);
  });
});

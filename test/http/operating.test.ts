import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refused } from '../../app/errors.ts';
import type { PersonKey } from '../../app/person/anchor.ts';
import { createStore } from '../../app/store/connection.ts';
import { createLeases } from '../../app/store/leases.ts';
import type { Run } from '../../app/store/ports/index.ts';
import { learnBudget } from '../support/learn-budget.ts';
import { type Bundle, event, know, startBundle, TOKENS } from './bundle.ts';

const [one, two] = ['hr:1' as PersonKey, 'hr:2' as PersonKey];

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.directory.clear();
  bundle.target.accounts.clear();
  bundle.target.failure = null;
});
afterAll(() => bundle.stop());

describe('a person', () => {
  test.each(['corp:a1', 'a1', 'ada', 'ADA@example.test'])('is shown by the name %s', async (name) => {
    await know(bundle, 'a1', { uid: 'ada', mail: 'ada@example.test', userPassword: 'canary-pw' });
    const { status, body, text } = await bundle.get(`/v1/people/${encodeURIComponent(name)}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      person: 'corp:a1',
      source: 'corp',
      stableId: 'a1',
      presence: { state: 'present' },
      observedAt: '2026-03-01T12:00:00.000Z',
      entry: {
        revision: '',
        attributes: { uid: ['ada'], mail: ['ada@example.test'], userpassword: ['[redacted]'] },
      },
      anchors: [],
      groups: [],
      targets: [
        {
          target: 'agileplace',
          link: null,
          due: null,
          again: null,
          lastPlan: null,
          lastAnswer: null,
          waitsFor: [],
          heldBy: null,
          deadLetter: null,
        },
      ],
      log: [],
      _links: { self: '/v1/people/corp%3Aa1' },
    });
    expect(text).not.toContain('canary');
  });

  test('is shown with link, last plan, last answer and what was done', async () => {
    await bundle.post('/v1/events', event(), TOKENS.sender);
    const waiting = await bundle.get('/v1/people/hr:1001');
    expect(waiting.body.targets[0].due).toEqual({
      since: '2026-03-01T12:00:00.000Z',
      lane: 'joiner',
      fresh: false,
    });
    await bundle.work();
    const { body } = await bundle.get('/v1/people/hr:1001');
    const at = '2026-03-01T12:00:00.000Z';
    expect(body.targets).toEqual([
      {
        target: 'agileplace',
        link: { id: 't-1', madeBy: 'created', madeAt: at, confirmedAt: at, certain: true },
        due: null,
        again: null,
        lastPlan: {
          action: 'create',
          reason: 'new in scope',
          user: { userName: 'ada@example.test', externalId: '1001', active: true, department: 'Maths' },
        },
        lastAnswer: { outcome: 'done', at, accountId: 't-1' },
        waitsFor: [],
        heldBy: null,
        deadLetter: null,
      },
    ]);
    expect(body.log).toEqual([
      { at, target: 'agileplace', action: 'create', reason: 'new in scope', accountId: 't-1', changes: [] },
    ]);
  });

  test('is shown with what waits for whose account', async () => {
    const key = await know(bundle, 'a1', { mail: 'ada@example.test' });
    const leases = createLeases(createStore(bundle.redis, 'landbridge'));
    const lease = await leases.acquire(`write:agileplace:${key}`, 60_000);
    if (lease === null) throw new Error('nobody else holds it');
    const place = {
      attribute: 'urn:scim:schemas:extension:enterprise:1.0:manager.managerId',
      from: 'manager',
    };
    const served = {
      seq: 1,
      at: '2026-03-01T12:00:00.000Z',
      state: 'unchanged',
      plan: { action: 'none', reason: 'nothing differs' },
      waiting: [
        { ...place, person: 'corp:g1' as PersonKey },
        { ...place, person: null },
      ],
    } as const;
    await bundle.deps.due.serve('agileplace', key, served, lease);
    const { body } = await bundle.get('/v1/people/corp:a1');
    expect(body.targets[0].waitsFor).toEqual([
      { ...place, person: 'corp:g1', words: 'waits for an account of corp:g1' },
      { ...place, person: null, words: 'manager names nobody who is known' },
    ]);
    const { text } = await bundle.get('/metrics', TOKENS.reader);
    expect(text).toContain('landbridge_references_waiting{target="agileplace"} 1\n');
  });

  test('of an ambiguous name is 409, an unknown one 404', async () => {
    await know(bundle, 'a1', { mail: 'team@example.test' });
    await know(bundle, 'b2', { mail: 'team@example.test' });
    const several = await bundle.get('/v1/people/team@example.test');
    expect([several.status, several.body.people]).toEqual([409, ['corp:a1', 'corp:b2']]);
    expect((await bundle.get('/v1/people/nobody')).status).toBe(404);
  });
});

describe('dead letters', () => {
  const refused = async () => {
    bundle.target.failure = new Refused(400, 'title is too long');
    await bundle.post('/v1/events', event(), TOKENS.sender);
    await bundle.work();
    bundle.target.failure = null;
  };
  const retry = (body: unknown) => bundle.post('/v1/dead-letters/retry', body);

  test("show the target's own words, and go away when the person succeeds", async () => {
    await refused();
    const listed = await bundle.get('/v1/dead-letters');
    expect(listed.body).toEqual({
      items: [
        {
          target: 'agileplace',
          person: 'hr:1001',
          group: null,
          at: '2026-03-01T12:00:00.000Z',
          status: 400,
          words: 'title is too long',
          action: null,
          _links: { person: '/v1/people/hr%3A1001' },
        },
      ],
    });
    expect(bundle.log.join('')).not.toContain('title is too long');
    const sent = await retry({ target: 'agileplace', person: 'hr:1001' });
    expect([sent.status, sent.body]).toEqual([202, { due: 1 }]);
    expect((await bundle.get('/v1/dead-letters')).body.items).toHaveLength(1);
    await bundle.work();
    expect((await bundle.get('/v1/dead-letters')).body.items).toEqual([]);
    expect(bundle.target.accounts.size).toBe(1);
  });

  test('are sent again at their own target only', async () => {
    const [first] = bundle.deps.mappings;
    const elsewhere = first === undefined ? [] : [{ ...first, target: 'other' }];
    const own = await startBundle({ mappings: [...bundle.deps.mappings, ...elsewhere] });
    const letter = { target: 'agileplace', key: one, at: '', status: 400, words: 'no', action: null };
    await own.deps.deadLetters.put(letter);
    const sent = await own.post('/v1/dead-letters/retry', { target: 'agileplace', person: one });
    expect([sent.status, sent.body]).toEqual([202, { due: 1 }]);
    expect(await own.deps.due.get('agileplace', one)).toMatchObject({ fresh: true, lane: 'manual' });
    expect(await own.deps.due.get('other', one)).toBeNull();
    await own.stop();
  });

  test('are sent again all at once', async () => {
    await refused();
    bundle.target.failure = new Refused(400, 'no');
    await bundle.post('/v1/events', event({ id: 'e2', subject: '1002' }), TOKENS.sender);
    await bundle.work();
    bundle.target.failure = null;
    expect((await retry({ target: 'agileplace', all: true })).body).toEqual({ due: 2 });
  });

  test('that are not there cannot be sent again', async () => {
    expect((await retry({ target: 'agileplace', person: 'hr:1001' })).status).toBe(404);
    const elsewhere = await retry({ target: 'nowhere', all: true });
    expect([elsewhere.status, elsewhere.body.errors]).toEqual([
      422,
      [{ field: 'target', message: 'is not in landbridge.yaml. There are: agileplace.' }],
    ]);
    expect((await retry({ target: 'agileplace', all: false })).status).toBe(400);
  });
});

describe('a held run', () => {
  const held: Run = {
    id: 'r1',
    kind: 'sweep',
    state: 'held',
    startedAt: '2026-03-01T11:00:00.000Z',
    source: 'corp',
    tracking: 'time-stamps',
    notices: ['not read by content-sync: the server does not offer it'],
    reason: '3 of 3 known people are missing',
    counts: { missing: 1 },
    releasable: true,
  };

  test('O-05: is listed, and what it holds goes when an operator releases it', async () => {
    const key = await know(bundle, 'a1', { mail: 'ada@example.test' });
    await bundle.deps.runs.put(held);
    await bundle.deps.holds.put('r1', [{ key, target: 'agileplace', absence: 'missing' }]);
    const listed = await bundle.get('/v1/runs?state=held');
    expect(listed.body.items).toEqual([
      {
        ...held,
        _links: {
          self: '/v1/runs/r1',
          holds: '/v1/runs/r1/holds',
          release: '/v1/runs/r1/release',
          reject: '/v1/runs/r1/reject',
        },
      },
    ]);
    expect((await bundle.get('/v1/people/a1')).body.targets[0].heldBy).toBe('/v1/runs/r1');

    const released = await bundle.post('/v1/runs/r1/release', { reason: 'ticket 1' }, TOKENS.admin);
    expect([released.status, released.body.state, released.body.actor]).toEqual([200, 'released', 'admin']);
    expect((await bundle.deps.identities.get(key))?.presence.state).toBe('absent');
    const again = await bundle.post('/v1/runs/r1/release', { reason: 'ticket 1' }, TOKENS.admin);
    expect([again.status, again.body.detail]).toEqual([
      409,
      'Not released: this run is released, nothing of it waits.',
    ]);
  });

  test('O-06: of an incomplete read cannot be released', async () => {
    await bundle.deps.runs.put({ ...held, releasable: false });
    const { status, body } = await bundle.post('/v1/runs/r1/release', { reason: 'ticket 1' }, TOKENS.admin);
    expect(status).toBe(409);
    expect(body.detail).toContain('the read was incomplete');
  });

  test('that is not there is 404', async () => {
    expect((await bundle.post('/v1/runs/r9/release', { reason: 'ticket 1' }, TOKENS.admin)).status).toBe(404);
    expect((await bundle.get('/v1/runs/r9')).status).toBe(404);
  });
});

describe('a target', () => {
  test('is compared with what is wanted when somebody asks for it, as a run that can be followed', async () => {
    const asked = await bundle.post('/v1/targets/agileplace/reconcile', {});
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({
      kind: 'reconcile',
      state: 'running',
      target: 'agileplace',
      actor: 'operator',
    });
    const followed = await bundle.get(asked.headers.location ?? '');
    expect(followed.body).toEqual(asked.body);
    expect((await bundle.post('/v1/targets/nowhere/reconcile', {})).status).toBe(404);
    expect((await bundle.post('/v1/targets/agileplace/reconcile', {}, TOKENS.reader)).status).toBe(403);
  });

  test('shows how it stands, and goes on at once when an operator resumes it', async () => {
    const { breakers, budgets, paces, tallies, now } = bundle.deps;
    await breakers.fail('agileplace', 'status 401', 1, now());
    const resetAt = new Date('2026-03-01T12:01:00Z');
    await learnBudget(budgets, 'agileplace', { limit: 120, remaining: 7, resetAt });
    await paces.tell('agileplace', 'worker-1', 4);
    await tallies.admit('removals:agileplace', one, 1, 3_600_000, now());
    await tallies.admit('vanished:agileplace', one, 1, 3_600_000, now());
    await tallies.admit('vanished-groups:agileplace', one, 1, 3_600_000, now());
    await bundle.post('/v1/events', event(), TOKENS.sender);
    const paused = await bundle.get('/v1/targets');
    const standing = {
      name: 'agileplace',
      budget: { limit: 120, remaining: 7, resetAt: '2026-03-01T12:01:00.000Z' },
      concurrency: 4,
      adoption: 'by-itself',
      due: 1,
      deadLetters: 0,
      activeAccounts: 0,
      queue: { waiting: 1, active: 0, delayed: 0, failed: 0 },
    };
    const breaker = {
      state: 'open',
      reason: 'status 401',
      since: '2026-03-01T12:00:00.000Z',
      until: '2026-03-01T12:00:30.000Z',
    };
    expect(paused.body).toEqual({ items: [{ ...standing, breaker }] });

    const resumed = await bundle.post('/v1/targets/agileplace/resume', {}, TOKENS.admin);
    expect([resumed.status, resumed.body]).toEqual([200, { ...standing, breaker: null }]);
    for (const tally of ['removals:agileplace', 'vanished:agileplace', 'vanished-groups:agileplace']) {
      expect(await tallies.admit(tally, two, 1, 3_600_000, now())).toEqual({ admitted: true, count: 1 });
    }
    expect((await bundle.post('/v1/targets/nowhere/resume', {}, TOKENS.admin)).status).toBe(404);
  });
});

describe('machines', () => {
  test('may ask without a token whether the process lives and is ready', async () => {
    const alive = await request(bundle.app).get('/healthz');
    expect([alive.status, alive.body]).toEqual([200, { alive: true }]);
    const ready = await request(bundle.app).get('/readyz');
    expect([ready.status, ready.body]).toEqual([200, { ready: true, notReady: [] }]);
  });

  test('need the scope read for metrics, and see what every worker did', async () => {
    expect((await request(bundle.app).get('/metrics')).status).toBe(401);
    expect((await bundle.get('/metrics', TOKENS.sender)).status).toBe(403);
    await bundle.post('/v1/events', event(), TOKENS.sender);
    await bundle.work();
    const { text, headers } = await bundle.get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('landbridge_applied_total{action="create",target="agileplace"} 1\n');
    expect(text).toContain('landbridge_people_present{source="hr"} 1\n');
    expect(text).toContain('landbridge_queue_jobs{target="agileplace",state="waiting"} 1\n');
  });
});

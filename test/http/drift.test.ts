/** What an operator is told of the last comparison of everybody at a target. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import type { Drift, DriftFound } from '../../app/store/ports/index.ts';
import { type Bundle, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
});
afterAll(() => bundle.stop());

const AT = '2026-03-01T12:00:00.000Z';
const drift = (why: Drift['why'], id: string, differences: Drift['differences'] = []): Drift => ({
  why,
  person: `corp:${id}` as PersonKey,
  account: `t-${id}`,
  differences,
});
const FOUND: DriftFound = {
  summary: {
    run: 'run-1',
    at: AT,
    drifts: { 'hand-edit': 2, source: 0, kept: 0, missing: 7, unlinked: 0 },
    unknownAccounts: 5,
    notListed: { drifts: 6, unknownAccounts: 3 },
  },
  drifts: [
    drift('hand-edit', 'a1', [{ path: 'title', has: 'Countess', wanted: null }]),
    drift('hand-edit', 'a2', [{ path: 'apiKey', has: 'canary', wanted: 'canary' }]),
    drift('missing', 'a3'),
  ],
  unknownAccounts: [
    { id: 't-8', userName: 'Root' },
    { id: 't-9', userName: 'admin' },
  ],
};
const COMPARED = { run: '/v1/runs/run-1', at: AT };

test('accounts that differ are listed a page at a time, with the reason, and without a credential', async () => {
  await bundle.deps.drift.replace('agileplace', FOUND);
  const first = await bundle.get('/v1/targets/agileplace/drift?limit=2');
  expect(first.status).toBe(200);
  expect(first.body).toEqual({
    compared: COMPARED,
    counts: FOUND.summary.drifts,
    notListed: 6,
    items: [
      {
        ...drift('hand-edit', 'a1', [{ path: 'title', has: 'Countess', wanted: null }]),
        _links: { person: '/v1/people/corp%3Aa1' },
      },
      {
        ...drift('hand-edit', 'a2', [{ path: 'apiKey', has: '[redacted]', wanted: '[redacted]' }]),
        _links: { person: '/v1/people/corp%3Aa2' },
      },
    ],
    next: expect.any(String),
  });
  const second = await bundle.get(`/v1/targets/agileplace/drift?limit=2&after=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ why: 'missing', person: 'corp:a3' }], next: null });
  const missing = await bundle.get('/v1/targets/agileplace/drift?why=missing');
  expect(missing.body).toMatchObject({ items: [{ person: 'corp:a3' }], next: null });
});

test('unknown accounts are listed by name, with id and name only', async () => {
  await bundle.deps.drift.replace('agileplace', FOUND);
  const first = await bundle.get('/v1/targets/agileplace/unknown-accounts?limit=1');
  expect(first.body).toEqual({
    compared: COMPARED,
    count: 5,
    notListed: 3,
    items: [{ id: 't-9', userName: 'admin' }],
    next: expect.any(String),
  });
  const second = await bundle.get(`/v1/targets/agileplace/unknown-accounts?limit=1&after=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ id: 't-8', userName: 'Root' }], next: null });
});

test('before the first comparison there is nothing to say', async () => {
  expect((await bundle.get('/v1/targets/agileplace/drift')).body).toEqual({
    compared: null,
    counts: { 'hand-edit': 0, source: 0, kept: 0, missing: 0, unlinked: 0 },
    notListed: 0,
    items: [],
    next: null,
  });
  expect((await bundle.get('/v1/targets/agileplace/unknown-accounts')).body).toEqual({
    compared: null,
    count: 0,
    notListed: 0,
    items: [],
    next: null,
  });
});

test.each(['drift', 'unknown-accounts'])(
  '%s of a target that is not there, or by a token that may not read',
  async (list) => {
    expect((await bundle.get(`/v1/targets/elsewhere/${list}`)).status).toBe(404);
    expect((await bundle.get(`/v1/targets/agileplace/${list}`, TOKENS.sender)).status).toBe(403);
    expect((await bundle.get(`/v1/targets/agileplace/${list}?after=%21`)).status).toBe(400);
  },
);

test('the metrics tell how many there are, once everybody was compared', async () => {
  expect((await bundle.get('/metrics')).text).not.toContain('landbridge_drift{');
  await bundle.deps.drift.replace('agileplace', FOUND);
  const { text } = await bundle.get('/metrics');
  expect(text).toContain('landbridge_drift{target="agileplace",kind="hand-edit"} 2');
  expect(text).toContain('landbridge_drift{target="agileplace",kind="missing"} 7');
  expect(text).toContain('landbridge_unknown_accounts{target="agileplace"} 5');
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStore } from '../../app/store/connection.ts';
import { createLeases } from '../../app/store/leases.ts';
import type { Run } from '../../app/store/ports/index.ts';
import { type Bundle, know, startBundle, TOKENS } from './bundle.ts';

const RUN: Run = {
  id: 'r1',
  kind: 'sweep',
  state: 'held',
  startedAt: '2026-03-01T11:00:00.000Z',
  source: 'corp',
  reason: '3 of 3 known people are missing',
  counts: { missing: 3 },
  releasable: true,
};
const AT = '2026-03-01T12:00:00.000Z';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.directory.clear();
  await bundle.deps.runs.put(RUN);
  for (const id of ['a1', 'b2', 'c3']) {
    const key = await know(bundle, id, {
      mail: `${id}@example.test`,
      givenname: 'Ada',
      sn: id.toUpperCase(),
    });
    await linked(key);
    await bundle.deps.holds.put('r1', [{ key, target: 'agileplace', absence: 'missing' }]);
  }
});
afterAll(() => bundle.stop());

async function linked(key: Awaited<ReturnType<typeof know>>): Promise<void> {
  const leases = createLeases(createStore(bundle.redis, 'landbridge'));
  const lease = await leases.acquire(`write:agileplace:${key}`, 60_000);
  if (lease === null) throw new Error('nobody else holds it');
  const user = { userName: `${key}@example.test`, active: true };
  const link = { target: 'agileplace', key, id: `t-${key}`, madeBy: 'created', madeAt: AT } as const;
  await bundle.deps.links.put({ ...link, desired: user, echo: user, certain: true, confirmedAt: AT }, lease);
}

const decide = (verb: 'release' | 'reject', body: unknown, token: string = TOKENS.admin) =>
  bundle.post(`/v1/runs/r1/${verb}`, body, token);
const presence = async (id: string) =>
  (await bundle.deps.identities.get(`corp:${id}` as Awaited<ReturnType<typeof know>>))?.presence.state;

describe('what is held', () => {
  test('is listed with whom, what, why, since and until when, a page at a time', async () => {
    const first = await bundle.get('/v1/holds?limit=2');
    expect(first.status).toBe(200);
    expect(first.body.items[0]).toEqual({
      person: 'corp:a1',
      name: 'Ada A1',
      target: 'agileplace',
      state: 'waiting',
      action: 'deactivate',
      why: 'missing',
      since: AT,
      expires: '2026-03-08T12:00:00.000Z',
      run: 'r1',
      _links: { run: '/v1/runs/r1', person: '/v1/people/corp%3Aa1' },
    });
    const after = encodeURIComponent(first.body.next);
    const second = await bundle.get(`/v1/holds?limit=2&after=${after}`);
    expect(second.body.items.map((item: { person: string }) => item.person)).toEqual(['corp:c3']);
    expect(second.body.next).toBeNull();
    expect((await bundle.get('/v1/holds?target=nowhere')).body).toEqual({ items: [], next: null });
    expect((await bundle.get('/v1/holds?run=r9')).body.items).toEqual([]);
    expect((await bundle.get('/v1/runs/r1/holds')).body.items).toHaveLength(3);
    expect((await bundle.get('/v1/runs/r9/holds')).status).toBe(404);
    expect((await bundle.get('/v1/runs/r1')).body._links).toEqual({
      self: '/v1/runs/r1',
      holds: '/v1/runs/r1/holds',
      release: '/v1/runs/r1/release',
      reject: '/v1/runs/r1/reject',
    });
  });

  test('names people only to who may read', async () => {
    const own = await startBundle({
      verifyToken: () => ({ name: 'decider', scopes: ['admin'] }),
      holds: bundle.deps.holds,
      identities: bundle.deps.identities,
      links: bundle.deps.links,
    });
    const { body, text } = await own.get('/v1/holds');
    expect(body.items).toHaveLength(3);
    expect(text).not.toContain('Ada');
    await own.stop();
    expect((await bundle.get('/v1/holds', TOKENS.sender)).status).toBe(403);
  });
});

describe('a decision', () => {
  test('needs a reason and the right scope, and is refused for whom the run does not hold', async () => {
    expect((await decide('release', {})).body.errors).toEqual([
      { field: 'reason', message: 'must be text of 1 to 500 characters, without control characters.' },
    ]);
    expect((await decide('reject', { reason: 'no', people: ['a1'] })).status).toBe(400);
    expect((await decide('reject', { reason: 'no' }, TOKENS.reader)).status).toBe(403);
    const others = await decide('release', { reason: 'yes', people: ['corp:a1', 'corp:z9'] });
    expect([others.status, others.body.detail]).toEqual([
      409,
      'Not released: this run holds no removal of corp:z9.',
    ]);
    expect(await presence('a1')).toBe('present');
  });

  test('lets some go and keeps others; who decided, when and why stands with each person', async () => {
    const released = await decide('release', { reason: 'ticket 1', people: ['corp:a1'] });
    expect([released.status, released.body.state, released.body.note]).toEqual([200, 'held', 'ticket 1']);
    const rejected = await decide('reject', { reason: 'ticket 2' });
    expect([rejected.status, rejected.body.state]).toEqual([200, 'rejected']);
    expect(await Promise.all(['a1', 'b2', 'c3'].map(presence))).toEqual(['absent', 'present', 'present']);
    const { body } = await bundle.get('/v1/holds?state=rejected');
    expect(body.items).toMatchObject([
      { person: 'corp:b2', state: 'rejected', decided: { by: 'admin', at: AT, reason: 'ticket 2' } },
      { person: 'corp:c3', state: 'rejected' },
    ]);
    expect((await bundle.get('/v1/people/b2')).body.log).toEqual([
      {
        at: AT,
        target: 'agileplace',
        action: 'reject',
        reason: 'ticket 2',
        actor: 'admin',
        run: 'r1',
        changes: [],
      },
    ]);
    const again = await decide('reject', { reason: 'ticket 2' });
    expect([again.status, again.body.detail]).toEqual([
      409,
      'Not rejected: this run is rejected, nothing of it waits.',
    ]);
    const afterAll = await decide('release', { reason: 'ticket 3', people: ['corp:b2'] });
    expect([afterAll.status, afterAll.body.state]).toEqual([200, 'released']);
    expect(await presence('b2')).toBe('absent');
  });
});

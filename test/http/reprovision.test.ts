import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RateLimited, TargetUnavailable } from '../../app/errors.ts';
import { countJobs } from '../../app/queue/job-counts.ts';
import { type Bundle, inScope, know, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.directory.clear();
  bundle.target.accounts.clear();
  bundle.target.writes = 0;
  bundle.target.failure = null;
});
afterAll(() => bundle.stop());

const reprovision = (body: unknown) => bundle.post('/v1/reprovision', body);

/** Ada, known and provisioned. */
async function provisioned(): Promise<void> {
  await know(bundle, 'a1', { mail: 'ada@example.test', department: 'Maths' });
  await reprovision({ person: { id: 'corp:a1' } });
  await bundle.work();
}

describe('a reprovision', () => {
  test('is a run that can be followed from running to ok', async () => {
    await know(bundle, 'a1', { mail: 'ada@example.test' });
    const started = await reprovision({ person: { id: 'corp:a1' }, reason: 'ticket 4711' });
    expect(started.status).toBe(202);
    const { id } = started.body;
    expect(started.headers.location).toBe(`/v1/runs/${id}`);
    expect(started.body).toEqual({
      id,
      kind: 'reprovision',
      state: 'running',
      startedAt: '2026-03-01T12:00:00.000Z',
      counts: {},
      person: 'corp:a1',
      actor: 'operator',
      note: 'ticket 4711',
      targets: [{ target: 'agileplace', state: 'due' }],
      _links: { self: `/v1/runs/${id}`, person: '/v1/people/corp%3Aa1' },
    });
    expect((await bundle.get('/v1/runs?state=running')).body.items).toEqual([started.body]);
    await bundle.work();
    const ended = await bundle.get(`/v1/runs/${id}`);
    expect(ended.body).toMatchObject({
      state: 'ok',
      endedAt: '2026-03-01T12:00:00.000Z',
      targets: [{ state: 'done', outcome: 'done', action: 'create', accountId: 't-1' }],
    });
    expect((await bundle.get('/v1/runs?state=running')).body.items).toEqual([]);
    expect((await bundle.get('/v1/runs?state=ok&kind=reprovision')).body.items).toEqual([ended.body]);
  });

  test('O-28: restores by one write what was changed by hand, and then finds nothing to do', async () => {
    await provisioned();
    const account = bundle.target.accounts.get('t-1');
    bundle.target.accounts.set('t-1', {
      userName: 'ada@example.test',
      ...account,
      department: 'Changed by hand',
    });
    bundle.target.writes = 0;
    await reprovision({ person: { id: 'a1' } });
    await bundle.work();
    expect(bundle.target.accounts.get('t-1')).toMatchObject({ department: 'Maths' });
    const again = await reprovision({ person: { id: 'a1' } });
    await bundle.work();
    expect(bundle.target.writes).toBe(1);
    const { body } = await bundle.get(`/v1/runs/${again.body.id}`);
    expect(body).toMatchObject({ state: 'ok', targets: [{ outcome: 'unchanged', action: 'none' }] });
  });

  test('O-28: sends what the source says now, whatever was known before', async () => {
    await provisioned();
    bundle.directory.set('a1', inScope('a1', { mail: 'ada@example.test', department: 'Engines' }));
    await reprovision({ person: { mail: 'ADA@example.test' } });
    await bundle.work();
    expect(bundle.target.accounts.get('t-1')).toMatchObject({ department: 'Engines' });
  });

  test('whose person cannot be mapped is a failed run with the words of the mapping', async () => {
    await know(bundle, 'a1', { department: 'Maths' });
    const { body } = await reprovision({ person: { id: 'a1' } });
    await bundle.work();
    const ended = await bundle.get(`/v1/runs/${body.id}`);
    expect(ended.body).toMatchObject({
      state: 'failed',
      targets: [{ outcome: 'refused', words: 'mappings/corp.yaml:3:5 userName: mail is missing' }],
    });
  });

  test('O-28 f: of an unknown person is 404 and makes nobody due', async () => {
    const { status, body } = await reprovision({ person: { mail: 'nobody@example.test' } });
    expect([status, body.type]).toEqual([404, 'urn:landbridge:problem:not-found']);
    expect(await bundle.deps.due.count('agileplace')).toBe(0);
    expect(await bundle.deps.runs.list({ limit: 10 })).toEqual([]);
    expect(await bundle.queue.getJobCounts('waiting')).toEqual({ waiting: 0 });
  });

  test('of a name that several have is 409 with their keys', async () => {
    await know(bundle, 'a1', { mail: 'team@example.test' });
    await know(bundle, 'b2', { mail: 'team@example.test' });
    const { status, body } = await reprovision({ person: { mail: 'team@example.test' } });
    expect([status, body.type, body.people]).toEqual([
      409,
      'urn:landbridge:problem:ambiguous',
      ['corp:a1', 'corp:b2'],
    ]);
  });

  test('O-28 g: 1,000 times for one person is one waiting job and one mark', async () => {
    await know(bundle, 'a1', { mail: 'ada@example.test' });
    const statuses = new Map<number, number>();
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => reprovision({ person: { id: 'corp:a1' } })),
      );
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => status !== 202 && status !== 429)).toEqual([]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(await countJobs([bundle.queue])).toEqual({ waiting: 1, delayed: 0, active: 0, failed: 0 });
    expect(await bundle.deps.due.count('agileplace')).toBe(1);
    await bundle.work();
    expect(bundle.target.writes).toBe(1);
  });
});

describe('a dry run', () => {
  test('shows what would be written and writes nothing', async () => {
    await provisioned();
    bundle.target.writes = 0;
    bundle.directory.set('a1', inScope('a1', { mail: 'ada@example.test', department: 'Engines' }));
    const { status, body } = await reprovision({ person: { userName: 'ada@example.test' }, dryRun: true });
    expect(status).toBe(200);
    expect(body).toEqual({
      person: 'corp:a1',
      plans: [
        {
          target: 'agileplace',
          plan: {
            action: 'update',
            reason: 'changed',
            account: 't-1',
            differences: [{ path: 'department', before: 'Maths', after: 'Engines' }],
          },
          problems: [],
          waitsFor: [],
        },
      ],
    });
    expect(bundle.target.writes).toBe(0);
    expect(await bundle.deps.due.count('agileplace')).toBe(0);
  });

  test('is 502 where the target does not answer, 503 with Retry-After where its budget is spent', async () => {
    await provisioned();
    bundle.target.failure = new TargetUnavailable('connection lost');
    const down = await reprovision({ person: { id: 'a1' }, dryRun: true });
    expect([down.status, down.body.detail]).toEqual([502, 'A target could not be asked: connection lost.']);
    bundle.target.failure = new RateLimited(new Date(bundle.deps.now().getTime() + 42_000));
    const limited = await reprovision({ person: { id: 'a1' }, dryRun: true });
    expect([limited.status, limited.headers['retry-after']]).toEqual([503, '42']);
  });
});

test('a source that is down is 503, unless the caller goes on with what is known', async () => {
  await know(bundle, 'a1', { mail: 'ada@example.test' });
  bundle.directory.set('a1', null);
  const { status, body, headers } = await reprovision({ person: { id: 'a1' } });
  expect([status, headers['retry-after']]).toEqual([503, '5']);
  expect(body.detail).toContain('"refresh": false');
  expect((await reprovision({ person: { id: 'a1' }, refresh: false })).status).toBe(202);
});

test.each([
  [{}, 'person', 'must be one of {"id": …}, {"userName": …} or {"mail": …}.'],
  [{ person: { id: 1 } }, 'person', 'must be one of {"id": …}, {"userName": …} or {"mail": …}.'],
  [{ person: { id: 'a1' }, dryRun: 'yes' }, 'dryRun', 'must be true or false.'],
])('a request that is not understood says how to write it: %j', async (body, field, message) => {
  const answer = await bundle.post('/v1/reprovision', body, TOKENS.operator);
  expect([answer.status, answer.body.errors]).toEqual([400, [{ field, message }]]);
});

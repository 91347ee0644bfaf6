import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { type Bundle, event, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.target.accounts.clear();
  bundle.target.writes = 0;
  bundle.target.failure = null;
});
afterAll(() => bundle.stop());

const send = (body: unknown) => bundle.post('/v1/events', body, TOKENS.sender);
const ada = 'hr:1001' as PersonKey;

describe('an event', () => {
  test('is answered with a receipt that can be followed until the target is served', async () => {
    const posted = await send(event());
    expect(posted.status).toBe(202);
    expect(posted.headers.location).toBe('/v1/events/e1');
    expect(posted.body).toEqual({
      id: 'e1',
      state: 'due',
      person: 'hr:1001',
      result: 'accepted',
      receivedAt: '2026-03-01T12:00:00.000Z',
      _links: { self: '/v1/events/e1', person: '/v1/people/hr%3A1001' },
    });
    const waiting = await bundle.get('/v1/events/e1', TOKENS.sender);
    expect(waiting.body.targets).toEqual([{ target: 'agileplace', state: 'due' }]);

    await bundle.work();
    const done = await bundle.get('/v1/events/e1', TOKENS.sender);
    expect(done.body.state).toBe('done');
    expect(done.body.targets).toEqual([
      {
        target: 'agileplace',
        state: 'done',
        outcome: 'done',
        action: 'create',
        reason: 'new in scope',
        accountId: 't-1',
        at: '2026-03-01T12:00:00.000Z',
      },
    ]);
    expect(bundle.target.accounts.get('t-1')).toEqual({
      userName: 'ada@example.test',
      externalId: '1001',
      active: true,
      department: 'Maths',
    });
  });

  test('of one feed is not taken for that of another feed with the same id', async () => {
    const sources = [...bundle.deps.sources, { name: 'idp', kind: 'events' as const }];
    const own = await startBundle({ sources });
    await own.post('/v1/events', event(), TOKENS.sender);
    const { headers, body } = await own.post('/v1/events', event({ source: 'idp' }), TOKENS.sender);
    expect(headers.location).toBe('/v1/events/e1?source=idp');
    expect(body._links.self).toBe(headers.location);
    expect((await own.get(headers.location ?? '', TOKENS.sender)).body.person).toBe('idp:1001');
    await own.stop();
  });

  test('turns numbers, true and lists into text', async () => {
    await send(
      event({ data: { attributes: { Mail: 'a@example.test', Level: 3, Boss: true, Sites: ['A', 'B'] } } }),
    );
    expect((await bundle.deps.identities.get(ada))?.entry.attributes).toEqual({
      mail: ['a@example.test'],
      level: ['3'],
      boss: ['true'],
      sites: ['A', 'B'],
    });
  });

  test('that is sent again gets the first receipt and makes nobody due', async () => {
    const first = await send(event());
    await bundle.work();
    const again = await send(event({ data: { attributes: { mail: 'other@example.test' } } }));
    expect(again.status).toBe(202);
    expect(again.body).toEqual({ ...first.body, state: 'done' });
    expect(await bundle.deps.due.count('agileplace')).toBe(0);
  });

  test('that leads to no target is received, and no more', async () => {
    const app = await startBundle({ mappings: [] });
    const answer = await app.post('/v1/events', event(), TOKENS.sender);
    expect(answer.body.state).toBe('received');
    await app.stop();
  });

  test('whose person cannot be mapped says so in the words of the mapping', async () => {
    await send(event({ data: { attributes: { department: 'Maths' } } }));
    await bundle.work();
    const { body } = await bundle.get('/v1/events/e1');
    expect(body.targets[0]).toMatchObject({
      outcome: 'refused',
      words: 'mappings/hr.yaml:3:5 userName: mail is missing',
    });
  });

  test('with an unknown id is not found', async () => {
    const { status, body } = await bundle.get('/v1/events/nothing');
    expect(status).toBe(404);
    expect(body.type).toBe('urn:landbridge:problem:not-found');
  });
});

describe('O-20: events doubled and out of order', () => {
  const e1 = event({ id: 'e1', sequence: 1, time: '2026-03-01T10:00:00Z' });
  const engines = { mail: 'ada@example.test', department: 'Engines' };
  const e2 = event({ id: 'e2', sequence: 2, time: '2026-03-01T10:00:05Z', data: { attributes: engines } });
  const terminated = { attributes: { ...engines, status: 'terminated' } };
  const e3 = event({ id: 'e3', sequence: 3, time: '2026-03-01T10:01:00Z', data: terminated });
  const gone = event({
    id: 'e3',
    sequence: 3,
    time: '2026-03-01T10:01:00Z',
    type: 'person.deleted',
    data: undefined,
  });

  test.each(orders([e1, e2, e3]).map((order) => [namesOf(order), order] as const))(
    'end in the same account in the order %s, each twice and the first once more a day later',
    async (_name, order) => {
      for (const each of order) {
        for (const double of [each, each]) {
          expect((await send(double)).status).toBe(202);
          await bundle.work();
        }
      }
      const writes = bundle.target.writes;
      bundle.wait(24 * 3600 * 1000);
      expect((await send(e1)).status).toBe(202);
      await bundle.work();
      expect(bundle.target.writes).toBe(writes);
      const identity = await bundle.deps.identities.get(ada);
      expect(identity?.entry.attributes).toEqual({
        mail: ['ada@example.test'],
        department: ['Engines'],
        status: ['terminated'],
      });
      expect(identity?.orders?.presence).toEqual({
        sequence: 3,
        time: '2026-03-01T10:01:00.000Z',
        event: 'e3',
      });
      expect([...bundle.target.accounts.values()].filter(({ active }) => active !== false)).toEqual([]);
    },
  );

  test.each(orders([e1, e2, gone]).map((order) => [namesOf(order), order] as const))(
    'leave a person who was deleted away in the order %s',
    async (_name, order) => {
      for (const each of [...order, ...order, e1]) {
        expect((await send(each)).status).toBe(202);
        await bundle.work();
      }
      expect((await bundle.deps.identities.get(ada))?.presence.state).toBe('absent');
      expect([...bundle.target.accounts.values()].filter(({ active }) => active !== false)).toEqual([]);
    },
  );

  test('a replay under other ids changes nothing and writes nothing', async () => {
    for (const each of [e1, e2, e3]) await send(each);
    await bundle.work();
    const writes = bundle.target.writes;
    const replayed = await Promise.all(
      [e1, e2].map((each) => send({ ...each, id: `again-${String(each.id)}` })),
    );
    expect(replayed.map(({ body }) => [body.state, body.result])).toEqual([
      ['stale', 'stale'],
      ['stale', 'stale'],
    ]);
    await bundle.work();
    expect(bundle.target.writes).toBe(writes);
  });
});

describe('an event is refused, naming the field and the mend,', () => {
  test.each([
    ['without an id', { id: undefined }, 'id', /must be text of 1 to 200 characters/],
    ['of an unknown type', { type: 'person.moved' }, 'type', /must be person.created/],
    ['with a time that is none', { time: 'yesterday' }, 'time', /must be a time as in/],
    ['from a clock far ahead', { time: '2026-03-09T10:00:00Z' }, 'time', /Correct the clock/],
    ['with a broken sequence', { sequence: 1.5 }, 'sequence', /must be a whole number/],
    ['with an unusable subject', { subject: 'a\u0000b' }, 'subject', /unchanging id/],
    ['without attributes', { data: undefined }, 'data', /carries every attribute/],
    [
      'with a null value',
      { data: { attributes: { sn: null } } },
      'data.attributes.sn',
      /Leave out what has no value/,
    ],
    [
      'with a password',
      { data: { attributes: { userPassword: 'canary-pw' } } },
      'data.attributes.userPassword',
      /Leave it out/,
    ],
    ['with an unknown field', { colour: 'red' }, 'colour', /is not known here/],
  ])('%s', async (_what, changes, field, message) => {
    const { status, body, type } = await send(event(changes));
    expect(status).toBe(400);
    expect(type).toBe('application/problem+json');
    expect(body).toMatchObject({
      type: 'urn:landbridge:problem:invalid-request',
      title: 'The request is not valid',
      status: 400,
      errors: [{ field, message: expect.stringMatching(message) }],
    });
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test.each([
    ['corp', /is a directory that Landbridge reads by itself.*There are: hr/],
    ['nowhere', /is not in landbridge.yaml.*There are: hr/],
  ])('from the source %s', async (source, message) => {
    const { status, body } = await send(event({ source }));
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ field: 'source', message: expect.stringMatching(message) }]);
  });
});

function orders<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]];
  return all.flatMap((first, index) =>
    orders(all.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}

function namesOf(order: readonly Record<string, unknown>[]): string {
  return order.map(({ id }) => String(id)).join(', ');
}

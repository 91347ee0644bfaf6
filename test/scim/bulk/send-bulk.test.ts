import { describe, expect, test } from 'vitest';
import { RateLimited } from '../../../app/errors.ts';
import type { BulkOperation, BulkTarget } from '../../../app/scim/bulk/bulk-target.ts';
import { type Profile, profileNamed } from '../../../app/scim/index.ts';
import type { ListCall } from '../../../app/scim/target.ts';
import { aCall } from '../memory-ports.ts';
import { type Asked, answering, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';

const server = oddServerForEachTest();

function bulkAt(limits: Partial<NonNullable<Profile['bulk']>> = {}, more: Partial<Profile> = {}): BulkTarget {
  const profile = profileNamed('pingdirectory');
  if (profile?.bulk == null) throw new Error('pingdirectory takes no bulk requests');
  const bulk = { ...profile.bulk, ...limits };
  const { target } = setUp(`${server.origin}/v1`, { profile: { ...profile, ...more, bulk } });
  if (target.bulk === null) throw new Error('no bulk');
  return target.bulk;
}

function aListCall(): ListCall {
  return { ...aCall(), waitUntil: async () => {} };
}

const user = (name: string, bulkId?: string): BulkOperation => ({
  method: 'POST',
  path: '/Users',
  data: { schemas: [CORE], userName: name },
  ...(bulkId === undefined ? {} : { bulkId }),
});

type Sent = {
  method: string;
  path: string;
  bulkId?: string;
  version?: string;
  data?: Record<string, unknown>;
};

function sent(asked: Asked | undefined): { failOnErrors?: number; Operations: Sent[] } {
  return JSON.parse(asked?.body ?? '{}');
}

const operations = () => server.asked.map((asked) => sent(asked).Operations);

/** Carries everything out: `POST` makes `new-NAME`. */
function obedient(change: (results: object[]) => object[] = (results) => results): OddServer['answer'] {
  return (asked, response) => {
    const results = sent(asked).Operations.map(({ method, path, bulkId, data }) =>
      method === 'POST'
        ? {
            location: `https://scim.test/v1${path}/new-${data?.['userName']}`,
            method,
            bulkId,
            status: { code: '201' },
          }
        : { location: `https://scim.test/v1${path}`, method, version: 'W/"2"', status: { code: '200' } },
    );
    answering(200, { schemas: [CORE], Operations: change(results) })(asked, response);
  };
}

test('a target that takes no bulk requests says so before anything is asked', () => {
  const profile = profileNamed('generic');
  if (profile === null) throw new Error('no generic profile');
  expect(setUp(server.origin, { profile }).target.bulk).toBeNull();
});

describe('one bulk request', () => {
  test('says everything as the draft has it', async () => {
    server.answer = obedient();
    const all: BulkOperation[] = [
      user('ana', 'ana'),
      user('ben'),
      {
        method: 'PATCH',
        path: '/Groups/g-1',
        data: { members: [{ value: 'bulkId:ana' }] },
        version: 'W/"1"',
      },
      { method: 'DELETE', path: '/Users/t-9', version: '"7"' },
    ];
    const { results, stopped, requests } = await bulkAt().send(all, aListCall(), { failOnErrors: 2 });
    expect(sent(server.asked[0])).toEqual({
      schemas: [CORE],
      failOnErrors: 2,
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'ana', data: { schemas: [CORE], userName: 'ana' } },
        { method: 'POST', path: '/Users', bulkId: 'operation-2', data: { schemas: [CORE], userName: 'ben' } },
        {
          method: 'PATCH',
          path: '/Groups/g-1',
          version: 'W/"1"',
          data: { members: [{ value: 'bulkId:ana' }] },
        },
        { method: 'DELETE', path: '/Users/t-9', version: '"7"' },
      ],
    });
    expect(server.asked[0]).toMatchObject({ method: 'POST', url: '/v1/Bulk' });
    expect(results).toEqual([
      { kind: 'done', status: 201, id: 'new-ana' },
      { kind: 'done', status: 201, id: 'new-ben' },
      { kind: 'done', status: 200, id: 'g-1', version: 'W/"2"' },
      { kind: 'done', status: 200, id: 't-9', version: 'W/"2"' },
    ]);
    expect([stopped, requests]).toEqual([null, 1]);
  });

  test('versions are not told to a target without ETags', async () => {
    server.answer = obedient();
    await bulkAt({}, { ifMatch: 'never' }).send(
      [{ method: 'DELETE', path: '/Users/1', version: '"7"' }],
      aListCall(),
    );
    expect(operations()).toEqual([[{ method: 'DELETE', path: '/Users/1' }]]);
  });

  test('nothing to do is no request', async () => {
    expect(await bulkAt().send([], aListCall())).toEqual({ results: [], stopped: null, requests: 0 });
  });

  test('a bulkId that is given twice, and a reference to none, are not sent', async () => {
    server.answer = obedient();
    const bad: BulkOperation = { method: 'PATCH', path: '/Users/1', data: { title: 'bulkId:nobody' } };
    const { results } = await bulkAt().send([user('ana', 'x'), user('ben', 'x'), bad], aListCall());
    expect(results).toEqual([
      { kind: 'done', status: 201, id: 'new-ana' },
      { kind: 'not-sent', why: 'another operation has the same bulkId' },
      { kind: 'not-sent', why: 'it refers to a bulkId that no operation has' },
    ]);
    expect(operations()).toHaveLength(1);
    expect(operations()[0]).toHaveLength(1);
  });
});

describe('the results', () => {
  const three: BulkOperation[] = [
    user('ana'),
    user('ben'),
    { method: 'PUT', path: '/Users/a%2Fb', data: {} },
  ];

  test('are told apart in whatever order they come', async () => {
    server.answer = obedient((results) => results.reverse());
    const { results } = await bulkAt().send(three, aListCall());
    expect(results.map((result) => 'id' in result && result.id)).toEqual(['new-ana', 'new-ben', 'a/b']);
  });

  test.each<[string, unknown, object]>([
    ['an object with a text', { code: '201' }, { kind: 'done', status: 201 }],
    ['an object with a number', { code: 201 }, { kind: 'done', status: 201 }],
    ['a text', '201', { kind: 'done', status: 201 }],
    ['a number', 201, { kind: 'done', status: 201 }],
    [
      'a refusal with words',
      { code: '409', description: 'taken' },
      { kind: 'failed', status: 409, words: 'taken' },
    ],
    ['a refusal without', '400', { kind: 'failed', status: 400, words: 'no explanation was given' }],
    ['a breakdown', { code: '500' }, { kind: 'unknown', why: 'answered 500 to it' }],
    ['nothing of the kind', 'created', { kind: 'unknown', why: 'the answer has no status for it' }],
  ])('a status may be %s', async (_what, status, result) => {
    server.answer = obedient((results) => results.map((each) => ({ ...each, status })));
    expect((await bulkAt().send([user('ana')], aListCall())).results).toEqual([
      expect.objectContaining(result),
    ]);
  });

  test('words of an error in the operation are told, but for a password that it quotes', async () => {
    const errors = { Errors: [{ description: 'canary-pw is too short', code: '400' }] };
    server.answer = obedient((results) =>
      results.map((each) => ({ ...each, status: '400', response: errors })),
    );
    const operation: BulkOperation = {
      method: 'POST',
      path: '/Users',
      data: { userName: 'a', password: 'canary-pw' },
    };
    const { results } = await bulkAt().send([operation], aListCall());
    expect(results).toEqual([{ kind: 'failed', status: 400, words: '[redacted] is too short' }]);
    server.answer = answering(400, errors);
    expect(await bulkAt().send([operation], aListCall())).toMatchObject({
      results: [{ kind: 'failed', status: 400, words: '[redacted] is too short' }],
    });
  });

  test('one that is missing is unknown, and so is all of an answer that cannot be read', async () => {
    server.answer = obedient((results) => results.slice(1));
    const { results } = await bulkAt().send(three, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['unknown', 'done', 'done']);
    server.answer = answering(200, { Operations: 'none' });
    expect((await bulkAt().send(three, aListCall())).results.map(({ kind }) => kind)).toEqual(
      Array(3).fill('unknown'),
    );
    server.answer = answering(204, '');
    expect((await bulkAt().send(three, aListCall())).results[0]).toEqual({
      kind: 'unknown',
      why: 'answered 204 without a readable body',
    });
  });

  test.each<[string, string[], string[]]>([
    ['all say the same', ['404', '404'], ['failed', 'failed']],
    ['they differ', ['200', '404'], ['unknown', 'unknown']],
    ['one is missing', ['404'], ['unknown', 'unknown']],
  ])('results without a place count where %s', async (_what, statuses, kinds) => {
    const remove = (id: string): BulkOperation => ({ method: 'DELETE', path: `/Users/${id}` });
    server.answer = obedient((results) => [
      ...results.filter((each) => 'bulkId' in each),
      ...statuses.map((status) => ({ method: 'delete', status: { code: status } })),
    ]);
    const { results } = await bulkAt().send([remove('1'), user('ana'), remove('2')], aListCall());
    expect([results[0]?.kind, results[2]?.kind]).toEqual(kinds);
    expect(results[1]).toEqual({ kind: 'done', status: 201, id: 'new-ana' });
  });

  test('two changes of one resource are told apart by their order', async () => {
    const patch: BulkOperation = { method: 'PATCH', path: '/Users/1', data: {} };
    let nth = 0;
    server.answer = obedient((results) =>
      results.map((each) => ({ ...each, status: String(200 + nth++ * 209) })),
    );
    const { results } = await bulkAt().send([patch, patch], aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'failed']);
  });
});

describe('more than goes into one request', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => user(name));

  test('is split by the number of operations', async () => {
    server.answer = obedient();
    const { results, requests } = await bulkAt({ maxOperations: 2 }).send(five, aListCall());
    expect(operations().map((each) => each.length)).toEqual([2, 2, 1]);
    expect(results.map((result) => 'id' in result && result.id)).toEqual([
      'new-a',
      'new-b',
      'new-c',
      'new-d',
      'new-e',
    ]);
    expect(requests).toBe(3);
  });

  test('is split by size in bytes, not in characters', async () => {
    server.answer = obedient();
    const wide = ['ü'.repeat(60), 'ü'.repeat(60), 'ü'.repeat(60)].map((name) => user(name));
    await bulkAt({ maxPayloadBytes: 600 }).send(wide, aListCall());
    expect(operations().map((each) => each.length)).toEqual([2, 1]);
    for (const { body } of server.asked) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(600);
  });

  test('one that is too large by itself is not sent, the others are', async () => {
    server.answer = obedient();
    const { results } = await bulkAt({ maxPayloadBytes: 300 }).send(
      [user('ana'), user('x'.repeat(400)), user('ben')],
      aListCall(),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'not-sent', 'done']);
  });

  test('what refers to an earlier request gets the real id', async () => {
    server.answer = obedient();
    const group: BulkOperation = {
      method: 'PATCH',
      path: '/Groups/g-1',
      data: { members: [{ value: 'bulkId:ana' }, { value: 'bulkId:ben' }] },
    };
    const { results } = await bulkAt({ maxOperations: 2 }).send(
      [group, user('ana', 'ana'), user('ben', 'ben')],
      aListCall(),
    );
    expect(operations()[1]?.[0]?.data).toEqual({ members: [{ value: 'new-ana' }, { value: 'new-ben' }] });
    expect(results.map((result) => 'id' in result && result.id)).toEqual(['g-1', 'new-ana', 'new-ben']);
  });

  test('in the same request a reference stays, behind what it refers to', async () => {
    server.answer = obedient();
    const boss: BulkOperation = { method: 'PATCH', path: '/Users/bulkId:ana', data: { title: 'Boss' } };
    const { results } = await bulkAt().send([boss, user('ana', 'ana')], aListCall());
    expect(operations()[0]?.map(({ path }) => path)).toEqual(['/Users', '/Users/bulkId:ana']);
    server.answer = obedient((each) => each.map((result) => ({ ...result, location: '/Users/new-ana' })));
    expect((await bulkAt().send([boss, user('ana', 'ana')], aListCall())).results[0]).toMatchObject({
      id: 'new-ana',
    });
    expect(results[0]?.kind).toBe('unknown');
  });

  test('what refers to something that was not made is not sent, and neither is what refers to that', async () => {
    server.answer = obedient((results) => results.map((each) => ({ ...each, status: '409' })));
    const chain: BulkOperation[] = [
      user('ana', 'ana'),
      { method: 'POST', path: '/Users', bulkId: 'ben', data: { manager: 'bulkId:ana' } },
      { method: 'POST', path: '/Users', data: { manager: 'bulkId:ben' } },
    ];
    const { results } = await bulkAt({ maxOperations: 1 }).send(chain, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['failed', 'not-sent', 'not-sent']);
    expect(server.asked).toHaveLength(1);
  });

  test('a circle goes together, or not at all', async () => {
    server.answer = obedient();
    const circle: BulkOperation[] = [
      { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'a', manager: 'bulkId:b' } },
      { method: 'POST', path: '/Users', bulkId: 'b', data: { userName: 'b', manager: 'bulkId:a' } },
      user('c'),
    ];
    expect((await bulkAt().send(circle, aListCall())).results.map(({ kind }) => kind)).toEqual(
      Array(3).fill('done'),
    );
    const { results } = await bulkAt({ maxOperations: 1 }).send(circle, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['not-sent', 'not-sent', 'done']);
  });

  test('413 halves the request, and the ones after it', async () => {
    server.answer = (asked, response) => {
      const many = sent(asked).Operations.length;
      (many > 2 ? answering(413, { Errors: [{ code: '413' }] }) : obedient())(asked, response);
    };
    const { results, requests } = await bulkAt().send(five, aListCall());
    expect(operations().map((each) => each.length)).toEqual([5, 2, 2, 1]);
    expect(results.every(({ kind }) => kind === 'done')).toBe(true);
    expect(requests).toBe(4);
  });

  test('413 to one alone is its failure', async () => {
    server.answer = answering(413, { Errors: [{ description: 'at most 10 bytes', code: 413 }] });
    expect((await bulkAt().send([user('ana')], aListCall())).results).toEqual([
      { kind: 'failed', status: 413, words: 'at most 10 bytes' },
    ]);
  });

  test('after as many failures as were allowed nothing more is sent', async () => {
    server.answer = obedient((results) => results.map((each) => ({ ...each, status: '400' })));
    const { results, stopped } = await bulkAt({ maxOperations: 1 }).send(five, aListCall(), {
      failOnErrors: 2,
    });
    expect(results.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'not-sent', 'not-sent', 'not-sent']);
    expect(stopped).toBeNull();
    expect(server.asked.map((asked) => sent(asked).failOnErrors)).toEqual([2, 1]);
  });
});

describe('when a request fails', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => user(name));

  function then(failing: OddServer['answer']): OddServer['answer'] {
    return (asked, response) => (server.asked.length === 1 ? obedient() : failing)(asked, response);
  }

  test('a lost answer leaves its operations unknown, the later ones are not sent', async () => {
    server.answer = then((_asked, response) => void response.destroy());
    const { results, stopped } = await bulkAt({ maxOperations: 1 }).send(four, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'unknown', 'not-sent', 'not-sent']);
    expect(stopped).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: true });
    expect(server.asked).toHaveLength(2);
  });

  test('the very first lost answer is told the same way', async () => {
    server.answer = (_asked, response) => void response.destroy();
    const { results } = await bulkAt({ maxOperations: 2 }).send(four, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'not-sent', 'not-sent']);
  });

  test('a credential that is refused ends it, and nothing is unknown', async () => {
    server.answer = then(answering(401, ''));
    const { results, stopped } = await bulkAt({ maxOperations: 1 }).send(four, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'not-sent', 'not-sent', 'not-sent']);
    expect(stopped).toMatchObject({ name: 'TargetUnusable', why: 'unauthorized' });
  });

  test.each([403, 404, 501])('%d says that there is no bulk service for us', async (status) => {
    server.answer = answering(status, { Errors: [{ description: 'none', code: String(status) }] });
    expect(await failureOf(bulkAt().send(four, aListCall()))).toMatchObject({ name: 'Refused', status });
    expect(server.asked).toHaveLength(1);
  });

  test('a request that is refused as a whole fails all that it held, and the next one goes out', async () => {
    server.answer = then(answering(400, { Errors: [{ description: 'bad', code: '400' }] }));
    const { results } = await bulkAt({ maxOperations: 2 }).send(four, aListCall());
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done', 'failed', 'failed']);
  });

  test('a spent budget is waited for, and the same request goes out', async () => {
    const waited: Date[] = [];
    server.answer = (asked, response) =>
      (server.asked.length === 2 ? answering(429, '', { 'retry-after': '1' }) : obedient())(asked, response);
    const call = { ...aCall(), waitUntil: async (until: Date) => void waited.push(until) };
    const { results } = await bulkAt({ maxOperations: 2 }).send(four, call);
    expect(results.every(({ kind }) => kind === 'done')).toBe(true);
    expect([server.asked.length, waited.length]).toEqual([3, 1]);
  });

  test('a budget that shall not be waited for ends it', async () => {
    server.answer = (asked, response) =>
      (server.asked.length === 2 ? answering(429, '', { 'retry-after': '1' }) : obedient())(asked, response);
    const waitUntil = async (until: Date) => {
      throw new RateLimited(until);
    };
    const { results, stopped } = await bulkAt({ maxOperations: 2 }).send(four, { ...aCall(), waitUntil });
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done', 'not-sent', 'not-sent']);
    expect(stopped).toBeInstanceOf(RateLimited);
  });
});

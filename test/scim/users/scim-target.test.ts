import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors, listOf, type OddServer, PAGE, startOddServer } from '../odd-server.ts';
import { DOWN, failureOf, MISCONFIGURED, NOW, oddServerForEachTest, setUp, UNSURE } from '../set-up.ts';
import { BY_NAME, USER } from './ada.ts';

const CHANGE = [{ path: ['active'], before: true, after: false }] as const;

const server = oddServerForEachTest();

function target(more: Parameters<typeof setUp>[1] = {}) {
  return setUp(`${server.origin}/io/scim/v1/`, more).target;
}

describe('creating a user', () => {
  test.each<[string, number]>([
    ['201', 201],
    ['200', 200],
  ])('%s with the user', async (_what, status) => {
    server.answer = answering(status, { id: 't-3', ...USER, meta: { version: '7' } });
    expect(await target().create(USER, aCall())).toEqual({
      kind: 'written',
      account: { id: 't-3', user: USER, version: '7' },
    });
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      schemas: ['urn:scim:schemas:core:1.0'],
      ...USER,
    });
  });

  test('O-13 l: a user is a user, whatever the content type calls it', async () => {
    server.answer = answering(201, { id: 't-3', ...USER }, { 'content-type': 'application/json+scim' });
    expect(await target().create(USER, aCall())).toMatchObject({ kind: 'written', account: { id: 't-3' } });
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, OddServer['answer']]>([
    ['no id', answering(201, { userName: USER.userName })],
    ['no body', answering(201, '')],
    [
      'half an answer',
      (_asked, response) =>
        void response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":'),
    ],
  ])('with %s in the answer, the account is looked up instead of made again', async (_what, post) => {
    server.answer = byMethod({ POST: post, GET: listOf({ id: 't-3', userName: USER.userName }) });
    const created = await target().create(USER, aCall());
    expect(created).toEqual({ kind: 'written', account: { id: 't-3', user: { userName: USER.userName } } });
    expect(server.asked.map((asked) => asked.method)).toEqual(['POST', 'GET']);
  });

  test('is looked up by externalId as well: a server may read the + of a name as a pattern', async () => {
    const made = { id: 'ada+x', userName: 'ada+x', externalId: 'g-1' };
    server.answer = byMethod({ POST: answering(201, { userName: 'ada+x' }), GET: [listOf(), listOf(made)] });
    const created = await target().create({ ...USER, userName: 'ada+x' }, aCall());
    expect(created).toMatchObject({ kind: 'written', account: { id: 'ada+x' } });
    const filters = server.asked.slice(1).map(({ url }) => decodeURIComponent(url).split('filter=')[1]);
    expect(filters).toEqual(['userName eq "ada+x"', 'externalId eq "g-1"']);
  });

  test.each<[string, OddServer['answer']]>([
    ['finds nobody', listOf()],
    ['is rate limited', answering(429, 'slow', { 'retry-after': '5' })],
    ['is refused', answering(401, '')],
    ['meets a page', answering(200, PAGE)],
    ['breaks', (_asked, response) => response.destroy()],
  ])(
    'O-18: made, but the look-up afterwards %s: the outcome is unknown, not "not written"',
    async (_what, get) => {
      server.answer = byMethod({ POST: answering(201, ''), GET: get });
      expect(await failureOf(target().create(USER, aCall()))).toMatchObject(UNSURE);
    },
  );

  test('made, but the lease is lost before the look-up: it stops there', async () => {
    server.answer = byMethod({ POST: answering(201, ''), GET: listOf() });
    let requests = 0;
    const beforeRequest = async () => {
      requests += 1;
      if (requests > 1) throw new LeaseLost('lease lost');
    };
    expect(await failureOf(target().create(USER, aCall({ beforeRequest })))).toMatchObject({
      name: 'LeaseLost',
    });
    expect(server.asked.map((asked) => asked.method)).toEqual(['POST']);
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-11: 409', answering(409, errors('taken', '409')), { kind: 'conflict', status: 409, words: 'taken' }],
    [
      'O-11 f: 400',
      answering(400, errors('not unique', '400')),
      { kind: 'conflict', status: 400, words: 'not unique' },
    ],
    [
      'O-13 a: 200 with an error in it',
      answering(200, errors('bad mail', '400')),
      { kind: 'conflict', status: 400, words: 'bad mail' },
    ],
  ])('%s is a value, with the words of the server', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await target().create(USER, aCall())).toEqual(expected);
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-13 b: 201 with a 503 in it: not written', answering(201, errors('busy', 503)), DOWN],
    ['422', answering(422, errors('x', '422')), { name: 'Refused', status: 422, words: 'x' }],
    ['403', answering(403, errors('licence', '403')), { name: 'Refused', status: 403, words: 'licence' }],
    ['404: there is no such endpoint', answering(404, errors('x', '404')), MISCONFIGURED],
    ['500: it may have been written', answering(500, ''), UNSURE],
    ['502 with a page: it may have been written', answering(502, PAGE), UNSURE],
    ['503 of the service itself: not written', answering(503, errors('busy', '503')), DOWN],
    ['a page under 200: who knows', answering(200, PAGE), UNSURE],
    ['a reset: it may have been written', (_asked, response) => void response.destroy(), UNSURE],
    ['501', answering(501, ''), MISCONFIGURED],
  ])('%s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await failureOf(target().create(USER, aCall()))).toMatchObject(expected);
    expect(server.asked).toHaveLength(1);
  });
});

describe('updating a user', () => {
  const update = (more: Parameters<typeof setUp>[1] = {}) =>
    target(more).update('t-1', CHANGE, { ...USER, active: false }, aCall());

  test('sends the least PATCH and hands back what the target made of it', async () => {
    server.answer = answering(200, { id: 't-1', userName: 'ADA', active: false });
    expect(await update()).toEqual({
      kind: 'written',
      account: { id: 't-1', user: { userName: 'ADA', active: false } },
    });
    expect(server.asked.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['PATCH', '/io/scim/v1/Users/t-1', { schemas: ['urn:scim:schemas:core:1.0'], active: false }],
    ]);
  });

  test.each<[string, OddServer['answer']]>([
    ['O-13 c: 204', answering(204, '')],
    ['200 about something else', answering(200, { ok: true })],
  ])('%s: reads the user to learn what it looks like now', async (_what, patch) => {
    server.answer = byMethod({
      PATCH: patch,
      GET: answering(200, { id: 't-1', userName: 'ada', active: false }),
    });
    expect(await update()).toEqual({
      kind: 'written',
      account: { id: 't-1', user: { userName: 'ada', active: false } },
    });
    expect(server.asked.map((asked) => asked.method)).toEqual(['PATCH', 'GET']);
  });

  test('written, but the read afterwards is rate limited: the outcome is unknown, and when to look is said', async () => {
    server.answer = byMethod({
      PATCH: answering(204, ''),
      GET: answering(429, '', { 'retry-after': '60', date: NOW.toUTCString() }),
    });
    expect(await failureOf(update())).toMatchObject({
      ...UNSURE,
      notBefore: new Date('2026-03-01T12:01:00Z'),
    });
  });

  test('O-12: 404 as SCIM is a value', async () => {
    server.answer = answering(404, errors('gone', '404'));
    expect(await update()).toEqual({ kind: 'missing' });
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-12 e: 404 with a page', answering(404, PAGE), MISCONFIGURED],
    ['400', answering(400, errors('x', '400')), { name: 'Refused', status: 400, words: 'x' }],
    [
      '409: the new name is taken',
      answering(409, errors('taken', '409')),
      { name: 'Refused', status: 409, words: 'taken' },
    ],
    ['412', answering(412, errors('changed', '412')), { name: 'Refused', status: 412, words: 'changed' }],
    ['403', answering(403, errors('owner', '403')), { name: 'Refused', status: 403, words: 'owner' }],
    ['408', answering(408, ''), UNSURE],
    ['500', answering(500, ''), UNSURE],
    ['a reset', (_asked, response) => void response.destroy(), UNSURE],
  ])('%s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await failureOf(update())).toMatchObject(expected);
    expect(server.asked).toHaveLength(1);
  });
});

describe('O-27: a redirect', () => {
  test.each([302, 307, 308])(
    '%i to another origin is not followed, and no header goes there',
    async (status) => {
      const elsewhere = await startOddServer();
      server.answer = answering(status, '', { location: `${elsewhere.origin}/io/scim/v1/Users` });
      for (const request of [target().find(BY_NAME, aCall()), target().create(USER, aCall())]) {
        const failure = await failureOf(request);
        expect(failure).toMatchObject(MISCONFIGURED);
        expect(String(failure)).toContain('redirect');
      }
      expect(elsewhere.asked).toEqual([]);
      await elsewhere.stop();
    },
  );
});

import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors, type OddServer, PAGE } from '../odd-server.ts';
import { DOWN, failureOf, MISCONFIGURED, oddServerForEachTest, setUp, UNSURE } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const HELD = { id: 't-1', userName: 'ada', nickName: 'Ada', title: 'Analyst', active: true };
const WANTED: ScimUser = { userName: 'ada', active: true };
const CLEAR_TITLE = [{ path: ['title'], before: 'Analyst', after: undefined }] as const;
const { title: _title, ...CLEARED } = HELD;
const { id: _id, ...SENT } = CLEARED;
const WRITTEN = { kind: 'written', account: { id: 't-1', user: SENT } };

const server = oddServerForEachTest();

function target(update: 'put' | 'patch', more: Parameters<typeof setUp>[1] = {}) {
  return setUp(`${server.origin}/scim/v1`, { profile: { ...generic, update }, ...more }).target;
}

function clearTitle(service = target('put'), call = aCall()) {
  return service.update('t-1', CLEAR_TITLE, WANTED, call);
}

const methods = () => server.asked.map(({ method }) => method);
const drops: OddServer['answer'] = (_asked, response) => void response.destroy();

describe('an update at a target that only takes PUT', () => {
  test('reads the account and sends it back whole with what differs', async () => {
    server.answer = byMethod({ GET: answering(200, HELD), PUT: answering(200, CLEARED) });
    expect(await clearTitle()).toEqual(WRITTEN);
    expect(server.asked.map(({ method, url }) => [method, url])).toEqual([
      ['GET', '/scim/v1/Users/t-1'],
      ['PUT', '/scim/v1/Users/t-1'],
    ]);
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({ schemas: [CORE], ...SENT });
    expect(server.asked[1]?.headers).not.toHaveProperty('if-match');
  });

  test.each<[string, OddServer['answer'], string[]]>([
    ['at the read', byMethod({ GET: answering(404, errors('gone', '404')) }), ['GET']],
    [
      'at the write',
      byMethod({ GET: answering(200, HELD), PUT: answering(404, errors('gone', '404')) }),
      ['GET', 'PUT'],
    ],
  ])('O-12: 404 as SCIM %s is a value', async (_what, answer, asked) => {
    server.answer = answer;
    expect(await clearTitle()).toEqual({ kind: 'missing' });
    expect(methods()).toEqual(asked);
  });

  test.each<[string, OddServer['answer'], object]>([
    ['409: the name is taken', answering(409, errors('taken', '409')), { name: 'Refused', words: 'taken' }],
    ['400', answering(400, errors('x', '400')), { name: 'Refused', status: 400, words: 'x' }],
    ['403', answering(403, errors('owner', '403')), { name: 'Refused', status: 403, words: 'owner' }],
    ['O-12 e: 404 with a page', answering(404, PAGE), MISCONFIGURED],
    ['405: no PUT here', answering(405, ''), MISCONFIGURED],
    ['429', answering(429, '', { 'retry-after': '5' }), { name: 'RateLimited' }],
    ['503 of the service itself: not written', answering(503, errors('busy', '503')), DOWN],
    ['500: it may have been written', answering(500, ''), UNSURE],
    ['408: it may have been written', answering(408, ''), UNSURE],
    ['a page under 200: who knows', answering(200, PAGE), UNSURE],
    ['a reset: it may have been written', drops, UNSURE],
  ])('PUT answered by %s', async (_what, put, expected) => {
    server.answer = byMethod({ GET: answering(200, HELD), PUT: put });
    expect(await failureOf(clearTitle())).toMatchObject(expected);
    expect(methods()).toEqual(['GET', 'PUT']);
  });

  test.each<[string, OddServer['answer'], object]>([
    [
      'e: an error that is no list',
      answering(400, { Errors: { description: 'x', code: '400' } }),
      { words: 'x' },
    ],
    [
      'f: an error as SCIM 2.0 has it',
      answering(400, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '400',
        detail: 'x',
      }),
      { words: 'x' },
    ],
    ['g: an error in a wrapping', answering(400, { response: { detail: 'x' } }), { words: 'x' }],
    ...['"nope"', '42', 'null', '[]', '{'].map((text): [string, OddServer['answer'], object] => [
      `g: ${text}`,
      answering(400, text, { 'content-type': 'application/json' }),
      {},
    ]),
  ])('O-13 %s: is for an operator, and not sent again', async (_what, put, words) => {
    server.answer = byMethod({ GET: answering(200, HELD), PUT: put });
    expect(await failureOf(clearTitle())).toMatchObject({ name: 'Refused', status: 400, ...words });
    expect(methods()).toEqual(['GET', 'PUT']);
  });

  test('O-13 d: 404 with a number for a code is a value', async () => {
    server.answer = byMethod({ GET: answering(200, HELD), PUT: answering(404, errors('gone', 404)) });
    expect(await clearTitle()).toEqual({ kind: 'missing' });
  });

  test.each<[string, OddServer['answer'], object]>([
    ['500', answering(500, ''), DOWN],
    ['a reset', drops, DOWN],
    ['another user', answering(200, { ...HELD, id: 't-2' }), DOWN],
    ['no body', answering(200, ''), DOWN],
    ['429', answering(429, '', { 'retry-after': '5' }), { name: 'RateLimited' }],
  ])('the read answered by %s: nothing was written', async (_what, get, expected) => {
    server.answer = byMethod({ GET: get });
    expect(await failureOf(clearTitle())).toMatchObject(expected);
    expect(methods()).toEqual(['GET']);
  });

  test('the lease is lost between read and write: it stops there', async () => {
    server.answer = byMethod({ GET: answering(200, HELD) });
    let requests = 0;
    const beforeRequest = async () => {
      requests += 1;
      if (requests > 1) throw new LeaseLost('lease lost');
    };
    const failure = await failureOf(clearTitle(target('put'), aCall({ beforeRequest })));
    expect(failure).toMatchObject({ name: 'LeaseLost' });
    expect(methods()).toEqual(['GET']);
  });
});

describe('a target with versions', () => {
  const versioned = (etag: string, user: object = HELD) => answering(200, user, { etag });
  const matches = () =>
    server.asked.filter(({ method }) => method === 'PUT').map((put) => put.headers['if-match']);

  test('that requires If-Match gets the ETag of the read', async () => {
    server.answer = byMethod({
      GET: versioned('W/"7"'),
      PUT: (asked, response) =>
        asked.headers['if-match'] === 'W/"7"'
          ? versioned('W/"8"', CLEARED)(asked, response)
          : answering(428, errors('If-Match is required', '428'))(asked, response),
    });
    expect(await clearTitle()).toEqual({ ...WRITTEN, account: { ...WRITTEN.account, version: 'W/"8"' } });
  });

  test('an ETag that fits into no header is not sent', async () => {
    server.answer = byMethod({ GET: versioned('"\u00e9"'), PUT: answering(200, CLEARED) });
    expect(await clearTitle()).toEqual(WRITTEN);
    expect(matches()).toEqual([undefined]);
  });

  test.each([412, 409])('%i once: reads again, and writes onto what it has become', async (status) => {
    server.answer = byMethod({
      GET: [versioned('"1"'), versioned('"2"', { ...HELD, nickName: 'Countess' })],
      PUT: [answering(status, errors('changed', String(status))), answering(200, CLEARED)],
    });
    expect(await clearTitle()).toEqual(WRITTEN);
    expect(methods()).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    expect(matches()).toEqual(['"1"', '"2"']);
    expect(JSON.parse(server.asked[3]?.body ?? '')).toMatchObject({ nickName: 'Countess' });
  });

  test('412 twice: left to a later attempt, and nothing was written', async () => {
    server.answer = byMethod({
      GET: [versioned('"1"'), versioned('"2"')],
      PUT: answering(412, errors('changed', '412')),
    });
    expect(await failureOf(clearTitle())).toMatchObject(DOWN);
    expect(methods()).toEqual(['GET', 'PUT', 'GET', 'PUT']);
  });

  test('412 to the version that it shows itself: said so, and not sent again', async () => {
    server.answer = byMethod({ GET: versioned('W/"1"'), PUT: answering(412, '') });
    const failure = await failureOf(clearTitle());
    expect(failure).toMatchObject(DOWN);
    expect(String(failure)).toContain('answered 412 to the version that the target itself shows');
    expect(methods()).toEqual(['GET', 'PUT', 'GET']);
  });

  test('409, and the account is the same one: it is the name after all', async () => {
    server.answer = byMethod({ GET: versioned('"1"'), PUT: answering(409, errors('taken', '409')) });
    expect(await failureOf(clearTitle())).toMatchObject({ name: 'Refused', status: 409, words: 'taken' });
    expect(methods()).toEqual(['GET', 'PUT', 'GET']);
  });

  test.each<[Profile['ifMatch'], string | undefined]>([
    ['never', undefined],
    ['echo', '"7"'],
    ['required', '"7"'],
    ['any', '*'],
  ])('where the profile says %s, If-Match is %s', async (ifMatch, sent) => {
    server.answer = byMethod({
      GET: answering(200, { ...HELD, meta: { version: 7 } }),
      PUT: answering(200, CLEARED),
    });
    await clearTitle(target('put', { profile: { ...generic, update: 'put', ifMatch } }));
    expect(matches()).toEqual([sent]);
  });

  test('gone between the two: a value', async () => {
    server.answer = byMethod({
      GET: [versioned('"1"'), answering(404, errors('gone', '404'))],
      PUT: answering(412, ''),
    });
    expect(await clearTitle()).toEqual({ kind: 'missing' });
  });
});

describe('O-16: a target that turns out not to take PATCH', () => {
  test.each<[string, OddServer['answer']]>([
    ['501 as SCIM', answering(501, errors('PATCH is not implemented', '501'))],
    ['501 in a 200', answering(200, errors('PATCH is not implemented', '501'))],
    ['501 without a body', answering(501, '')],
    ['405 with a page', answering(405, PAGE)],
  ])('%s: the change is made by one PUT, and the next one goes by PUT at once', async (_what, patch) => {
    server.answer = byMethod({ PATCH: patch, GET: answering(200, HELD), PUT: answering(200, CLEARED) });
    const service = target('patch');
    expect(await clearTitle(service)).toEqual(WRITTEN);
    expect(methods()).toEqual(['PATCH', 'GET', 'PUT']);
    expect(await clearTitle(service)).toEqual(WRITTEN);
    expect(methods().slice(3)).toEqual(['GET', 'PUT']);
  });

  test('is remembered also where the change itself comes to nothing', async () => {
    server.answer = byMethod({
      PATCH: answering(501, ''),
      GET: [answering(429, '', { 'retry-after': '5' }), answering(200, HELD)],
      PUT: answering(200, CLEARED),
    });
    const service = target('patch');
    expect(await failureOf(clearTitle(service))).toMatchObject({ name: 'RateLimited' });
    expect(await clearTitle(service)).toEqual(WRITTEN);
    expect(methods()).toEqual(['PATCH', 'GET', 'GET', 'PUT']);
  });

  test('another target is not thought the same of', async () => {
    server.answer = byMethod({
      PATCH: answering(501, ''),
      GET: answering(200, HELD),
      PUT: answering(200, CLEARED),
    });
    await clearTitle(target('patch'));
    await clearTitle(target('patch'));
    expect(methods()).toEqual(['PATCH', 'GET', 'PUT', 'PATCH', 'GET', 'PUT']);
  });

  test.each<[string, OddServer['answer'], string[]]>([
    ['nothing at all', answering(501, ''), ['PATCH', 'GET']],
    [
      'no PUT either',
      byMethod({ PATCH: answering(405, ''), GET: answering(200, HELD), PUT: answering(405, '') }),
      ['PATCH', 'GET', 'PUT'],
    ],
  ])(
    'but takes %s is out of order as a whole, and says nothing about PATCH',
    async (_what, answer, asked) => {
      server.answer = answer;
      const service = target('patch');
      expect(await failureOf(clearTitle(service))).toMatchObject(MISCONFIGURED);
      expect(methods()).toEqual(asked);
      server.answer = byMethod({ PATCH: answering(200, CLEARED) });
      expect(await clearTitle(service)).toEqual(WRITTEN);
      expect(methods().at(-1)).toBe('PATCH');
    },
  );
});

describe('O-16: what was cleared and is in the answer all the same', () => {
  test('is gone as a read shows: written', async () => {
    server.answer = byMethod({
      GET: [answering(200, HELD), answering(200, CLEARED)],
      PUT: answering(200, HELD),
    });
    expect(await clearTitle()).toEqual(WRITTEN);
    expect(methods()).toEqual(['GET', 'PUT', 'GET']);
  });

  test.each<[string, OddServer['answer']]>([
    ['the answer', answering(200, HELD)],
    ['an answer without a body', answering(204, '')],
  ])('is there as a read after %s shows: written, with a word about it', async (_what, put) => {
    server.answer = byMethod({ GET: answering(200, HELD), PUT: put });
    const { id, ...user } = HELD;
    expect(await clearTitle()).toEqual({ kind: 'written', account: { id, user }, notCleared: [['title']] });
    expect(methods()).toEqual(['GET', 'PUT', 'GET']);
  });

  test('cannot be read: written, but it is not known what came of it', async () => {
    server.answer = byMethod({ GET: [answering(200, HELD), answering(500, '')], PUT: answering(200, HELD) });
    expect(await failureOf(clearTitle())).toMatchObject(UNSURE);
  });
});

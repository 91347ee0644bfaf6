import { describe, expect, test } from 'vitest';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Match } from '../../../app/scim/target.ts';
import { aCall } from '../memory-ports.ts';
import { answering, errors, listOf, type OddServer, PAGE } from '../odd-server.ts';
import { DOWN, failureOf, MISCONFIGURED, oddServerForEachTest, setUp, UNAUTHORIZED } from '../set-up.ts';
import { BY_NAME, USER } from './ada.ts';

const BY_ANCHOR: Match = { by: 'externalId', value: 'g-1' };

const server = oddServerForEachTest();

function target(more: Parameters<typeof setUp>[1] = {}) {
  return setUp(`${server.origin}/io/scim/v1/`, more).target;
}

describe('looking for a user', () => {
  test('asks by an escaped filter, below the base URL (O-14)', async () => {
    server.answer = listOf();
    expect(await target().find({ by: 'userName', value: 'a"b&c' }, aCall())).toEqual([]);
    expect(server.asked[0]?.url).toBe('/io/scim/v1/Users?filter=userName%20eq%20%22a%5C%22b%26c%22');
  });

  test('O-11 b: userName is compared without case', async () => {
    server.answer = listOf({ id: 't-9', userName: 'Ada.Lovelace@Example.com' });
    expect(await target().find(BY_NAME, aCall())).toEqual([
      { id: 't-9', user: { userName: 'Ada.Lovelace@Example.com' } },
    ]);
  });

  test('O-11 d: two hits are both told', async () => {
    server.answer = listOf({ id: 't-1', userName: USER.userName }, { id: 't-2', userName: USER.userName });
    expect((await target().find(BY_NAME, aCall())).map(({ id }) => id)).toEqual(['t-1', 't-2']);
  });

  test('O-11 e: where the server ignores the filter, nobody else is taken', async () => {
    server.answer = listOf(
      { id: 't-1', userName: 'ben', externalId: 'G-1' },
      { id: 't-2', userName: 'cleo' },
    );
    expect(await target().find(BY_NAME, aCall())).toEqual([]);
    expect(await target().find(BY_ANCHOR, aCall())).toEqual([]);
  });

  test('a hit that does not show what it was found by is read by itself, and not taken for somebody else', async () => {
    const stub = { id: 't-9', userName: 'countess' };
    const [list, whole] = [listOf(stub), answering(200, { ...stub, externalId: 'g-1' })];
    server.answer = (asked, response) => (asked.url.includes('?') ? list : whole)(asked, response);
    expect(await target().find(BY_ANCHOR, aCall())).toEqual([
      { id: 't-9', user: { userName: 'countess', externalId: 'g-1' } },
    ]);
    expect(server.asked.map(({ url }) => url.split('?')[0])).toEqual([
      '/io/scim/v1/Users',
      '/io/scim/v1/Users/t-9',
    ]);
  });

  test('O-11 e: nor is everybody read, where the server ignores the filter', async () => {
    const everybody = Array.from({ length: 11 }, (_, at) => ({ id: `t-${at}`, userName: `u${at}` }));
    server.answer = listOf(...everybody);
    expect(await target().find(BY_ANCHOR, aCall())).toEqual([]);
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-13 k: a sign-in page is not "nobody"', answering(200, PAGE), MISCONFIGURED],
    ['an answer that is no list', answering(200, { id: '1', userName: 'x' }), DOWN],
    ['a bare list', answering(200, []), DOWN],
    ['users without ids', listOf({ userName: USER.userName }), DOWN],
    ['204', answering(204, ''), DOWN],
    ['404 as SCIM: there is no such endpoint', answering(404, errors('gone', 404)), MISCONFIGURED],
    ['404 with a page', answering(404, PAGE), MISCONFIGURED],
    ['403', answering(403, errors('no', '403')), UNAUTHORIZED],
    ['401', answering(401, errors('no', '401')), UNAUTHORIZED],
    ['500', answering(500, errors('oops', '500')), DOWN],
    [
      '400',
      answering(400, errors('bad filter', '400')),
      { name: 'Refused', status: 400, words: 'bad filter' },
    ],
    ['a redirect', answering(302, '', { location: 'https://elsewhere.example/' }), MISCONFIGURED],
  ])('by userName: %s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await failureOf(target().find(BY_NAME, aCall()))).toMatchObject(expected);
    expect(server.asked).toHaveLength(1);
  });

  test('by externalId, a target that cannot filter by it has nobody by it', async () => {
    server.answer = answering(400, errors('bad filter', '400'));
    expect(await target().find(BY_ANCHOR, aCall())).toEqual([]);
    const unsupported = { ...generic, externalIdSearch: 'unsupported' } as const;
    expect(await target({ profile: unsupported }).find(BY_ANCHOR, aCall())).toEqual([]);
    expect(server.asked).toHaveLength(1);
    const supported = { ...unsupported, externalIdSearch: 'supported' } as const;
    expect(await failureOf(target({ profile: supported }).find(BY_ANCHOR, aCall()))).toMatchObject({
      name: 'Refused',
    });
  });

  test.each<[string, OddServer['answer'], object | []]>([
    ['the user', answering(200, { id: 'a/b', userName: 'x' }), [{ id: 'a/b', user: { userName: 'x' } }]],
    ['404 as SCIM: nobody', answering(404, errors('gone', '404')), []],
    ['404 without a body: nobody', (_asked, response) => void response.writeHead(404).end(), []],
  ])('by id: %s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await target().find({ by: 'id', value: 'a/b' }, aCall())).toEqual(expected);
    expect(server.asked[0]?.url).toBe('/io/scim/v1/Users/a%2Fb');
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-12 e: 404 with a page is not "gone"', answering(404, PAGE), MISCONFIGURED],
    ['another user', answering(200, { id: 't-2', userName: 'x' }), DOWN],
    ['no user at all', answering(200, { hello: 1 }), DOWN],
    ['403', answering(403, ''), UNAUTHORIZED],
  ])('by id: %s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await failureOf(target().find({ by: 'id', value: 't-1' }, aCall()))).toMatchObject(expected);
  });
});

describe('a target whose lists show little more than ids', () => {
  const profile = { ...generic, listShows: 'stubs', externalIdSearch: 'supported' } as const;
  const stub = (id: string, userName: string) => ({ id, userName });
  const byId =
    (users: Record<string, object>): OddServer['answer'] =>
    (asked, response) => {
      const id = asked.url.split('/').at(-1) ?? '';
      const user = users[id];
      if (user === undefined) answering(404, errors('gone', '404'))(asked, response);
      else answering(200, { id, ...user })(asked, response);
    };
  const lists =
    (list: OddServer['answer'], users: OddServer['answer']): OddServer['answer'] =>
    (asked, response) =>
      (asked.url.includes('?') ? list : users)(asked, response);

  test('each hit is read by itself, and judged by what that shows', async () => {
    server.answer = lists(
      listOf(stub('t-1', 'ada'), stub('t-2', 'ben')),
      byId({
        't-1': { userName: 'ada', externalId: 'g-1', title: 'T' },
        't-2': { userName: 'ben', externalId: 'g-2' },
      }),
    );
    expect(await target({ profile }).find(BY_ANCHOR, aCall())).toEqual([
      { id: 't-1', user: { userName: 'ada', externalId: 'g-1', title: 'T' } },
    ]);
    expect(server.asked).toHaveLength(3);
  });

  test('by userName, only those are read who have it', async () => {
    server.answer = lists(
      listOf(stub('t-1', 'ben'), stub('t-2', USER.userName)),
      byId({ 't-2': { userName: USER.userName, title: 'T' } }),
    );
    expect(await target({ profile }).find(BY_NAME, aCall())).toEqual([
      { id: 't-2', user: { userName: USER.userName, title: 'T' } },
    ]);
    expect(server.asked.map(({ url }) => url.split('/').at(-1)).slice(1)).toEqual(['t-2']);
  });

  test('who is gone by then is nobody', async () => {
    server.answer = lists(listOf(stub('t-1', USER.userName)), byId({}));
    expect(await target({ profile }).find(BY_NAME, aCall())).toEqual([]);
  });

  test('O-11 e: where the server ignores the filter, it is not asked for everybody', async () => {
    server.answer = lists(
      listOf(...Array.from({ length: 11 }, (_, n) => stub(`t-${n}`, `u-${n}`))),
      byId({}),
    );
    expect(await target({ profile }).find(BY_ANCHOR, aCall())).toEqual([]);
    expect(server.asked).toHaveLength(1);
  });

  test('a hit that cannot be read is not "nobody"', async () => {
    server.answer = lists(listOf(stub('t-1', USER.userName)), answering(500, ''));
    expect(await failureOf(target({ profile }).find(BY_NAME, aCall()))).toMatchObject(DOWN);
  });
});

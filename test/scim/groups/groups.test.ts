import { describe, expect, test } from 'vitest';
import type { ListedGroups } from '../../../app/scim/groups/group-target.ts';
import { agileplace } from '../../../app/scim/profiles/agileplace.ts';
import { aCall, aListCall } from '../memory-ports.ts';
import { answering, byMethod, errors } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';
import { aGroup, aList, aProfile, groupsAt, requests } from './groups-set-up.ts';

const server = oddServerForEachTest();

const ENGINES = { by: 'displayName', value: 'Engines' } as const;
const CORE = 'urn:scim:schemas:core:1.0';

test('a target without groups says so before anything is asked', () => {
  expect(setUp(server.origin, { profile: agileplace }).target.groups).toBeNull();
});

describe('looking for a group', () => {
  test('by id: what the target shows, read leniently', async () => {
    const shown = { ID: 17, DisplayName: 'Engines', externalid: 5, Members: 't-1', META: { Version: 3 } };
    server.answer = answering(200, shown);
    expect(await groupsAt(server).find({ by: 'id', value: '17' }, aCall())).toEqual([
      {
        id: '17',
        displayName: 'Engines',
        externalId: '5',
        members: [{ value: 't-1' }],
        version: '3',
        told: shown,
      },
    ]);
    server.answer = answering(404, errors('none', '404'));
    expect(await groupsAt(server).find({ by: 'id', value: 'a/b' }, aCall())).toEqual([]);
    expect(requests(server)).toEqual(['GET /v1/Groups/17', 'GET /v1/Groups/a%2Fb']);
  });

  test('by name: the filter is sent, and each hit is checked, since servers ignore filters', async () => {
    const others = [
      aGroup([], { displayName: 'Engineers' }),
      aGroup([], { id: 'g-2', displayName: 'ENGINES' }),
    ];
    server.answer = answering(200, aList(...others));
    const found = await groupsAt(server).find(ENGINES, aCall());
    expect(found.map(({ id }) => id)).toEqual(['g-2']);
    expect(requests(server)).toEqual(['GET /v1/Groups?filter=displayName%20eq%20%22Engines%22']);
  });

  test('by externalId, exactly; a filter that is refused finds nobody', async () => {
    const match = { by: 'externalId', value: 'E-1' } as const;
    server.answer = answering(
      200,
      aList(aGroup([], { externalId: 'e-1' }), aGroup([], { id: 'g-2', externalId: 'E-1' })),
    );
    expect((await groupsAt(server).find(match, aCall())).map(({ id }) => id)).toEqual(['g-2']);
    server.answer = answering(400, errors('bad filter', '400'));
    expect(await groupsAt(server).find(match, aCall())).toEqual([]);
    expect(
      await failureOf(groupsAt(server, { externalIdSearch: 'supported' }).find(match, aCall())),
    ).toMatchObject({
      name: 'Refused',
    });
    expect(await groupsAt(server, { externalIdSearch: 'unsupported' }).find(match, aCall())).toEqual([]);
    expect(server.asked).toHaveLength(3);
  });

  test.each<[string, number, unknown, object]>([
    ['a list that is none', 200, { hello: 1 }, { name: 'TargetUnavailable' }],
    ['a group without a name', 200, aList({ id: 'g-1' }), { name: 'TargetUnavailable' }],
    ['no Groups endpoint', 404, errors('none', '404'), { name: 'Refused', status: 404 }],
    ['no right to see groups', 403, errors('no', '403'), { name: 'Refused', status: 403 }],
  ])('%s is not "no such group"', async (_what, status, body, failure) => {
    server.answer = answering(status, body);
    expect(await failureOf(groupsAt(server).find(ENGINES, aCall()))).toMatchObject(failure);
  });

  test('an answer about another group is not believed', async () => {
    server.answer = answering(200, aGroup([]));
    expect(await failureOf(groupsAt(server).find({ by: 'id', value: 'g-2' }, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
    });
  });

  test('at WSO2, a name comes back behind the name of its store, and a list shows no members', async () => {
    const stub = (id: string, displayName: string) => ({ id, displayName });
    server.answer = ({ url }, response) => {
      const list = aList(
        stub('g-1', 'PRIMARY/Engines'),
        stub('g-2', 'PRIMARY/Other/Engines'),
        stub('g-3', 'Motors'),
      );
      const one = aGroup(['t-1'], { displayName: 'PRIMARY/Engines' });
      answering(200, url.includes('filter') ? list : one)({} as never, response);
    };
    const { target } = setUp(`${server.origin}/v1`, { profile: aProfile('wso2') });
    const found = await target.groups?.find(ENGINES, aCall());
    expect(found?.map(({ displayName, members }) => [displayName, members])).toEqual([
      ['PRIMARY/Engines', [{ value: 't-1' }]],
    ]);
    expect(requests(server)).toEqual([
      'GET /v1/Groups?filter=displayName%20eq%20%22Engines%22',
      'GET /v1/Groups/g-1',
    ]);
    server.answer = answering(200, aList(stub('g-1', 'PRIMARY/Engines')));
    expect(await groupsAt(server).find(ENGINES, aCall())).toEqual([]);
  });
});

describe('listing groups', () => {
  async function listed(steps: AsyncIterable<ListedGroups>): Promise<unknown[]> {
    const seen: unknown[] = [];
    for await (const step of steps) seen.push(step.kind === 'end' ? step : step.groups.map(({ id }) => id));
    return seen;
  }

  test('O-15: a server that ignores startIndex ends in an incomplete listing, with each group once', async () => {
    const page = { ...aList(aGroup([]), aGroup([], { id: 'g-2' })), totalResults: 5 };
    server.answer = answering(200, page);
    expect(await listed(groupsAt(server).list(aListCall()))).toEqual([
      ['g-1', 'g-2'],
      expect.objectContaining({ kind: 'end', complete: false, requests: 2 }),
    ]);
    expect(requests(server)).toEqual(['GET /v1/Groups?count=100', 'GET /v1/Groups?startIndex=3&count=100']);
  });

  test('a budget that is spent in the middle of reading is waited for, and nothing is read twice', async () => {
    const stubs = aList({ id: 'g-1', displayName: 'A' }, { id: 'g-2', displayName: 'B' });
    server.answer = ({ url }, response) => {
      const limited = server.asked.length === 3;
      const id = url.split('/').at(-1);
      const body = url.includes('?') ? stubs : aGroup([], { id });
      answering(limited ? 429 : 200, limited ? '' : body)({} as never, response);
    };
    const waited: Date[] = [];
    const call = { ...aCall(), waitUntil: async (until: Date) => void waited.push(until) };
    const seen = await listed(groupsAt(server, { listShows: 'stubs' }).list(call));
    expect(seen[0]).toEqual(['g-1', 'g-2']);
    expect(waited).toHaveLength(1);
    expect(server.asked.map(({ url }) => url.split('/').at(-1))).toEqual([
      'Groups?count=100',
      'g-1',
      'g-2',
      'g-2',
    ]);
  });

  test('where a list shows little, each group is read', async () => {
    server.answer = ({ url }, response) => {
      const body = url.includes('?') ? aList({ id: 'g-1', displayName: 'Engines' }) : aGroup(['t-1']);
      answering(200, body)({} as never, response);
    };
    const groups = groupsAt(server, { listShows: 'stubs' });
    const members: unknown[] = [];
    for await (const step of groups.list(aListCall())) {
      if (step.kind === 'page') members.push(...step.groups.map((group) => group.members));
    }
    expect(members).toEqual([[{ value: 't-1' }]]);
  });
});

describe('creating a group', () => {
  test('with as many members as go into one request; the others are told', async () => {
    server.answer = answering(201, aGroup(['t-1', 't-2']));
    const group = { displayName: 'Engines', externalId: 'E-1', members: ['t-1', 't-2', 't-1', 't-3'] };
    const created = await groupsAt(server, {}, 2).create(group, aCall());
    expect(created).toMatchObject({ kind: 'written', group: { id: 'g-1' }, left: ['t-3'] });
    const members = [{ value: 't-1' }, { value: 't-2' }];
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      schemas: [CORE],
      displayName: 'Engines',
      externalId: 'E-1',
      members,
    });
  });

  test('without members, none are named', async () => {
    server.answer = answering(201, aGroup([]));
    await groupsAt(server).create({ displayName: 'Engines' }, aCall());
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ schemas: [CORE], displayName: 'Engines' });
  });

  test('where the answer shows nothing, it is looked for by its name', async () => {
    server.answer = byMethod({ POST: answering(201, ''), GET: answering(200, aList(aGroup(['t-1']))) });
    expect(await groupsAt(server).create({ displayName: 'Engines' }, aCall())).toMatchObject({
      kind: 'written',
      group: { id: 'g-1' },
    });
  });

  test.each<[string, unknown]>([
    ['nobody has', aList()],
    ['two have', aList(aGroup([]), aGroup([], { id: 'g-2' }))],
  ])('a name that %s leaves the outcome unknown', async (_what, list) => {
    server.answer = byMethod({ POST: answering(201, ''), GET: answering(200, list) });
    expect(await failureOf(groupsAt(server).create({ displayName: 'Engines' }, aCall()))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: true,
    });
  });

  test('a name that is taken is a conflict; anything else is a refusal', async () => {
    server.answer = answering(409, errors('taken', '409'));
    expect(await groupsAt(server).create({ displayName: 'Engines' }, aCall())).toEqual({
      kind: 'conflict',
      status: 409,
      words: 'taken',
    });
    server.answer = answering(400, errors('members are required', '400'));
    expect(await failureOf(groupsAt(server).create({ displayName: 'Engines' }, aCall()))).toMatchObject({
      name: 'Refused',
      words: 'members are required',
    });
  });
});

describe('renaming and removing a group', () => {
  const renamed = answering(200, aGroup(['t-1'], { displayName: 'Motors' }));
  const stale = answering(412, errors('changed', '412'));

  test('a new name goes by PATCH, alone', async () => {
    server.answer = renamed;
    expect(await groupsAt(server).rename('g-1', 'Motors', aCall())).toMatchObject({
      kind: 'written',
      group: { displayName: 'Motors' },
    });
    expect(requests(server)).toEqual([`PATCH /v1/Groups/g-1 {"schemas":["${CORE}"],"displayName":"Motors"}`]);
  });

  test('after 204 the group is read', async () => {
    server.answer = byMethod({ PATCH: answering(204, ''), GET: renamed });
    expect(await groupsAt(server).rename('g-1', 'Motors', aCall())).toMatchObject({ kind: 'written' });
  });

  test('by PUT the members stay', async () => {
    server.answer = byMethod({
      PATCH: answering(501, ''),
      GET: answering(200, aGroup(['t-1'])),
      PUT: renamed,
    });
    expect(await groupsAt(server).rename('g-1', 'Motors', aCall())).toMatchObject({ kind: 'written' });
    expect(JSON.parse(server.asked[2]?.body ?? '')).toEqual({
      schemas: [CORE],
      displayName: 'Motors',
      members: [{ value: 't-1' }],
    });
  });

  test('by PUT no members are said to be none, where the target does not show them', async () => {
    server.answer = byMethod({
      PATCH: answering(501, ''),
      GET: answering(200, aGroup(null)),
      PUT: renamed,
    });
    await groupsAt(server).rename('g-1', 'Motors', aCall());
    expect(JSON.parse(server.asked[2]?.body ?? '')).toEqual({ schemas: [CORE], displayName: 'Motors' });
  });

  test('a group that is gone, or has changed, is told', async () => {
    server.answer = answering(404, errors('none', '404'));
    const groups = groupsAt(server, { ifMatch: 'echo' });
    expect(await groups.rename('g-1', 'Motors', aCall())).toEqual({ kind: 'missing' });
    expect(await groups.remove('g-1', aCall())).toEqual({ kind: 'missing' });
    server.answer = stale;
    expect(await groups.rename('g-1', 'Motors', aCall(), '"1"')).toEqual({ kind: 'changed' });
    expect(await groups.remove('g-1', aCall(), '1')).toEqual({ kind: 'changed' });
    expect(server.asked.map(({ headers }) => headers['if-match'])).toEqual([
      undefined,
      undefined,
      '"1"',
      '"1"',
    ]);
  });

  test('a target that insists on a version is asked for it first', async () => {
    server.answer = byMethod({
      GET: answering(200, aGroup([]), { etag: '"7"' }),
      DELETE: answering(200, ''),
    });
    const groups = groupsAt(server, { ifMatch: 'required' });
    expect(await groups.remove('g-1', aCall())).toEqual({ kind: 'removed' });
    expect(server.asked.map(({ method, headers }) => [method, headers['if-match']])).toEqual([
      ['GET', undefined],
      ['DELETE', '"7"'],
    ]);
  });

  test.each([200, 202, 204])('%d to DELETE is done', async (status) => {
    server.answer = answering(status, status === 200 ? aGroup([]) : '');
    expect(await groupsAt(server).remove('g-1', aCall())).toEqual({ kind: 'removed' });
  });

  test('a name that is taken, and a group that may not go, are refused', async () => {
    server.answer = answering(409, errors('taken', '409'));
    expect(await failureOf(groupsAt(server).rename('g-1', 'Motors', aCall()))).toMatchObject({ status: 409 });
    server.answer = answering(403, errors('built in', '403'));
    expect(await failureOf(groupsAt(server).remove('g-1', aCall()))).toMatchObject({ words: 'built in' });
  });
});

import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors } from '../odd-server.ts';
import { failureOf, oddServerForEachTest } from '../set-up.ts';
import { aGroup, body, groupsAt, requests } from './groups-set-up.ts';

const server = oddServerForEachTest();

const AB = answering(200, aGroup(['t-1', 't-2']));
const DONE = answering(204, '');
const GET = 'GET /v1/Groups/g-1';
const patched = (...members: unknown[]) => `PATCH /v1/Groups/g-1 ${body(members)}`;
const out = (value: string) => ({ value, operation: 'delete' });

describe('changing members by PATCH', () => {
  test.each<[string, { add?: string[]; remove?: string[] }, string[]]>([
    ['O-25 a: one member is removed, and nobody else', { remove: ['t-1'] }, [GET, patched(out('t-1'))]],
    ['O-25 d: one member is added', { add: ['t-3'] }, [GET, patched({ value: 't-3' })]],
    ['O-25 e: who is there already is no request', { add: ['t-1', 't-1'] }, [GET]],
    ['O-25 f: who is not there is no request', { remove: ['t-9'] }, [GET]],
    [
      'both at once, removals first, each once',
      { add: ['t-3', 't-3', 't-2'], remove: ['t-1', 't-1', 't-9'] },
      [GET, patched(out('t-1'), { value: 't-3' })],
    ],
    [
      'who is to be added and removed stays',
      { add: ['t-1'], remove: ['t-1', 't-2'] },
      [GET, patched(out('t-2'))],
    ],
    ['nothing to do is no request at all', {}, []],
  ])('%s', async (_what, { add = [], remove = [] }, asked) => {
    server.answer = byMethod({ GET: AB, PATCH: DONE });
    const changed = await groupsAt(server).changeMembers('g-1', { add, remove }, aCall());
    expect(changed.kind).toBe('done');
    expect(requests(server)).toEqual(asked);
  });

  test('a group that is known is not read again', async () => {
    server.answer = byMethod({ GET: AB, PATCH: DONE });
    const groups = groupsAt(server);
    const [known] = await groups.find({ by: 'id', value: 'g-1' }, aCall());
    expect(await groups.changeMembers('g-1', { add: ['t-1'], remove: [] }, aCall(), known)).toEqual({
      kind: 'done',
      done: { add: [], remove: [] },
    });
    expect(requests(server)).toEqual([GET]);
  });

  test('a member goes as the target shows it, and comes by its id alone', async () => {
    const members = ['t-0', { Value: 't-1', TYPE: 'user', display: 'Ada' }, { value: 2, type: 'Group' }];
    server.answer = byMethod({ GET: answering(200, aGroup(null, { Members: members })), PATCH: DONE });
    const change = { add: ['t-3'], remove: ['t-0', 't-1', '2'] };
    expect(await groupsAt(server).changeMembers('g-1', change, aCall())).toEqual({
      kind: 'done',
      done: change,
    });
    const gone = [out('t-0'), { value: 't-1', type: 'user', display: 'Ada', operation: 'delete' }];
    expect(requests(server)[1]).toBe(
      patched(...gone, { value: '2', type: 'Group', operation: 'delete' }, { value: 't-3' }),
    );
  });

  test('of a group that is shown without members nothing is taken for done', async () => {
    server.answer = byMethod({ GET: answering(200, aGroup(null)), PATCH: DONE });
    const change = { add: ['t-1'], remove: ['t-2'] };
    expect(await groupsAt(server).changeMembers('g-1', change, aCall())).toEqual({
      kind: 'done',
      done: change,
    });
    expect(requests(server)).toEqual([GET, patched(out('t-2'), { value: 't-1' })]);
  });

  test('many go in chunks', async () => {
    server.answer = byMethod({ GET: AB, PATCH: DONE });
    const change = { add: ['t-3', 't-4', 't-5'], remove: ['t-1', 't-2'] };
    expect(await groupsAt(server, {}, 2).changeMembers('g-1', change, aCall())).toEqual({
      kind: 'done',
      done: { remove: ['t-1', 't-2'], add: ['t-3', 't-4', 't-5'] },
    });
    expect(requests(server)).toEqual([
      GET,
      patched(out('t-1'), out('t-2')),
      patched({ value: 't-3' }, { value: 't-4' }),
      patched({ value: 't-5' }),
    ]);
  });
});

describe('a change that fails half way', () => {
  const change = { add: ['t-3', 't-4', 't-5'], remove: [] };
  const refused = answering(400, errors('no such member', '400'));

  test('says what was done, what is left and why; asked again it goes on from there', async () => {
    server.answer = byMethod({ GET: AB, PATCH: [DONE, refused] });
    const groups = groupsAt(server, {}, 1);
    expect(await groups.changeMembers('g-1', change, aCall())).toEqual({
      kind: 'partly',
      done: { add: ['t-3'], remove: [] },
      left: { add: ['t-4', 't-5'], remove: [] },
      refused: ['t-4', 't-5'].map((id) => ({ id, words: 'no such member' })),
      why: expect.objectContaining({ name: 'Refused', status: 400, words: 'no such member' }),
    });
    server.answer = byMethod({ GET: answering(200, aGroup(['t-1', 't-2', 't-3'])), PATCH: DONE });
    expect(await groups.changeMembers('g-1', change, aCall())).toEqual({
      kind: 'done',
      done: { add: ['t-4', 't-5'], remove: [] },
    });
  });

  test('a lost answer leaves its members among what is left', async () => {
    server.answer = byMethod({ GET: AB, PATCH: [DONE, (_asked, response) => void response.destroy()] });
    expect(await groupsAt(server, {}, 2).changeMembers('g-1', change, aCall())).toEqual({
      kind: 'partly',
      done: { add: ['t-3', 't-4'], remove: [] },
      left: { add: ['t-5'], remove: [] },
      refused: [],
      why: expect.objectContaining({ name: 'TargetUnavailable', outcomeUnknown: true }),
    });
  });

  test('where nothing was done, the failure is thrown as ever', async () => {
    server.answer = byMethod({ GET: AB, PATCH: refused });
    expect(await failureOf(groupsAt(server).changeMembers('g-1', change, aCall()))).toMatchObject({
      name: 'Refused',
      status: 400,
    });
  });

  test('who has lost the right to write stops without a word more', async () => {
    server.answer = byMethod({ GET: AB, PATCH: DONE });
    let left = 2;
    const beforeRequest = async () => {
      left -= 1;
      if (left < 0) throw new LeaseLost('lease lost');
    };
    const call = aCall({ beforeRequest });
    expect(await failureOf(groupsAt(server, {}, 1).changeMembers('g-1', change, call))).toBeInstanceOf(
      LeaseLost,
    );
    expect(requests(server)).toHaveLength(2);
  });
});

describe('what the target says back', () => {
  const add = { add: ['t-3'], remove: [] };

  test('a group that is not there is missing', async () => {
    server.answer = answering(404, errors('no such group', '404'));
    expect(await groupsAt(server).changeMembers('g-1', add, aCall())).toEqual({ kind: 'missing' });
    server.answer = byMethod({
      GET: [AB, answering(404, errors('gone', '404'))],
      PATCH: answering(404, errors('gone', '404')),
    });
    expect(await groupsAt(server).changeMembers('g-1', add, aCall())).toEqual({ kind: 'missing' });
  });

  test('a 404 for a member is a refusal, not a missing group', async () => {
    server.answer = byMethod({ GET: AB, PATCH: answering(404, errors('no such user', '404')) });
    expect(await failureOf(groupsAt(server).changeMembers('g-1', add, aCall()))).toMatchObject({
      name: 'Refused',
      status: 404,
      words: 'no such user',
    });
  });

  test('members in the answer are believed, and save nothing else', async () => {
    server.answer = byMethod({ GET: AB, PATCH: answering(200, aGroup(['t-1', 't-2', 't-3'])) });
    expect((await groupsAt(server).changeMembers('g-1', add, aCall())).kind).toBe('done');
    expect(requests(server)).toHaveLength(2);
  });

  test('an answer that repeats what was there is read over', async () => {
    server.answer = byMethod({ GET: [AB, answering(200, aGroup(['t-1', 't-2', 't-3']))], PATCH: AB });
    expect((await groupsAt(server).changeMembers('g-1', add, aCall())).kind).toBe('done');
    expect(requests(server)).toHaveLength(3);
  });

  test('a target that says 200 and does nothing has refused', async () => {
    server.answer = byMethod({ GET: AB, PATCH: AB });
    expect(await failureOf(groupsAt(server).changeMembers('g-1', add, aCall()))).toMatchObject({
      name: 'Refused',
      words: 'the target said that it was done, but shows the members as they were',
    });
  });
});

describe('versions', () => {
  const version = (tag: string, members: string[]) => answering(200, aGroup(members), { etag: tag });
  const ifMatch = () => server.asked.map(({ method, headers }) => `${method} ${headers['if-match'] ?? '-'}`);
  const stale = answering(412, errors('changed since', '412'));
  const add = { add: ['t-3', 't-4'], remove: [] };

  test('echo: each request says the version last seen, and none where the answer told none', async () => {
    server.answer = byMethod({
      GET: version('"1"', ['t-1']),
      PATCH: [version('"2"', ['t-1', 't-3']), answering(204, ''), answering(204, '')],
    });
    const change = { add: ['t-3', 't-4', 't-5'], remove: [] };
    expect((await groupsAt(server, { ifMatch: 'echo' }, 1).changeMembers('g-1', change, aCall())).kind).toBe(
      'done',
    );
    expect(ifMatch()).toEqual(['GET -', 'PATCH "1"', 'PATCH "2"', 'PATCH -']);
  });

  test('required: where the answer told none, the group is read again', async () => {
    server.answer = byMethod({
      GET: [version('"1"', ['t-1']), version('"2"', ['t-1', 't-3'])],
      PATCH: answering(204, ''),
    });
    expect((await groupsAt(server, { ifMatch: 'required' }, 1).changeMembers('g-1', add, aCall())).kind).toBe(
      'done',
    );
    expect(ifMatch()).toEqual(['GET -', 'PATCH "1"', 'GET -', 'PATCH "2"']);
  });

  test('a group that changed meanwhile is read and compared again', async () => {
    server.answer = byMethod({
      GET: [version('"1"', ['t-1']), version('"2"', ['t-1', 't-3'])],
      PATCH: [stale, answering(204, '')],
    });
    expect(await groupsAt(server, { ifMatch: 'echo' }).changeMembers('g-1', add, aCall())).toEqual({
      kind: 'done',
      done: { add: ['t-4'], remove: [] },
    });
    expect(ifMatch()).toEqual(['GET -', 'PATCH "1"', 'GET -', 'PATCH "2"']);
  });

  test('one that changes each time is left to a later attempt', async () => {
    server.answer = byMethod({ GET: version('"1"', ['t-1']), PATCH: stale });
    expect(
      await failureOf(groupsAt(server, { ifMatch: 'echo' }).changeMembers('g-1', add, aCall())),
    ).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: false,
    });
    expect(ifMatch()).toHaveLength(4);
  });

  test('409 may mean a version that is old; twice it is a refusal', async () => {
    server.answer = byMethod({
      GET: version('"1"', ['t-1']),
      PATCH: answering(409, errors('conflict', '409')),
    });
    expect(
      await failureOf(groupsAt(server, { ifMatch: 'echo' }).changeMembers('g-1', add, aCall())),
    ).toMatchObject({
      name: 'Refused',
      status: 409,
    });
    expect(ifMatch()).toEqual(['GET -', 'PATCH "1"', 'GET -', 'PATCH "1"']);
  });
});

describe('changing members by PUT', () => {
  const urn = 'urn:scim:schemas:extension:store:1.0';
  const shown = answering(
    200,
    aGroup(null, {
      Members: ['t-1', { value: 't-2', type: 'user', display: 'Ben' }, { ref: 'unreadable' }],
      externalId: 'E-1',
      meta: { version: 'W/"1"' },
      [urn]: { store: 'PRIMARY' },
    }),
  );
  const put = {
    schemas: ['urn:scim:schemas:core:1.0', urn],
    externalId: 'E-1',
    [urn]: { store: 'PRIMARY' },
    displayName: 'Engines',
    members: [{ value: 't-2', type: 'user', display: 'Ben' }, { ref: 'unreadable' }, { value: 't-3' }],
  };
  const change = { add: ['t-3'], remove: ['t-1'] };

  test('keeps everybody and everything that is not ours', async () => {
    server.answer = byMethod({ GET: shown, PUT: answering(204, '') });
    const groups = { path: '/Groups', update: 'put', membersPerRequest: 1 } as const;
    const target = groupsAt(server, { groups, ifMatch: 'echo' }, 1);
    expect(await target.changeMembers('g-1', change, aCall())).toEqual({ kind: 'done', done: change });
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual(put);
    expect(server.asked[1]?.headers['if-match']).toBe('W/"1"');
  });

  test('is what a target gets that does not take PATCH, from then on', async () => {
    server.answer = byMethod({
      GET: shown,
      PATCH: answering(501, errors('no PATCH', '501')),
      PUT: answering(204, ''),
    });
    const groups = groupsAt(server);
    expect((await groups.changeMembers('g-1', change, aCall())).kind).toBe('done');
    expect((await groups.changeMembers('g-1', change, aCall())).kind).toBe('done');
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'PUT', 'GET', 'PUT']);
    expect(JSON.parse(server.asked[2]?.body ?? '')).toEqual(put);
  });

  test('starts from the group as it is now, also where one was known', async () => {
    server.answer = byMethod({ GET: [AB, shown], PATCH: answering(405, ''), PUT: answering(204, '') });
    const groups = groupsAt(server);
    const [known] = await groups.find({ by: 'id', value: 'g-1' }, aCall());
    expect((await groups.changeMembers('g-1', change, aCall(), known)).kind).toBe('done');
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PUT']);
    expect(JSON.parse(server.asked[3]?.body ?? '')).toEqual(put);
  });

  test('where neither is taken, that is a refusal, and says nothing about PATCH', async () => {
    server.answer = byMethod({ GET: AB, PATCH: answering(405, ''), PUT: answering(405, '') });
    const groups = groupsAt(server);
    for (let time = 1; time <= 2; time += 1) {
      expect(await failureOf(groups.changeMembers('g-1', change, aCall()))).toMatchObject({
        name: 'Refused',
        status: 405,
      });
    }
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'PUT', 'GET', 'PATCH', 'PUT']);
  });
});

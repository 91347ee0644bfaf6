/** A PATCH that was answered with yes and did not do all it said: looked at, mended where it is a list, and told. */
import { describe, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const WORK = { value: 'a@x.test', type: 'work' };
const HOME = { value: 'b@x.test', type: 'home', display: 'B' };
const WAS: ScimUser = { userName: 'ada', title: 'Chief', emails: [WORK, HOME] };
const FEWER: ScimUser = { ...WAS, emails: [WORK] };
const UNTITLED: ScimUser = { userName: 'ada', emails: [WORK, HOME] };
const shown = (user: object, version = '"1"') => answering(200, { id: 't-1', ...user }, { etag: version });

const server = oddServerForEachTest();

const update = (wanted: ScimUser, more: Partial<Profile> = {}) =>
  setUp(server.origin, { profile: { ...generic, ...more } }).target.update(
    't-1',
    differences(WAS, wanted, WAS),
    wanted,
    aCall(),
    '"0"',
  );
const asked = () => server.asked.map(({ method, headers }) => [method, headers['if-match']].join(' ').trim());
const bodies = () => server.asked.flatMap(({ body }) => (body === '' ? [] : [JSON.parse(body)]));
const refused = answering(400, { Errors: [{ description: 'operation is unknown', code: '400' }] });

describe('a list that keeps what was to go', () => {
  test('has it deleted, as the target shows it and for the version that it shows', async () => {
    server.answer = byMethod({ PATCH: [shown(WAS), shown(FEWER, '"2"')], GET: shown(WAS) });
    expect(await update(FEWER)).toEqual({
      kind: 'written',
      account: { id: 't-1', user: FEWER, version: '"2"' },
    });
    expect(asked()).toEqual(['PATCH "0"', 'GET', 'PATCH "1"']);
    expect(bodies()[1]).toEqual({ schemas: [CORE], emails: [{ ...HOME, operation: 'delete' }] });
  });

  test('is right where only the answer repeated what was there before', async () => {
    server.answer = byMethod({ PATCH: shown(WAS), GET: shown(FEWER) });
    expect(await update(FEWER)).not.toHaveProperty('notCleared');
    expect(asked()).toEqual(['PATCH "0"', 'GET']);
  });

  test('is not read a second time after a 204', async () => {
    server.answer = byMethod({ PATCH: [answering(204, ''), shown(FEWER)], GET: shown(WAS) });
    expect(await update(FEWER)).not.toHaveProperty('notCleared');
    expect(asked()).toEqual(['PATCH "0"', 'GET', 'PATCH "1"']);
  });

  test.each<[string, OddServer['answer'][], Partial<Profile>, number]>([
    ['keeps it even then', [shown(WAS)], {}, 4],
    ['refuses the deletion', [shown(WAS), refused], {}, 3],
    ['takes every list for the whole list', [shown(WAS)], { listChanges: 'overwrite' }, 2],
  ])('is told where the target %s', async (_what, answers, more, requests) => {
    server.answer = byMethod({ PATCH: answers, GET: shown(WAS) });
    expect(await update(FEWER, more)).toMatchObject({ kind: 'written', notCleared: [['emails']] });
    expect(asked()).toHaveLength(requests);
  });

  test('is no success where the deletion got no answer', async () => {
    server.answer = byMethod({ PATCH: [shown(WAS), answering(502, '')], GET: shown(WAS) });
    expect(await failureOf(update(FEWER))).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: true });
  });

  test('is planned anew where somebody else has changed the account meanwhile', async () => {
    server.answer = byMethod({ PATCH: [shown(WAS), answering(412, '')], GET: shown(WAS) });
    expect(await update(FEWER)).toEqual({ kind: 'changed' });
  });

  test('is deleted by a body that says what each PATCH has to say', async () => {
    server.answer = byMethod({ PATCH: [shown(WAS), shown(FEWER)], GET: shown({ ...WAS, active: false }) });
    await update(FEWER, { alwaysSend: ['active'], ifMatch: 'never' });
    expect(bodies().at(-1)).toEqual({
      schemas: [CORE],
      active: false,
      emails: [{ ...HOME, operation: 'delete' }],
    });
  });
});

test('a list that was cleared instead of replaced is sent again', async () => {
  server.answer = byMethod({
    PATCH: [shown({ ...WAS, emails: [] }), shown(FEWER)],
    GET: shown({ ...WAS, emails: [] }),
  });
  expect(await update(FEWER)).toMatchObject({ kind: 'written', account: { user: FEWER } });
  expect(bodies()[1]).toEqual({ schemas: [CORE], emails: [WORK] });
});

describe('O-16: an attribute that was to be cleared', () => {
  test('and is there after a read is told, and not asked for again', async () => {
    server.answer = byMethod({ PATCH: shown(WAS), GET: shown(WAS) });
    expect(await update(UNTITLED)).toMatchObject({ kind: 'written', notCleared: [['title']] });
    expect(asked()).toEqual(['PATCH "0"', 'GET']);
  });

  test.each<[string, object]>([
    ['is gone', UNTITLED],
    ['is blank', { ...UNTITLED, title: '' }],
    ['has a default of the target in its place', { ...UNTITLED, title: 'Member' }],
  ])('and %s costs no read', async (_what, user) => {
    server.answer = byMethod({ PATCH: shown(user) });
    expect(await update(UNTITLED)).not.toHaveProperty('notCleared');
    expect(asked()).toEqual(['PATCH "0"']);
  });

  test('is not told where each PATCH has to say it, so that it was not asked for', async () => {
    server.answer = byMethod({ PATCH: shown(WAS), GET: shown(WAS) });
    expect(await update(UNTITLED, { alwaysSend: ['title'] })).not.toHaveProperty('notCleared');
  });
});

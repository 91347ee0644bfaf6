/** What an update sends where a PATCH needs more than the differences: a version, what a PATCH would reset, a DELETE. */
import { describe, expect, test } from 'vitest';
import { type Difference, differences } from '../../../app/scim/differences.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import { PROFILE_NAMES, profileNamed } from '../../../app/scim/profiles/index.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import type { ScimUser } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp, UNSURE } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const WANTED: ScimUser = { userName: 'ada', title: 'Chief', active: false };
const TITLE: readonly Difference[] = [{ path: ['title'], before: 'Analyst', after: 'Chief' }];
const HELD = { id: 't-1', ...WANTED, title: 'Analyst', meta: { version: 7 } };

const server = oddServerForEachTest();

function target(more: Partial<Profile>) {
  return setUp(`${server.origin}/scim/v1`, { profile: { ...generic, ...more } }).target;
}

const methods = () => server.asked.map(({ method }) => method);
const sent = (method: string) => server.asked.filter((asked) => asked.method === method);
const bodies = (method: string) => sent(method).map(({ body }) => JSON.parse(body));
const matches = (method: string) => sent(method).map(({ headers }) => headers['if-match']);
const written = answering(200, { ...HELD, title: 'Chief' }, { etag: '"8"' });

describe('the version that a PATCH is meant for', () => {
  test.each<[Profile['ifMatch'], string | undefined, string | undefined, string[]]>([
    ['never', '7', undefined, ['PATCH']],
    ['echo', undefined, undefined, ['PATCH']],
    ['echo', '7', '"7"', ['PATCH']],
    ['echo', '"7"', '"7"', ['PATCH']],
    ['echo', 'W/"7"', 'W/"7"', ['PATCH']],
    ['required', '7', '"7"', ['PATCH']],
    ['required', undefined, '"7"', ['GET', 'PATCH']],
    ['any', '7', '*', ['PATCH']],
    ['any', undefined, '*', ['PATCH']],
  ])('%s, and %s is known: If-Match %s', async (ifMatch, version, header, asked) => {
    server.answer = byMethod({ GET: answering(200, HELD), PATCH: written });
    const updated = await target({ ifMatch }).update('t-1', TITLE, WANTED, aCall(), version);
    expect(updated).toMatchObject({ kind: 'written', account: { id: 't-1', version: '"8"' } });
    expect(methods()).toEqual(asked);
    expect(matches('PATCH')).toEqual([header]);
  });

  test('is * where one is required and the account shows none', async () => {
    const { meta: _meta, ...unversioned } = HELD;
    server.answer = byMethod({ GET: answering(200, unversioned), PATCH: written });
    await target({ ifMatch: 'required' }).update('t-1', TITLE, WANTED, aCall());
    expect(matches('PATCH')).toEqual(['*']);
  });

  test.each<[string, OddServer['answer'], string[]]>([
    ['412', answering(412, errors('changed', '412')), ['PATCH']],
    ['409, and a read shows another version', answering(409, errors('stale', '409')), ['PATCH', 'GET']],
  ])(
    'is an old one (%s): nothing was written, and whoever planned has to plan again',
    async (_what, patch, asked) => {
      server.answer = byMethod({ PATCH: patch, GET: answering(200, HELD) });
      expect(await target({ ifMatch: 'echo' }).update('t-1', TITLE, WANTED, aCall(), '6')).toEqual({
        kind: 'changed',
      });
      expect(methods()).toEqual(asked);
    },
  );

  test.each<[string, OddServer['answer'], object]>([
    [
      'a read shows the same version: the name is taken',
      answering(200, HELD),
      { name: 'Refused', words: 'taken' },
    ],
    [
      'the read fails: nothing was written',
      answering(500, ''),
      { name: 'TargetUnavailable', outcomeUnknown: false },
    ],
  ])('409, and %s', async (_what, get, failure) => {
    server.answer = byMethod({ PATCH: answering(409, errors('taken', '409')), GET: get });
    const updating = target({ ifMatch: 'echo' }).update('t-1', TITLE, WANTED, aCall(), 'W/"7"');
    expect(await failureOf(updating)).toMatchObject(failure);
    expect(methods()).toEqual(['PATCH', 'GET']);
  });

  test('409, and the account is gone by then', async () => {
    server.answer = byMethod({
      PATCH: answering(409, errors('stale', '409')),
      GET: answering(404, errors('gone', '404')),
    });
    const updated = await target({ ifMatch: 'echo' }).update('t-1', TITLE, WANTED, aCall(), '7');
    expect(updated).toEqual({ kind: 'missing' });
  });

  test('where none was sent, a 409 or 412 is a refusal, and nothing more is asked', async () => {
    for (const status of [409, 412]) {
      server.answer = answering(status, errors('no', String(status)));
      const updating = target({ ifMatch: 'never' }).update('t-1', TITLE, WANTED, aCall(), '7');
      expect(await failureOf(updating)).toMatchObject({ name: 'Refused', status, words: 'no' });
    }
    expect(methods()).toEqual(['PATCH', 'PATCH']);
  });
});

describe('a target whose PATCH resets active and verified where it leaves them out', () => {
  const resetting: Partial<Profile> = { alwaysSend: ['active', 'verified'], ifMatch: 'required' };
  const held = { ...HELD, active: true, verified: false };

  test('what we do not want ourselves is sent as it is there, with the version of the same read', async () => {
    server.answer = byMethod({ GET: answering(200, held), PATCH: written });
    await target(resetting).update('t-1', TITLE, WANTED, aCall());
    expect(methods()).toEqual(['GET', 'PATCH']);
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief', active: false, verified: false }]);
    expect(matches('PATCH')).toEqual(['"7"']);
  });

  test('a mapping that says nothing of active leaves a switched-off account off', async () => {
    server.answer = byMethod({ GET: answering(200, { ...held, active: false }), PATCH: written });
    await target(resetting).update('t-1', TITLE, { userName: 'ada', title: 'Chief' }, aCall());
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief', active: false, verified: false }]);
  });

  test('what we want all of costs no read', async () => {
    server.answer = byMethod({ PATCH: written });
    await target(resetting).update('t-1', TITLE, { ...WANTED, verified: true }, aCall(), '7');
    expect(methods()).toEqual(['PATCH']);
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief', active: false, verified: true }]);
  });

  test('what has left the mapping is not cleared but kept', async () => {
    server.answer = byMethod({ GET: answering(200, held), PATCH: written });
    const cleared: readonly Difference[] = [...TITLE, { path: ['verified'], before: true, after: undefined }];
    await target(resetting).update('t-1', cleared, WANTED, aCall());
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief', active: false, verified: false }]);
  });

  test('an attribute of them that the target does not have is left out, but never active', async () => {
    const { active: _active, verified: _verified, ...bare } = held;
    server.answer = byMethod({ GET: answering(200, bare), PATCH: written });
    await target(resetting).update('t-1', TITLE, WANTED, aCall());
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief', active: false }]);
    const updating = target(resetting).update('t-1', TITLE, { userName: 'ada', title: 'Chief' }, aCall());
    expect(await failureOf(updating)).toMatchObject({
      name: 'TargetUnusable',
      message: expect.stringContaining('map active, or choose another profile'),
    });
    expect(sent('PATCH')).toHaveLength(1);
  });

  test('the read shows another version than was planned for: nothing is sent', async () => {
    server.answer = byMethod({ GET: answering(200, held) });
    const updated = await target(resetting).update('t-1', TITLE, WANTED, aCall(), '"6"');
    expect(updated).toEqual({ kind: 'changed' });
    expect(methods()).toEqual(['GET']);
  });

  test('the account is gone: a value, and nothing is sent', async () => {
    server.answer = byMethod({ GET: answering(404, errors('gone', '404')) });
    expect(await target(resetting).update('t-1', TITLE, WANTED, aCall())).toEqual({ kind: 'missing' });
  });
});

describe('a target that switches off by DELETE', () => {
  const deleting: Partial<Profile> = { deactivate: 'delete', deletes: 'deactivates', ifMatch: 'never' };
  const off: Difference = { path: ['active'], before: true, after: false };
  const isOff = answering(200, { ...HELD, title: 'Chief' });

  test('gets the other differences first, then DELETE, and is asked what came of it', async () => {
    server.answer = byMethod({ PATCH: written, DELETE: answering(200, { ok: true }), GET: isOff });
    const updated = await target(deleting).update('t-1', [...TITLE, off], WANTED, aCall());
    expect(updated).toMatchObject({
      kind: 'written',
      account: { id: 't-1', user: { active: false, title: 'Chief' } },
    });
    expect(methods()).toEqual(['PATCH', 'DELETE', 'GET']);
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], title: 'Chief' }]);
  });

  test('keeps what it was asked to clear before: that is told after the DELETE as well (O-16)', async () => {
    const kept = answering(200, { ...HELD, title: 'Maths' });
    server.answer = byMethod({ PATCH: kept, DELETE: answering(204, ''), GET: kept });
    const cleared: Difference = { path: ['title'], before: 'Maths', after: undefined };
    expect(await target(deleting).update('t-1', [cleared, off], WANTED, aCall())).toMatchObject({
      kind: 'written',
      notCleared: [['title']],
    });
  });

  test('gets DELETE alone where nothing else differs', async () => {
    server.answer = byMethod({ DELETE: answering(204, ''), GET: isOff });
    expect(await target(deleting).update('t-1', [off], WANTED, aCall())).toMatchObject({ kind: 'written' });
    expect(methods()).toEqual(['DELETE', 'GET']);
  });

  test('an account that is really gone is missing', async () => {
    for (const status of [204, 404]) {
      server.answer = byMethod({
        DELETE: answering(status, status === 404 ? errors('gone', 404) : ''),
        GET: answering(404, errors('gone', '404')),
      });
      expect(await target(deleting).update('t-1', [off], WANTED, aCall())).toEqual({ kind: 'missing' });
    }
  });

  test('refuses the DELETE after the other differences: it is not said that nothing was written', async () => {
    server.answer = byMethod({ PATCH: written, DELETE: answering(403, errors('owner', '403')) });
    const updating = target(deleting).update('t-1', [...TITLE, off], WANTED, aCall());
    expect(await failureOf(updating)).toMatchObject(UNSURE);
    expect(await failureOf(target(deleting).update('t-1', [off], WANTED, aCall()))).toMatchObject({
      name: 'Refused',
      words: 'owner',
    });
  });

  test('cannot be read afterwards: the outcome is unknown', async () => {
    server.answer = byMethod({ DELETE: answering(204, ''), GET: answering(500, '') });
    expect(await failureOf(target(deleting).update('t-1', [off], WANTED, aCall()))).toMatchObject(UNSURE);
  });

  test('gets a PATCH as ever where access begins again', async () => {
    server.answer = byMethod({ PATCH: written });
    await target(deleting).update('t-1', [{ path: ['active'], before: false, after: true }], WANTED, aCall());
    expect(methods()).toEqual(['PATCH']);
  });

  test('no other target ever gets a DELETE for it', async () => {
    server.answer = byMethod({ PATCH: written });
    await target({ deletes: 'deactivates' }).update('t-1', [off], WANTED, aCall());
    expect(methods()).toEqual(['PATCH']);
    expect(bodies('PATCH')).toEqual([{ schemas: [CORE], active: false }]);
  });
});

test.each(PROFILE_NAMES)('%s ends no access by a DELETE that would remove the account', (name) => {
  const profile = profileNamed(name);
  if (profile?.deactivate === 'delete') expect(profile.deletes).toBe('deactivates');
});

test('a list is changed as the profile says', async () => {
  const known: ScimUser = { userName: 'ada', emails: [{ value: 'E1', primary: true }, { value: 'E2' }] };
  const desired: ScimUser = { userName: 'ada', emails: [{ value: 'E2', primary: true }] };
  server.answer = byMethod({ PATCH: answering(200, { id: 't-1', ...desired }) });
  for (const listChanges of ['replace', 'elements', 'overwrite'] as const) {
    await target({ listChanges }).update('t-1', differences(known, desired, known), desired, aCall());
  }
  const emails = [{ value: 'E2', primary: true }];
  expect(bodies('PATCH')).toEqual([
    { schemas: [CORE], emails, meta: { attributes: ['emails'] } },
    { schemas: [CORE], emails: [{ value: 'E1', operation: 'delete' }, ...emails] },
    { schemas: [CORE], emails },
  ]);
});

test('users are where the profile has them', async () => {
  server.answer = byMethod({
    GET: answering(200, { totalResults: 0 }),
    POST: answering(201, HELD),
    PATCH: written,
  });
  const service = target({ usersPath: '/api/user' });
  await service.find({ by: 'userName', value: 'ada' }, aCall());
  await service.create(WANTED, aCall());
  await service.update('t-1', TITLE, WANTED, aCall());
  expect(server.asked.map(({ url }) => url.split('?')[0])).toEqual([
    '/scim/v1/api/user',
    '/scim/v1/api/user',
    '/scim/v1/api/user/t-1',
  ]);
});

import { describe, expect, test } from 'vitest';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { Profile } from '../../../app/scim/profiles/profile.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, errors, type OddServer, PAGE } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp, UNSURE } from '../set-up.ts';

const HELD = { id: 't/1', userName: 'ada', meta: { version: 7 } };

const server = oddServerForEachTest();

const methods = () => server.asked.map(({ method }) => method);

function remove(more: Partial<Profile> = {}, version?: string) {
  const { target } = setUp(`${server.origin}/scim/v1`, { profile: { ...generic, ...more } });
  return target.remove('t/1', aCall(), version);
}

describe('removing a user', () => {
  test.each<[string, OddServer['answer']]>([
    ['200 with the user', answering(200, HELD)],
    ['200 without a body', answering(200, '')],
    ['202', answering(202, '')],
    ['204', answering(204, '')],
    ['200 with half an answer', answering(200, '{"id":', { 'content-type': 'application/json' })],
  ])('%s: removed', async (_what, answer) => {
    server.answer = answer;
    expect(await remove()).toEqual({ kind: 'removed' });
    expect(server.asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['DELETE', '/scim/v1/Users/t%2F1', ''],
    ]);
  });

  test.each<[string, OddServer['answer']]>([
    ['404 as SCIM', answering(404, errors('gone', '404'))],
    ['404 without a body', answering(404, '', { 'content-type': 'application/json' })],
    ['410', answering(410, errors('gone', 410))],
  ])('O-12 d: %s is a value, and as good as removed', async (_what, answer) => {
    server.answer = answer;
    expect(await remove()).toEqual({ kind: 'missing' });
  });

  test.each<[string, OddServer['answer'], object]>([
    [
      'O-12 e: 404 with a page says nothing about the user',
      answering(404, PAGE),
      { name: 'TargetUnusable', why: 'misconfigured' },
    ],
    ['200 with a page: who knows', answering(200, PAGE), UNSURE],
    ['403', answering(403, errors('owner', '403')), { name: 'Refused', status: 403, words: 'owner' }],
    [
      '409',
      answering(409, errors('has boards', '409')),
      { name: 'Refused', status: 409, words: 'has boards' },
    ],
    ['405', answering(405, ''), { name: 'TargetUnusable', why: 'misconfigured' }],
    ['500: it may be done', answering(500, ''), UNSURE],
    ['a reset: it may be done', (_asked, response) => void response.destroy(), UNSURE],
  ])('%s', async (_what, answer, failure) => {
    server.answer = answer;
    expect(await failureOf(remove())).toMatchObject(failure);
    expect(methods()).toEqual(['DELETE']);
  });
});

describe('the version that a DELETE is meant for', () => {
  test.each<[Profile['ifMatch'], string | undefined, string | undefined, string[]]>([
    ['never', '7', undefined, ['DELETE']],
    ['echo', undefined, undefined, ['DELETE']],
    ['echo', '7', '"7"', ['DELETE']],
    ['required', undefined, '"7"', ['GET', 'DELETE']],
    ['any', undefined, '*', ['DELETE']],
  ])('%s, and %s is known: If-Match %s', async (ifMatch, version, header, asked) => {
    server.answer = byMethod({ GET: answering(200, HELD), DELETE: answering(204, '') });
    expect(await remove({ ifMatch }, version)).toEqual({ kind: 'removed' });
    expect(methods()).toEqual(asked);
    expect(server.asked.at(-1)?.headers['if-match']).toBe(header);
  });

  test.each<[string, OddServer['answer'], string[]]>([
    ['412', answering(412, ''), ['DELETE']],
    ['409, and a read shows another version', answering(409, errors('stale', '409')), ['DELETE', 'GET']],
  ])('is an old one (%s): nothing was done', async (_what, answer, asked) => {
    server.answer = byMethod({ DELETE: answer, GET: answering(200, HELD) });
    expect(await remove({ ifMatch: 'echo' }, '6')).toEqual({ kind: 'changed' });
    expect(methods()).toEqual(asked);
  });

  test('is required, and the user is gone already', async () => {
    server.answer = answering(404, errors('gone', '404'));
    expect(await remove({ ifMatch: 'required' })).toEqual({ kind: 'missing' });
    expect(methods()).toEqual(['GET']);
  });
});

/** O-12: writes for somebody who is gone, at servers that answer them with an error of their own. */
import { beforeEach, describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import type { Difference } from '../../../app/scim/differences.ts';
import type { ScimTarget } from '../../../app/scim/index.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import { aCall } from '../memory-ports.ts';
import { answering, byMethod, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const WANTED = { userName: 'ada', title: 'Chief' };
const TITLE: readonly Difference[] = [{ path: ['title'], before: 'Analyst', after: 'Chief' }];
const errors = (code: number) => ({ Errors: [{ description: 'user id=t-1 does not exist', code }] });
const internal = answering(500, errors(500));
const nobody = answering(404, errors(404));
const there = answering(200, { id: 't-1', ...WANTED, displayName: 'Engines' });

const server = oddServerForEachTest();
let target: ScimTarget;
beforeEach(async () => {
  target = setUp(`${server.origin}/v1`, { profile: generic }).target;
});

const update = (call = aCall()) => target.update('t-1', TITLE, WANTED, call);
const methods = () => server.asked.map(({ method }) => method);

describe('500 with an error as SCIM has it', () => {
  test.each<[string, () => Promise<unknown> | undefined]>([
    ['PATCH of a user', () => update()],
    ['DELETE of a user', () => target.remove('t-1', aCall())],
    ['PATCH of a group', () => target.groups?.rename('t-1', 'Engines', aCall())],
    ['DELETE of a group', () => target.groups?.remove('t-1', aCall())],
  ])('to a %s: a look shows that it is gone', async (_what, write) => {
    server.answer = byMethod({ PATCH: internal, DELETE: internal, GET: nobody });
    expect(await write()).toEqual({ kind: 'missing' });
    expect(methods()).toHaveLength(2);
  });

  test('to a PUT as well', async () => {
    server.answer = byMethod({ PATCH: answering(501, ''), PUT: internal, GET: [there, nobody] });
    expect(await update()).toEqual({ kind: 'missing' });
    expect(methods()).toEqual(['PATCH', 'GET', 'PUT', 'GET']);
  });

  test('for somebody who is there stays a failure, with the words of the server for whoever asks', async () => {
    server.answer = byMethod({ PATCH: internal, GET: there });
    const failure = await failureOf(update());
    expect(failure).toMatchObject({
      name: 'TargetUnavailable',
      message: 'PATCH Users/{id} at agileplace: answered 500',
      words: 'user id=t-1 does not exist',
      outcomeUnknown: true,
    });
  });

  test('stays one where nobody can tell', async () => {
    server.answer = byMethod({ PATCH: internal, GET: answering(502, '') });
    expect(await failureOf(update())).toMatchObject({ message: expect.stringMatching(/^PATCH .*500$/) });
  });

  test('is not looked into by whoever may not go on', async () => {
    server.answer = byMethod({ PATCH: internal, GET: nobody });
    let requests = 0;
    const beforeRequest = async () => {
      requests += 1;
      if (requests > 1) throw new LeaseLost('lease lost');
    };
    expect(await failureOf(update(aCall({ beforeRequest })))).toMatchObject({ name: 'LeaseLost' });
  });
});

test.each<[string, OddServer['answer']]>([
  ['500 without an error of SCIM', answering(500, '')],
  ['502 of a proxy', answering(502, '<html></html>')],
  ['503 of the service itself', answering(503, errors(503))],
])('%s is no reason to look', async (_what, answer) => {
  server.answer = byMethod({ PATCH: answer, GET: nobody });
  expect(await failureOf(update())).toMatchObject({ name: 'TargetUnavailable' });
  expect(methods()).toEqual(['PATCH']);
});

/** Answers that RFC 4533 allows, or that servers give nevertheless, and that our slapd does not: on a scripted server. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Watermark } from '../../../../app/sources/source.ts';
import { done, intermediate } from '../../../support/ldap-peer/answers.ts';
import { syncEntry, syncNewCookie } from '../../../support/ldap-peer/content-sync.ts';
import { type Follower, follow } from '../follower.ts';
import { GROUPS } from '../invented.ts';
import {
  allGroups,
  dnOf,
  end,
  everybody,
  idOf,
  known,
  nothing,
  type Scripted,
  says,
  startScripted,
} from './scripted.ts';

let server: Scripted;
let follower: Follower;

beforeAll(async () => {
  server = await startScripted();
});
beforeEach(async () => {
  server.answer({ people: () => everybody('c1', ['ada', 'bea']), groups: () => allGroups('g1') });
  follower = follow(server.source);
  await follower.poll();
});
afterAll(() => server.peer.stop());

test('the request is critical, refreshOnly, and carries the cookie of the last read', async () => {
  server.answer({ people: () => nothing() });
  await follower.poll();
  expect(server.cookies()).toEqual(['c1']);
  expect(server.cookies(GROUPS)).toEqual(['g1']);
  const [control] = server.peer.received
    .flatMap((request) => (request.kind === 'search' ? request.controls : []))
    .filter(({ oid }) => oid === '1.3.6.1.4.1.4203.1.9.1.1');
  expect(control).toMatchObject({ critical: true });
});

test('e-syncRefreshRequired: everybody is asked for within the same read, and groups with them', async () => {
  server.answer({
    people: (cookie) => (cookie === null ? everybody('c2', ['ada']) : [done({ code: 4096 })]),
    groups: (cookie) => (cookie === null ? allGroups('g2') : nothing()),
  });
  const read = await follower.poll();
  expect(read.end).toMatchObject({
    names: 'everyone',
    complete: true,
    notices: ['everybody was read: the server wants everybody to be read anew'],
  });
  expect(follower.people()).toEqual([known('ada')]);
  expect(follower.groups()).toEqual([`all: ${dnOf('ada')}`]);
  expect(server.cookies()).toEqual(['c1', null]);
  expect(server.cookies(GROUPS)).toEqual([null]);
});

test('where only groups have to be asked for anew, people are, too: one read tells of everybody or of changes', async () => {
  server.answer({
    people: (cookie) => (cookie === null ? everybody('c2', ['ada', 'cleo']) : nothing()),
    groups: (cookie) => (cookie === null ? allGroups('g2') : [done({ code: 4096 })]),
  });
  expect((await follower.poll()).end).toMatchObject({ names: 'everyone', complete: true });
  expect(follower.people()).toEqual([known('ada'), known('cleo')]);
  expect(server.cookies()).toEqual(['c1', null]);
  expect(server.cookies(GROUPS)).toEqual(['g1', null]);
});

test('a server that wants to be asked anew even without a cookie is refused', async () => {
  server.answer({ people: () => [done({ code: 4096 })] });
  await expect(follower.poll()).rejects.toThrow('again and again');
});

test('a server that gives no cookie is refused: nothing could be followed', async () => {
  server.answer({ people: () => [says('ada'), end(null)] });
  await expect(follow(server.source).poll()).rejects.toThrow('the server gives no cookie to go on from');
});

test('entries said to be present, deleted or modified count as that', async () => {
  server.answer({
    people: () => [
      syncEntry(dnOf('ada'), idOf('ada'), {}, 'present'),
      syncEntry(dnOf('cleo'), idOf('cleo'), { uid: 'cleo', sn: 'cleo' }, 'modify'),
      end('c2'),
    ],
    groups: (cookie) => (cookie === null ? allGroups('g2') : nothing()),
  });
  const read = await follower.poll();
  expect(read.told.slice(0, 2)).toEqual(['unchanged person ada', 'person cleo']);
  expect(read.end).toMatchObject({ names: 'everyone' });
  expect(follower.people()).toEqual([known('ada'), known('cleo')]);
  server.answer({ people: () => [syncEntry(dnOf('ada'), idOf('ada'), {}, 'delete'), end('c3', true)] });
  expect((await follower.poll()).told).toEqual(['absent person ada']);
  expect(follower.people()).toEqual([known('cleo')]);
});

test('"whoever was not named is gone", and nobody was named: that is not believed, everybody is asked for', async () => {
  server.answer({
    people: (cookie) => (cookie === null ? everybody('c2', ['ada', 'bea']) : [end('c2', false)]),
    groups: () => allGroups('g2'),
  });
  expect((await follower.poll()).end).toMatchObject({
    names: 'everyone',
    notices: ['everybody was read: the server names nobody'],
  });
  expect(follower.people()).toEqual([known('ada'), known('bea')]);
});

test('an end that does not say what the answer tells of is not believed', async () => {
  server.answer({
    people: (cookie) => (cookie === null ? everybody('c2', ['ada']) : [says('ada'), done()]),
    groups: () => allGroups('g2'),
  });
  expect((await follower.poll()).end.notices).toEqual([
    'everybody was read: the server did not say what its answer tells of',
  ]);
  expect(follower.people()).toEqual([known('ada')]);
});

test('somebody named, and the cookie has not moved: the server has not understood it', async () => {
  server.answer({
    people: (cookie) => (cookie === null ? everybody('c2', ['ada']) : [says('ada'), end('c1', true)]),
    groups: () => allGroups('g2'),
  });
  expect((await follower.poll()).end.notices).toEqual([
    'everybody was read: the server did not go on from the watermark',
  ]);
});

test('a cookie that comes on the way counts where the end has none', async () => {
  server.answer({ people: () => [syncNewCookie('c2'), says('cleo'), end(null, true)] });
  expect((await follower.poll()).end).toMatchObject({ names: 'changes', complete: true });
  server.answer({ people: () => nothing() });
  await follower.poll();
  expect(server.cookies().at(-1)).toBe('c2');
});

test('intermediate responses of another kind are passed over', async () => {
  server.answer({
    people: () => [
      intermediate('1.2.3.4'),
      intermediate('', Buffer.from('x')),
      says('cleo'),
      end('c2', true),
    ],
  });
  expect((await follower.poll()).told).toEqual(['person cleo']);
});

test('a server that is busy is no refusal: the read is tried again later, in the same way', async () => {
  server.answer({ people: () => [done({ code: 51 })] });
  await expect(follower.poll()).rejects.toThrow('the server is busy');
});

test.each([
  [50, 'the account may not use it'],
  [2, 'the server does not understand the request'],
  [53, 'the server is not willing to'],
])('code %i refuses it for good', async (code, why) => {
  server.answer({ people: () => [done({ code })] });
  await expect(follower.sweep()).rejects.toThrow(`not read by content-sync: ${why}`);
});

test('a watermark of another question is not sent', async () => {
  follower.watermark = (follower.watermark ?? '').replace(/"asked":"[^"]*"/, '"asked":"x"') as Watermark;
  server.answer({ people: () => everybody('c2', ['ada']), groups: () => allGroups('g2') });
  await follower.poll();
  expect(server.cookies()).toEqual([null]);
});

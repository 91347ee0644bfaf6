/** What becomes of a cookie when the server, the configuration or the rights change: nobody stays who is gone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Watermark } from '../../../../app/sources/source.ts';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { type Follower, follow } from '../follower.ts';
import { group, PEOPLE, person, personAttributes, sourceFor } from '../invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;
const known = (uid: string, sn = uid) => `${uid} ${sn} at ${dnOf(uid)}`;

/** The watermark with another cookie for people. */
function withCookie(watermark: Watermark | null, cookie: string): Watermark {
  const { mark, ...rest } = JSON.parse(watermark ?? '{}');
  const people = Buffer.from(cookie).toString('base64');
  return JSON.stringify({ ...rest, mark: { ...mark, people } }) as Watermark;
}

describe('a server with a short log of changes', () => {
  let directory: Directory;
  let follower: Follower;
  beforeAll(async () => {
    directory = await startDirectory({
      syncprov: ['syncprov-sessionlog 4'],
      ldif: ['ada', 'bea', 'cleo', 'dora'].map((uid) => person(uid)).join('') + group('all', [dnOf('ada')]),
    });
    follower = follow(sourceFor(directory));
    await follower.poll();
  });
  afterAll(() => directory.stop());

  test('a restart alone brings no news', async () => {
    await directory.restart();
    expect(await follower.poll()).toMatchObject({ told: [], end: { names: 'changes', complete: true } });
  });

  test('a deletion before a restart, which forgets the log, is found: who is left is named', async () => {
    await directory.remove(dnOf('bea'));
    await directory.restart();
    const { told, end } = await follower.poll();
    expect(told.slice(0, 3).sort()).toEqual([
      'unchanged person ada',
      'unchanged person cleo',
      'unchanged person dora',
    ]);
    expect(end).toMatchObject({ names: 'everyone', complete: true, notices: [] });
    expect(follower.people()).toEqual([known('ada'), known('cleo'), known('dora')]);
    expect(follower.groups()).toEqual([`all: ${dnOf('ada')}`]);
  });

  test('a cookie that is older than the log: everything that came since is found', async () => {
    await directory.remove(dnOf('cleo'));
    for (const sn of ['1', '2', '3', '4', '5', '6', '7']) {
      await directory.modify(dnOf('ada'), { replace: { sn } });
    }
    await directory.add(dnOf('eva'), personAttributes('eva'));
    const { end } = await follower.poll();
    expect(end).toMatchObject({ names: 'everyone', complete: true });
    expect(follower.people()).toEqual([known('ada', '7'), known('dora'), known('eva')]);
  });

  test('a cookie that is garbage: everybody is read, and a person who is gone goes', async () => {
    await directory.remove(dnOf('eva'));
    follower.watermark = withCookie(follower.watermark, 'garbage');
    const { end } = await follower.poll();
    expect(end).toMatchObject({
      names: 'everyone',
      complete: true,
      notices: ['everybody was read: the server did not go on from the watermark'],
    });
    expect(follower.people()).toEqual([known('ada', '7'), known('dora')]);
    expect(await follower.poll()).toMatchObject({ told: [], end: { names: 'changes', notices: [] } });
    await directory.add(dnOf('eva'), personAttributes('eva'));
    await follower.poll();
  });

  test('O-05: a server that knows less than was read before is not believed by a poll; a sweep goes by it', async () => {
    const future = 'rid=000,csn=20991231235959.000000Z#000000#000#000000';
    follower.watermark = withCookie(follower.watermark, future);
    const before = follower.watermark;
    await expect(follower.poll()).rejects.toThrow(
      `${directory.ldapUrl}: the server knows less than was read before; it is a replica that is behind, or it was restored.`,
    );
    expect(follower.watermark).toBe(before);
    expect(follower.people()).toHaveLength(3);
    expect((await follower.sweep()).end).toMatchObject({ names: 'everyone', complete: true });
    expect(await follower.poll()).toMatchObject({ told: [], end: { names: 'changes' } });
  });

  test('a cookie of long ago: everybody is named', async () => {
    follower.watermark = withCookie(
      follower.watermark,
      'rid=000,csn=20100101000000.000000Z#000000#000#000000',
    );
    expect((await follower.poll()).end).toMatchObject({ names: 'everyone', complete: true });
    expect(follower.people()).toHaveLength(3);
  });

  test.each([
    ['another filter', { people: { base: PEOPLE, filter: '(uid=ada)' } }, 1],
    ['another base', { people: { base: dnOf('eva') } }, 1],
    ['one attribute more', { reads: ['uid', 'mail', 'sn', 'title'] }, 3],
    ['no groups any more', { groups: { memberAttribute: 'memberOf' } }, 3],
  ])('%s in the configuration starts with everybody', async (_, change, count) => {
    const changed = follow(sourceFor(directory, change));
    changed.watermark = follower.watermark;
    expect((await changed.poll()).end).toMatchObject({ names: 'everyone', complete: true });
    expect(changed.people()).toHaveLength(count);
  });

  test('a watermark whose inside is damaged starts with everybody', async () => {
    follower.watermark = '{"v":2,"tracking":"content-sync","mark":{"people":7}}' as Watermark;
    expect((await follower.poll()).end).toMatchObject({ names: 'everyone', complete: true });
  });
});

test('a server that wants to be asked anew (syncprov-reloadhint) is, within the same read', async () => {
  const directory = await startDirectory({
    syncprov: ['syncprov-reloadhint TRUE'],
    ldif: person('ada') + person('bea') + group('all', [dnOf('ada')]),
  });
  try {
    const follower = follow(sourceFor(directory));
    await follower.poll();
    await directory.remove(dnOf('bea'));
    follower.watermark = withCookie(
      follower.watermark,
      'rid=000,csn=20100101000000.000000Z#000000#000#000000',
    );
    expect((await follower.poll()).end).toMatchObject({
      names: 'everyone',
      complete: true,
      notices: ['everybody was read: the server wants everybody to be read anew'],
    });
    expect(follower.people()).toEqual([known('ada')]);
  } finally {
    await directory.stop();
  }
});

test('people and entries that the account may not see are told to nobody, and a right taken away shows in the sweep', async () => {
  const directory = await startDirectory({
    access: [`access to filter=(title=secret) by * none`],
    ldif: person('ada') + person('spy', { title: 'secret' }) + group('all', [dnOf('ada')]),
  });
  try {
    const follower = follow(sourceFor(directory));
    await follower.poll();
    expect(follower.people()).toEqual([known('ada')]);
    await directory.modify(dnOf('spy'), { replace: { sn: 'bond' } });
    await follower.poll();
    expect(follower.people()).toEqual([known('ada')]);
    await directory.modify(dnOf('ada'), { replace: { title: 'secret' } });
    await follower.poll();
    await follower.sweep();
    expect(follower.people()).toEqual([]);
    await directory.modify(dnOf('spy'), { replace: { title: 'known' } });
    await follower.poll();
    expect(follower.people()).toEqual([known('spy', 'bond')]);
    expect(follower.groups()).toEqual([`all: ${dnOf('ada')}`]);
    expect((await follower.sweep()).end.problems).toEqual([]);
  } finally {
    await directory.stop();
  }
});

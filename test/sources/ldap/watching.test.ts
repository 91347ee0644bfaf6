/** Hearing of changes at once: a bell that says that something has changed, and never what. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapSource } from '../../../app/sources/ldap/index.ts';
import type { Source, Watermark } from '../../../app/sources/source.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { done, type Saying, wait } from '../../support/ldap-peer/answers.ts';
import {
  syncDone,
  syncEntry,
  syncIds,
  syncNewCookie,
  syncRefreshed,
  syncWish,
} from '../../support/ldap-peer/content-sync.ts';
import { ROOT_DSE } from '../../support/ldap-peer/habits.ts';
import { startLdapPeer } from '../../support/ldap-peer.ts';
import { follow } from './follower.ts';
import { GROUPS, group, PEOPLE, person, personAttributes, sourceFor, T0, uuid } from './invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

/** Counts how often a source has rung, until it is told to stop. */
function listen(source: Source, since: Watermark | null = null) {
  const stop = new AbortController();
  let rung = 0;
  let wake = () => {};
  const ended = (async () => {
    if (source.watch === null) throw new Error('the source cannot be listened to');
    for await (const _ of source.watch(since, stop.signal)) {
      rung += 1;
      wake();
    }
  })();
  ended.catch(() => wake());
  return {
    /** Waits until it has rung so often in all. */
    async until(times: number): Promise<void> {
      while (rung < times) {
        await Promise.race([
          ended,
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
        ]);
      }
    },
    rung: () => rung,
    ended,
    async stop(): Promise<void> {
      stop.abort();
      await ended.catch(() => {});
    },
  };
}

describe('OpenLDAP', () => {
  let directory: Directory;
  beforeAll(async () => {
    directory = await startDirectory({ ldif: person('ada') + group('all', [dnOf('ada')]) });
  });
  afterAll(() => directory.stop());

  test('rings when it listens, and then for each kind of change', async () => {
    const bell = listen(sourceFor(directory));
    await bell.until(1);
    const changes = [
      () => directory.modify(dnOf('ada'), { replace: { sn: 'b' } }),
      () => directory.add(dnOf('bea'), personAttributes('bea')),
      () => directory.modify(`cn=all,${GROUPS}`, { add: { member: dnOf('bea') } }),
      () => directory.rename(dnOf('bea'), dnOf('bea.b')),
      () => directory.remove(dnOf('bea.b')),
    ];
    for (const change of changes) {
      const before = bell.rung();
      await change();
      await bell.until(before + 1);
    }
    await bell.stop();
  });

  test('does not ring for what is not read', async () => {
    const bell = listen(sourceFor(directory));
    await bell.until(1);
    await directory.add(`ou=elsewhere,${directory.suffix}`, {
      objectClass: 'organizationalUnit',
      ou: 'elsewhere',
    });
    await directory.modify(dnOf('ada'), { replace: { sn: 'c' } });
    await bell.until(2);
    await directory.modify(dnOf('ada'), { replace: { sn: 'd' } });
    await bell.until(3);
    expect(bell.rung()).toBe(3);
    await bell.stop();
  });

  test('begins at a watermark, and a poll after the first ring finds what came before it', async () => {
    const follower = follow(sourceFor(directory));
    await follower.poll();
    await directory.modify(dnOf('ada'), { replace: { sn: 'between' } });
    const bell = listen(sourceFor(directory), follower.watermark);
    await bell.until(1);
    expect((await follower.poll()).told).toContain('person ada');
    await bell.stop();
  });

  test('ends with an error when the server goes away', async () => {
    const bell = listen(sourceFor(directory));
    await bell.until(1);
    await directory.restart();
    await expect(bell.ended).rejects.toThrow('the connection was lost');
  });
});

describe('a scripted server', () => {
  const refreshed = [syncRefreshed];
  type Script = (
    cookie: string | null,
    isPeople: boolean,
    persist: boolean,
  ) => Iterable<Saying> | AsyncIterable<Saying>;
  async function scripted(script: Script) {
    const peer = await startLdapPeer({
      rootDse: ROOT_DSE.openldap,
      search: (request) => {
        const { cookie = null, persist = false } = syncWish(request) ?? {};
        return script(cookie, request.base === PEOPLE, persist);
      },
    });
    const source = createLdapSource({
      name: 'corp',
      urls: [peer.url],
      tls: 'none',
      bindDn: 'cn=reader,dc=example,dc=test',
      password: () => 'pw',
      people: { base: PEOPLE },
      groups: { base: GROUPS },
      reads: ['uid'],
      timeoutMs: 200,
      now: () => T0,
    });
    return { peer, source };
  }

  test('asks for no attribute, in the mode that goes on, and is patient for longer than an answer may take', async () => {
    const { peer, source } = await scripted(function* (_, isPeople) {
      yield* refreshed;
      yield wait(500);
      if (isPeople) yield syncEntry(dnOf('ada'), uuid(1), {});
      yield wait(5_000);
    });
    const bell = listen(source);
    await bell.until(2);
    const searches = peer.received.filter((request) => request.kind === 'search' && request.base !== '');
    expect(searches).toMatchObject([
      { base: PEOPLE, attributes: ['1.1'] },
      { base: GROUPS, attributes: ['1.1'] },
    ]);
    expect(searches.map((request) => request.kind === 'search' && syncWish(request)?.persist)).toEqual([
      true,
      true,
    ]);
    await bell.stop();
    await peer.stop();
  });

  test('does not listen before both searches do, and rings once for a burst that nobody waited for', async () => {
    let groupsMayListen = () => {};
    const gate = new Promise<void>((resolve) => {
      groupsMayListen = resolve;
    });
    const { peer, source } = await scripted(async function* (_, isPeople) {
      if (!isPeople) await gate;
      yield* refreshed;
      if (isPeople) for (let n = 1; n <= 20; n += 1) yield syncEntry(dnOf(`u${n}`), uuid(n), {});
      yield wait(5_000);
    });
    const bell = listen(source);
    await peerHasAnswered(peer);
    expect(bell.rung()).toBe(0);
    groupsMayListen();
    await bell.until(1);
    expect(bell.rung()).toBe(1);
    await bell.stop();
    await peer.stop();
  });

  test('a new cookie alone is no news; ids are', async () => {
    const { peer, source } = await scripted(function* (_, isPeople) {
      yield* refreshed;
      if (isPeople) {
        yield wait(50);
        yield syncNewCookie('c2');
        yield wait(50);
        yield syncIds([uuid(1)], true);
      }
      yield wait(5_000);
    });
    const bell = listen(source);
    await bell.until(2);
    expect(bell.rung()).toBe(2);
    await bell.stop();
    await peer.stop();
  });

  test('a cookie that the server does not take is left out', async () => {
    const { peer, source } = await scripted((cookie, _, persist) => {
      if (!persist) return [done({ controls: [syncDone('c1')] })];
      return cookie === null ? [...refreshed, wait(5_000)] : [done({ code: 4096 })];
    });
    const follower = follow(source);
    await follower.poll();
    const bell = listen(source, follower.watermark);
    await bell.until(1);
    const cookies = peer.received.flatMap((request) => {
      const wish = request.kind === 'search' ? syncWish(request) : null;
      return wish?.persist === true ? [wish.cookie] : [];
    });
    expect(cookies).toEqual(['c1', 'c1', null, null]);
    await bell.stop();
    await peer.stop();
  });

  test('a refusal says why, and a server that ends it ends the bell', async () => {
    const refused = await scripted(() => [done({ code: 53, diagnostic: 'too many' })]);
    await expect(listen(refused.source).ended).rejects.toThrow(
      /^source corp cannot be listened to: content-sync: the server is not willing/,
    );
    await refused.peer.stop();
    const ended = await scripted(() => [...refreshed, wait(50), done()]);
    await expect(listen(ended.source).ended).rejects.toThrow(/^ldap:\/\/127/);
    await ended.peer.stop();
  });
});

/** Waits until both searches were asked and the peer had time to answer the first. */
async function peerHasAnswered(peer: {
  readonly received: readonly { readonly kind: string }[];
}): Promise<void> {
  const isAsked = () => peer.received.filter(({ kind }) => kind === 'search').length >= 3;
  while (!isAsked()) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Searches over one socket, with a peer that answers as it likes. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask } from '../../../../app/sources/ldap/protocol/ask.ts';
import { BadEncoding } from '../../../../app/sources/ldap/protocol/ber.ts';
import { ConnectionLost, Disconnected } from '../../../../app/sources/ldap/protocol/channel.ts';
import { search } from '../../../../app/sources/ldap/protocol/search.ts';
import {
  cutNext,
  done,
  drop,
  entry,
  intermediate,
  raw,
  reference,
} from '../../../support/ldap-peer/answers.ts';
import { message, octets, result, sequence, tlv } from '../../../support/ldap-peer/encoding.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { answerOf, EVERYONE, speakTo, uidsOf } from './speaking.ts';

const person = (uid: string) => entry(`uid=${uid},${EVERYONE.base}`, { uid });

let peer: LdapPeer;
afterEach(() => peer.stop());

async function speak(script: PeerScript) {
  peer = await startLdapPeer(script);
  return speakTo(peer.port);
}

/** The sockets have to pass it on, which takes as long as it takes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const whoAmI = (messageId: number) => ({
  write: () => message(messageId, tlv(0x77, tlv(0x80, '1.3.6.1.4.1.4203.1.11.3'))),
});

describe('an answer', () => {
  test.each([1, 2, 7, 1_000])('comes whole in pieces of %i bytes, in its order', async (chunk) => {
    const { channel } = await speak({
      chunk,
      search: () => [
        person('ada'),
        reference('ldap://elsewhere.example.test/'),
        intermediate('1.3.6.1.4.1.4203.1.9.1.4', Buffer.from([0x80, 0x01, 0x61])),
        entry('uid=bob', { uid: 'bob' }, { oid: '1.3.6.1.4.1.4203.1.9.1.2', value: Buffer.from('s') }),
        done({ controls: [{ oid: '1.3.6.1.4.1.4203.1.9.1.3', value: Buffer.from('cookie') }] }),
      ],
    });
    const items = await answerOf(channel);
    expect(items.map(({ kind }) => kind)).toEqual(['entry', 'reference', 'intermediate', 'entry', 'done']);
    expect(items[2]).toEqual({
      kind: 'intermediate',
      oid: '1.3.6.1.4.1.4203.1.9.1.4',
      value: Buffer.from([0x80, 0x01, 0x61]),
    });
    expect(items[3]).toMatchObject({ controls: [{ oid: '1.3.6.1.4.1.4203.1.9.1.2' }] });
    expect(items[4]).toMatchObject({ controls: [{ value: Buffer.from('cookie') }] });
  });

  test('asks the server for everything, without limits', async () => {
    const { channel } = await speak({});
    await answerOf(channel);
    expect(peer.received[0]).toMatchObject({
      kind: 'search',
      base: 'dc=example,dc=test',
      scope: 'sub',
      filterText: '(objectclass=person)',
      attributes: ['uid'],
      sizeLimit: 0,
      timeLimit: 0,
    });
  });

  test('with a broken message is never a whole one, whatever comes behind it', async () => {
    const { channel } = await speak({
      search: ({ id }) => [
        person('ada'),
        raw(message(id, tlv(0x64, octets('uid=bob')))),
        person('carl'),
        done(),
      ],
    });
    const seen: string[] = [];
    const read = async () => {
      for await (const batch of search(channel, EVERYONE)) seen.push(...uidsOf(batch));
    };
    await expect(read()).rejects.toThrow(BadEncoding);
    expect(seen).toEqual(['ada']);
  });

  test('ends with its end, though the server goes on talking', async () => {
    const { channel } = await speak({ search: () => [person('ada'), done(), person('bob'), done()] });
    expect(uidsOf(await answerOf(channel))).toEqual(['ada']);
    expect(uidsOf(await answerOf(channel))).toEqual(['ada']);
  });

  test.each([
    ['a reset', [person('ada'), drop]],
    ['an end inside a message', [person('ada'), cutNext(20), person('bob')]],
    ['an end inside the last message', [person('ada'), cutNext(3), done()]],
  ])('that %s breaks off is an error', async (_, sayings) => {
    const { channel } = await speak({ search: () => sayings });
    await expect(answerOf(channel)).rejects.toThrow(ConnectionLost);
    expect(channel.isLost()).toBe(true);
  });

  test('in another language is told as such', async () => {
    const { channel } = await speak({ search: () => [raw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))] });
    await expect(answerOf(channel)).rejects.toMatchObject({ cause: expect.any(BadEncoding) });
  });

  test('that is a notice of disconnection says why the server goes', async () => {
    const notice = message(0, result(0x78, { code: 52 }, tlv(0x8a, '1.3.6.1.4.1.1466.20036')));
    const { channel } = await speak({ search: () => [person('ada'), raw(notice)] });
    const failure = await answerOf(channel).catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: expect.any(Disconnected) });
    expect(failure).toMatchObject({ cause: { code: 52 } });
  });
});

describe('one channel', () => {
  test('carries two searches and a question at a time', async () => {
    const { channel } = await speak({
      async *search({ base }) {
        for (let index = 0; index < 50; index += 1) {
          yield person(`${base}${index}`);
          await new Promise((resolve) => setImmediate(resolve));
        }
        yield done();
      },
    });
    const [first, second, asked] = await Promise.all([
      answerOf(channel, { ...EVERYONE, base: 'a' }),
      answerOf(channel, { ...EVERYONE, base: 'b' }),
      ask(channel, whoAmI),
    ]);
    expect(uidsOf(first)).toEqual(Array.from({ length: 50 }, (_, index) => `a${index}`));
    expect(uidsOf(second)).toEqual(Array.from({ length: 50 }, (_, index) => `b${index}`));
    expect(asked.code).toBe(0);
  });

  test('tells everybody who waits that it is lost, and whoever comes later', async () => {
    const { channel } = await speak({ search: () => [], extended: () => [] });
    const waiting = [answerOf(channel), answerOf(channel), ask(channel, whoAmI)];
    await until(() => peer.received.length === 3);
    peer.strike();
    const ends = await Promise.allSettled(waiting);
    expect(ends.map((end) => end.status === 'rejected' && end.reason instanceof ConnectionLost)).toEqual([
      true,
      true,
      true,
    ]);
    await expect(answerOf(channel)).rejects.toThrow(ConnectionLost);
  });

  test('an answer to nothing is nobody’s', async () => {
    const { channel } = await speak({
      search: () => [raw(message(999, result(0x65, {}))), person('ada'), done()],
    });
    expect(uidsOf(await answerOf(channel))).toEqual(['ada']);
  });

  test('an answer that is none fails the question', async () => {
    const { channel } = await speak({ extended: ({ id }) => [raw(message(id, sequence()))] });
    await expect(ask(channel, whoAmI)).rejects.toThrow(BadEncoding);
  });

  test('closes with a goodbye', async () => {
    const { channel } = await speak({});
    await channel.close(message(channel.nextId(), tlv(0x42)));
    await until(() => peer.open() === 0);
    expect(peer.received.map(({ kind }) => kind)).toEqual(['unbind']);
  });
});

describe('a reader', () => {
  test('that stops early abandons its search, and only that', async () => {
    const { channel } = await speak({
      async *search({ base }, signal) {
        yield person(base);
        if (base === 'endless') await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield done();
      },
    });
    for await (const _ of search(channel, { ...EVERYONE, base: 'endless' })) break;
    await until(() => peer.received.some(({ kind }) => kind === 'abandon'));
    const [asked, abandon] = peer.received;
    expect(abandon).toMatchObject({ kind: 'abandon', abandoned: asked?.id });
    expect(uidsOf(await answerOf(channel, { ...EVERYONE, base: 'next' }))).toEqual(['next']);
  });

  test('that is at the end abandons nothing', async () => {
    const { channel } = await speak({ search: () => [person('ada'), done()] });
    await answerOf(channel);
    await answerOf(channel);
    expect(peer.received.map(({ kind }) => kind)).toEqual(['search', 'search']);
  });

  test('that is behind slows the server down, and gets everything in the end', async () => {
    const filler = 'x'.repeat(2_000);
    let said = 0;
    const { channel, socket } = await speak({
      *search() {
        for (; said < 30_000; said += 1) yield entry(`uid=u${said}`, { uid: `u${said}`, filler });
        yield done();
      },
    });
    const answer = search(channel, EVERYONE);
    let count = (await answer.next()).value?.length ?? 0;
    await until(() => socket.isPaused());
    // 60 MB are not there at once: what the system's buffers do not take waits in the server.
    let before = -1;
    while (before !== said) {
      before = said;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(said).toBeLessThan(30_000);
    for await (const batch of answer) count += batch.length;
    expect(count).toBe(30_001);
    expect(socket.isPaused()).toBe(false);
  });

  test('that is behind may ask something over the same channel', async () => {
    const { channel, socket } = await speak({
      *search({ base }) {
        const count = base === 'many' ? 20_000 : 1;
        for (let index = 0; index < count; index += 1)
          yield entry(`uid=u${index}`, { uid: `u${index}`, filler: 'x'.repeat(500) });
        yield done();
      },
    });
    const many = search(channel, { ...EVERYONE, base: 'many' });
    let count = (await many.next()).value?.length ?? 0;
    await until(() => socket.isPaused());
    expect(uidsOf(await answerOf(channel, { ...EVERYONE, base: 'one' }))).toEqual(['u0']);
    for await (const batch of many) count += batch.length;
    expect(count).toBe(20_001);
  });
});

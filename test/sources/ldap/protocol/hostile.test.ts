/** Servers, or whoever stands in for one, that want to use up our memory or to stop us. */
import { afterEach, describe, expect, test } from 'vitest';
import { BadEncoding } from '../../../../app/sources/ldap/protocol/ber.ts';
import { createFrames, MessageTooLong } from '../../../../app/sources/ldap/protocol/frames.ts';
import { readSearchItem } from '../../../../app/sources/ldap/protocol/messages.ts';
import { search } from '../../../../app/sources/ldap/protocol/search.ts';
import { done, entry, raw } from '../../../support/ldap-peer/answers.ts';
import { message, octets, tlv } from '../../../support/ldap-peer/encoding.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { answerOf, EVERYONE, speakTo } from './speaking.ts';

let peer: LdapPeer | null = null;
afterEach(async () => {
  await peer?.stop();
  peer = null;
});

async function speak(script: PeerScript) {
  peer = await startLdapPeer(script);
  return speakTo(peer.port);
}

/** The beginning of a message that says how long it is going to be. */
function announcing(length: number): Buffer {
  const head = Buffer.from([0x30, 0x84, 0, 0, 0, 0]);
  head.writeUInt32BE(length, 2);
  return head;
}

describe('a message that says that it is very long', () => {
  test.each([0x0800_0001, 0x7fff_ffff])('%i bytes, is refused before it comes', (length) => {
    expect(() => createFrames().push(announcing(length))).toThrow(MessageTooLong);
  });

  test('longer than any length, is none', () => {
    expect(() => createFrames().push(announcing(0xffff_ffff))).toThrow(BadEncoding);
  });

  test('is refused wherever it stands, and however it is cut', () => {
    const frames = createFrames(100);
    const short = message(1, tlv(0x65, octets('x')));
    expect(frames.push(Buffer.concat([short, announcing(101).subarray(0, 3)]))).toEqual([short]);
    expect(() => frames.push(announcing(101).subarray(3))).toThrow(MessageTooLong);
  });

  test('ends the answer that it stands in, and the connection', async () => {
    const { channel } = await speak({ search: () => [raw(announcing(0x7fff_ffff))] });
    await expect(answerOf(channel)).rejects.toMatchObject({ cause: expect.any(MessageTooLong) });
    expect(channel.isLost()).toBe(true);
  });
});

test('lengths that do not fit into one another are refused, however deep', () => {
  let nested: Buffer = Buffer.from([0x04, 0x7f]);
  for (let depth = 0; depth < 2_000; depth += 1) nested = tlv(0x30, nested);
  for (const inner of [nested, tlv(0x30, nested), Buffer.concat([octets('uid=a'), nested])])
    expect(() => readSearchItem(message(1, tlv(0x64, inner)))).toThrow(BadEncoding);
  const longer = message(1, tlv(0x64, octets('uid=a'), Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])));
  expect(() => readSearchItem(longer)).toThrow(BadEncoding);
});

test('a few large entries that wait for their reader slow the server down like many small ones', async () => {
  const photograph = 'x'.repeat(1_000_000);
  let said = 0;
  const { channel, socket } = await speak({
    *search() {
      for (; said < 200; said += 1) yield entry(`uid=u${said}`, { photograph });
      yield done();
    },
  });
  const answer = search(channel, EVERYONE);
  let count = (await answer.next()).value?.length ?? 0;
  while (!socket.isPaused()) await new Promise((resolve) => setTimeout(resolve, 5));
  for await (const batch of answer) count += batch.length;
  expect(count).toBe(201);
  expect(socket.isPaused()).toBe(false);
});

test('more references in one message than a call may have arguments are taken', async () => {
  const urls = Buffer.concat(Array.from({ length: 200_000 }, () => octets('ldap://a')));
  const { channel } = await speak({ search: ({ id }) => [raw(message(id, tlv(0x73, urls))), done()] });
  const [first] = await answerOf(channel);
  expect(first?.kind === 'reference' ? first.urls.length : 0).toBe(200_000);
});

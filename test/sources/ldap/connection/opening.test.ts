/** Getting in: several servers, silent ones, StartTLS that is never given up. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import { openConnection } from '../../../../app/sources/ldap/connection/connection.ts';
import { createStanding } from '../../../../app/sources/ldap/connection/standing.ts';
import type { LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { type Authority, type IssuedCertificate, openAuthority } from '../../../support/certificates.ts';
import { done, extendedDone, raw } from '../../../support/ldap-peer/answers.ts';
import { message, result } from '../../../support/ldap-peer/encoding.ts';
import { inPages, ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { never, T0, tell } from '../invented.ts';
import { ACCOUNT, connect, PASSWORD, peerSettings, peerSource, peopleOf } from './peer-source.ts';

const START_TLS = '1.3.6.1.4.1.1466.20037';

const peers: LdapPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.stop();
});

async function peerWith(script: PeerScript): Promise<LdapPeer> {
  const peer = await startLdapPeer(script);
  peers.push(peer);
  return peer;
}

const holding = (count: number): PeerScript => ({
  rootDse: ROOT_DSE.openldap,
  search: (request) => inPages(request, peopleOf(count)),
});

async function failureOf(work: Promise<unknown>): Promise<SourceUnavailable> {
  const failure = await work.catch((error: unknown) => error);
  if (!(failure instanceof SourceUnavailable)) throw new Error('it did not end with SourceUnavailable');
  return failure;
}

describe('several servers', () => {
  test('the next one is read where the first takes the call and is silent', async () => {
    const silent = await peerWith({ silent: true });
    const other = await peerWith(holding(3));
    const source = peerSource(silent, { urls: [silent.url, other.url], timeoutMs: 200 });
    const { uids, end } = await tell(source);
    expect(uids).toEqual(['u0', 'u1', 'u2']);
    expect([silent.accepted(), other.accepted()]).toEqual([1, 1]);
    // Else nobody would know that the spare one is in use.
    expect(end.notices).toEqual([`passed over: ${silent.url}: no answer within 200 ms to the log-in`]);
  });

  test.each([
    [51, 'the server is busy'],
    [52, 'the server says that it is not available'],
    [8, 'the server wants a protected connection; use ldaps or StartTLS'],
    [1, 'the server refused the operation; the account is probably not bound'],
  ])('the next one is read where the first answers the log-in with result %i', async (code, words) => {
    const first = await peerWith({ bind: () => [done({ code })] });
    const other = await peerWith(holding(1));
    expect((await tell(peerSource(first, { urls: [first.url, other.url] }))).uids).toEqual(['u0']);
    expect((await failureOf(connect(first))).message).toBe(`${first.url}: ${words}`);
  });

  test('one that failed a moment ago is asked last for a minute, and then first again', async () => {
    let now = T0.getTime();
    const first = await peerWith({ silent: true });
    const other = await peerWith(holding(1));
    const options = { urls: [first.url, other.url], timeoutMs: 200, now: () => new Date(now) };
    const source = peerSource(first, options);
    await tell(source);
    await tell(source);
    expect([first.accepted(), other.accepted()]).toEqual([1, 2]);
    first.become(holding(2));
    now += 60_000;
    expect((await tell(source)).uids).toEqual(['u0', 'u1']);
    expect([first.accepted(), other.accepted()]).toEqual([2, 2]);
  });

  test('one that went silent in the middle of a read is asked last by the next', async () => {
    const first = await peerWith({ rootDse: ROOT_DSE.openldap, search: () => [] });
    const other = await peerWith(holding(1));
    const source = peerSource(first, { urls: [first.url, other.url], timeoutMs: 200 });
    const failure = await failureOf(tell(source));
    expect(failure.message).toBe(`${first.url}: no answer within 200 ms`);
    expect((await tell(source)).uids).toEqual(['u0']);
    expect(first.accepted()).toBe(1);
  });

  test('all in doubt are all asked, in their order', () => {
    const standing = createStanding(() => T0);
    const urls = ['ldap://a', 'ldap://b', 'ldap://c'];
    standing.failed('ldap://c');
    standing.failed('ldap://a');
    expect(standing.inOrder(urls)).toEqual(['ldap://b', 'ldap://a', 'ldap://c']);
    standing.failed('ldap://b');
    expect(standing.inOrder(urls)).toEqual(urls);
    standing.worked('ldap://c');
    expect(standing.inOrder(urls)).toEqual(['ldap://c', 'ldap://a', 'ldap://b']);
  });
});

describe('a server that is silent', () => {
  test.each<[string, PeerScript, Partial<LdapSourceOptions>, string]>([
    ['at the log-in', { bind: () => [] }, {}, 'no answer within 150 ms to the log-in'],
    [
      'to the wish for StartTLS',
      { extended: () => [] },
      { tls: 'starttls' },
      'no answer within 150 ms to the wish for StartTLS',
    ],
    [
      'in the handshake after StartTLS',
      { extended: () => [extendedDone({}, START_TLS)], deaf: true },
      { tls: 'starttls' },
      'no answer within 150 ms in the TLS handshake',
    ],
  ])('%s is given up, and nothing stays open', async (_, script, change, words) => {
    const peer = await peerWith(script);
    const failure = await failureOf(connect(peer, { timeoutMs: 150, ...change }));
    expect(failure.message).toBe(`${peer.url}: ${words}`);
    while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('in the handshake of ldaps is given up', async () => {
    const peer = await peerWith({ silent: true });
    const url = peer.url.replace('ldap:', 'ldaps:');
    const failure = await failureOf(connect({ url }, { tls: 'ldaps', timeoutMs: 150 }));
    expect(failure.message).toBe(`${url}: no answer within 150 ms in the TLS handshake`);
  });

  test('is left at once when nobody wants to know any more', async () => {
    const peer = await peerWith({ bind: () => [] });
    const stop = new AbortController();
    const opening = openConnection(peerSettings(peer, { timeoutMs: 600_000 }), stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await failureOf(opening)).message).toBe(`${peer.url}: the read was stopped`);
    while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('StartTLS is never given up', () => {
  let authority: Authority;
  let own: IssuedCertificate;
  beforeAll(async () => {
    authority = await openAuthority();
    own = await authority.issue({ commonName: 'localhost', use: 'serverAuth' });
  });
  afterAll(() => authority.close());

  const starttls = () => ({ tls: 'starttls' as const, ca: authority.ca });

  /** What went over the connection in clear, by kind. */
  async function clearOf(script: PeerScript) {
    const peer = await peerWith(script);
    const failure = await failureOf(connect(peer, starttls()));
    expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toContain(PASSWORD);
    return {
      words: failure.message.replace(`${peer.url}: `, ''),
      received: peer.received.map(({ kind }) => kind),
    };
  }

  test('for a consent that says that it is very long: it is not waited for, and nobody logs in', async () => {
    const endless = raw(Buffer.from([0x30, 0x84, 0x00, 0x01, 0x00, 0x00]));
    const peer = await peerWith({ tls: own, extended: () => [endless] });
    const failure = await failureOf(connect(peer, starttls()));
    expect(failure.message).toBe(
      `${peer.url}: an answer of the server is larger than 64 KiB and is not read`,
    );
    expect(peer.received.map(({ kind }) => kind)).toEqual(['extended']);
  });

  test('a server that takes it is bound over TLS', async () => {
    const peer = await peerWith({ tls: own });
    const connection = await connect(peer, starttls());
    expect(peer.received).toMatchObject([
      { kind: 'extended', oid: START_TLS },
      { kind: 'bind', dn: ACCOUNT, password: PASSWORD },
    ]);
    await connection.close();
    while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('a server that falls silent over TLS is left, and nothing stays open', async () => {
    const peer = await peerWith({ tls: own, rootDse: ROOT_DSE.openldap, search: () => [] });
    const failure = await failureOf(tell(peerSource(peer, { ...starttls(), timeoutMs: 150 })));
    expect(failure.message).toBe(`${peer.url}: no answer within 150 ms`);
    while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test.each([
    [2, 'the server does not support what was asked (StartTLS or paged results may be off)'],
    [52, 'the server says that it is not available'],
    [
      53,
      'the server is not willing to do this (the page size may be over its limit, or StartTLS is required)',
    ],
  ])('a server, or somebody in between, that refuses it with result %i', async (code, words) => {
    const told = await clearOf({ extended: () => [done({ code })] });
    expect(told).toEqual({ words, received: ['extended'] });
  });

  test('somebody in between who agrees and goes on in clear', async () => {
    const told = await clearOf({ extended: () => [extendedDone({}, START_TLS)] });
    expect(told).toEqual({ words: 'the connection was lost', received: ['extended'] });
  });

  test('somebody in between who slips in an answer behind the consent', async () => {
    const forged = ({ id }: { id: number }) => [
      raw(Buffer.concat([message(id, result(0x78, {})), message(id + 1, result(0x61, {}))])),
    ];
    const told = await clearOf({ tls: own, extended: forged });
    expect(told).toEqual({ words: 'the server sent more than was asked for', received: ['extended'] });
  });

  test('somebody in between who slips in half a message behind the consent', async () => {
    const forged = ({ id }: { id: number }) => [
      raw(Buffer.concat([message(id, result(0x78, {})), message(id + 1, result(0x61, {})).subarray(0, 5)])),
    ];
    const told = await clearOf({ tls: own, extended: forged });
    expect(told).toEqual({ words: 'the server sent more than was asked for', received: ['extended'] });
  });
});

test('the connection is closed with a goodbye after each read', async () => {
  const peer = await peerWith(holding(2));
  await tell(peerSource(peer));
  while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(peer.received.at(-1)).toMatchObject({ kind: 'unbind' });
  expect(peer.accepted()).toBe(1);
});

test('a server that ends the connection says why, and so do we', async () => {
  const notice = message(0, result(0x78, { code: 52, diagnostic: 'shutting down' }));
  const peer = await peerWith({ rootDse: ROOT_DSE.openldap, search: () => [raw(notice)] });
  const settings = peerSettings(peer);
  const connection = await openConnection(settings, never);
  const search = { ...settings.people, filter: settings.people.filter ?? fail(), attributes: ['uid'] };
  await expect(connection.search(search).next()).rejects.toThrow(
    `${peer.url}: the server ended the connection: the server says that it is not available`,
  );
});

function fail(): never {
  throw new Error('a filter expected');
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import { openConnection } from '../../../app/sources/ldap/connection/connection.ts';
import { equals } from '../../../app/sources/ldap/filters/filter.ts';
import { checkOptions, type LdapSourceOptions } from '../../../app/sources/ldap/index.ts';
import { makeCertificates } from '../../../sandbox/directory/certificates.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { caOf, never, optionsFor, PEOPLE, person, sourceFor, tell } from './invented.ts';

const EVERYONE = { since: null, everyone: true };

let directory: Directory;
let proxy: TcpProxy;
beforeAll(async () => {
  directory = await startDirectory({
    // Anonymous sees the base and nobody in it: the answer "success, nobody" that must never be believed.
    access: [`access to dn.exact="${PEOPLE}" by * read`],
    ldif: Array.from({ length: 300 }, (_, index) => person(`u${index}`)).join(''),
  });
  proxy = await startTcpProxy(directory.port);
});
afterAll(async () => {
  await proxy.stop();
  await directory.stop();
});

async function failureOf(change: Partial<LdapSourceOptions>, signal?: AbortSignal): Promise<Error> {
  const failure = await tell(sourceFor(directory, change), null, signal).catch((error: unknown) => error);
  if (!(failure instanceof SourceUnavailable)) throw new Error('the read did not end with SourceUnavailable');
  return failure;
}

describe('a protected connection', () => {
  const starttls = () => ({ tls: 'starttls' as const, urls: [`ldap://localhost:${directory.port}`] });
  const ldaps = () => ({ tls: 'ldaps' as const, urls: [`ldaps://localhost:${directory.securePort}`] });
  const modes = [
    ['ldaps', ldaps],
    ['StartTLS', starttls],
  ] as const;

  test.each(modes)('%s with the right authority reads everyone', async (_, mode) => {
    const told = await tell(sourceFor(directory, { ...mode(), ca: caOf(directory) }));
    expect(told).toMatchObject({ end: { complete: true } });
    expect(told.uids).toHaveLength(300);
  });

  test.each(modes)('%s by address, and by another name for the same server', async (_, mode) => {
    const urls = mode().urls.map((url) => url.replace('localhost', '127.0.0.1'));
    for (const more of [{}, { serverName: 'localhost' }]) {
      const told = await tell(sourceFor(directory, { ...mode(), urls, ca: caOf(directory), ...more }));
      expect(told.end.complete).toBe(true);
    }
  });

  test.each(modes)('%s with an authority that did not sign the certificate is refused', async (_, mode) => {
    const folder = await mkdtemp(join(tmpdir(), 'other-ca-'));
    const { caFile } = await makeCertificates(folder);
    const ca = await readFile(caFile, 'utf8');
    await rm(folder, { recursive: true });
    for (const more of [{ ca }, {}]) {
      expect((await failureOf({ ...mode(), ...more })).message).toBe(
        `${mode().urls[0]}: the certificate is from an unknown authority; set ca to the right one`,
      );
    }
  });

  test.each(modes)('%s with a certificate for another name is refused', async (_, mode) => {
    const failure = await failureOf({ ...mode(), ca: caOf(directory), serverName: 'ldap.example.test' });
    expect(failure.message).toBe(
      `${mode().urls[0]}: the certificate is for another name; set serverName to a name it holds`,
    );
  });

  test('a server that is silent during the handshake is given up', async () => {
    proxy.faultAfter(14, 'silence');
    for (const tls of ['starttls', 'none'] as const) {
      const failure = await failureOf({ tls, urls: [`ldap://127.0.0.1:${proxy.port}`], timeoutMs: 300 });
      expect(failure.message).toContain('no answer within 300 ms');
    }
  });
});

describe('logging in', () => {
  test('a wrong password is told in clear words, without the password, and no other server is asked', async () => {
    const accepted = proxy.accepted();
    const urls = [directory.ldapUrl, `ldap://127.0.0.1:${proxy.port}`];
    const failure = await failureOf({ urls, password: () => 'correct horse' });
    expect(failure.message).toBe(
      `${directory.ldapUrl}: the password for ${directory.reader.dn} is wrong, or the account is locked or does not exist`,
    );
    expect(JSON.stringify([failure, failure.cause, failure.stack])).not.toContain('correct horse');
    expect(proxy.accepted()).toBe(accepted);
  });

  test('an empty password never reaches the server', async () => {
    const accepted = proxy.accepted();
    const failure = await failureOf({ urls: [`ldap://127.0.0.1:${proxy.port}`], password: () => '' });
    expect(failure.message).toBe(`the password for ${directory.reader.dn} is empty; set it to the right one`);
    expect(proxy.accepted()).toBe(accepted);
  });

  test('a password that cannot be read is told as such', async () => {
    const password = () => {
      throw new Error('ENOENT');
    };
    expect((await failureOf({ password })).message).toBe(
      `the password for ${directory.reader.dn} cannot be read`,
    );
  });

  test('OpenLDAP says whom it takes us for', async () => {
    const connection = await openConnection(checkOptions(optionsFor(directory)), never);
    expect(await connection.whoAmI()).toBe(`dn:${directory.reader.dn}`);
    await connection.close();
  });

  test('the next server is asked where the first is down', async () => {
    const urls = ['ldap://127.0.0.1:1', directory.ldapUrl];
    expect((await tell(sourceFor(directory, { urls }))).uids).toHaveLength(300);
  });
});

describe('a connection that is lost', () => {
  const throughProxy = { pageSize: 100, timeoutMs: 1_000 };
  const urls = () => [`ldap://127.0.0.1:${proxy.port}`];
  afterEach(() => proxy.behave());

  // The bind answer has 14 bytes; a page of 100 people has about 20,000.
  test.each([
    ['after the bind', 14],
    ['inside the first entry', 100],
    ['inside the second page', 30_000],
  ])('%s, however it is lost, never ends as a complete read, and is not opened again', async (_, bytes) => {
    for (const fault of ['reset', 'half-close', 'silence'] as const) {
      proxy.faultAfter(bytes, fault);
      const accepted = proxy.accepted();
      await failureOf({ ...throughProxy, urls: urls() });
      expect(proxy.accepted()).toBe(accepted + 1);
    }
  });

  test('between two pages, while the reader is busy: an error, not an anonymous empty page', async () => {
    const source = sourceFor(directory, { ...throughProxy, urls: urls() });
    const accepted = proxy.accepted();
    const read = async () => {
      let people = 0;
      for await (const item of source.read(EVERYONE, new AbortController().signal)) {
        if (item.kind === 'person') people += 1;
        if (people === 100) {
          proxy.strike('half-close');
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    };
    await expect(read()).rejects.toThrow('the connection was lost');
    expect(proxy.accepted()).toBe(accepted + 1);
  });

  test.each(['none', 'starttls'] as const)(
    'while idle (tls %s): the next question fails at once',
    async (tls) => {
      const settings = checkOptions(
        optionsFor(directory, { tls, ca: caOf(directory), urls: urls(), timeoutMs: 30_000 }),
      );
      const connection = await openConnection(settings, never);
      const accepted = proxy.accepted();
      proxy.strike('reset');
      await new Promise((resolve) => setTimeout(resolve, 100));
      const filter = equals('objectClass', 'inetOrgPerson');
      const answer = connection.search({ base: PEOPLE, scope: 'sub', filter, attributes: ['uid'] }).next();
      await expect(answer).rejects.toThrow(`${urls()[0]}: the connection was lost`);
      expect(proxy.accepted()).toBe(accepted);
      await connection.close();
    },
  );

  test('the next read works, with a client of its own', async () => {
    const source = sourceFor(directory, { ...throughProxy, urls: urls() });
    proxy.faultAfter(5_000, 'reset');
    await expect(tell(source)).rejects.toThrow(SourceUnavailable);
    proxy.behave();
    expect((await tell(source)).uids).toHaveLength(300);
  });

  test('a slow server is waited for, page by page', async () => {
    proxy.delayAnswers(50);
    expect((await tell(sourceFor(directory, { ...throughProxy, urls: urls() }))).uids).toHaveLength(300);
  });

  test('a restart of the server between two reads is not noticed', async () => {
    const source = sourceFor(directory);
    const before = await tell(source);
    await directory.restart();
    expect((await tell(source)).people).toEqual(before.people);
  });
});

describe('stopping a read', () => {
  test('ends it while the server is silent', async () => {
    proxy.faultAfter(14, 'silence');
    const stop = new AbortController();
    const failure = failureOf({ urls: [`ldap://127.0.0.1:${proxy.port}`], timeoutMs: 600_000 }, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await failure).message).toContain('the read was stopped');
    proxy.behave();
  });

  test('ends it before anything is asked', async () => {
    expect((await failureOf({}, AbortSignal.abort())).message).toContain('the read was stopped');
  });

  test('ends it between two pages', async () => {
    const stop = new AbortController();
    const read = async () => {
      for await (const _ of sourceFor(directory, { pageSize: 10 }).read(EVERYONE, stop.signal)) stop.abort();
    };
    await expect(read()).rejects.toThrow('the read was stopped');
  });
});

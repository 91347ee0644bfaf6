/** Certificates on both sides: what is refused, in which words, and a log-in by certificate at a real OpenLDAP. */
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapSource, type LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { type Authority, type IssuedCertificate, openAuthority } from '../../../support/certificates.ts';
import { startLdapPeer } from '../../../support/ldap-peer.ts';
import { startTlsServer } from '../../../support/tls-server.ts';
import { caOf, optionsFor, person, sourceFor, tell } from '../invented.ts';
import { connect } from './peer-source.ts';

describe('the certificate of the server', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await openAuthority();
  });
  afterAll(() => authority.close());

  async function wordsOf(certificate: IssuedCertificate, change: Partial<LdapSourceOptions> = {}) {
    const words: string[] = [];
    for (const tls of ['ldaps', 'starttls'] as const) {
      const peer = await startLdapPeer({ tls: { ...certificate, secure: tls === 'ldaps' } });
      const failure = await connect(peer, { tls, ca: authority.ca, ...change }).catch(
        (error: unknown) => error,
      );
      words.push((failure as Error).message.replace(peer.url, 'URL'));
      expect(peer.received.filter(({ kind }) => kind === 'bind')).toEqual([]);
      while (peer.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await peer.stop();
    }
    return [...new Set(words)];
  }

  test.each<[string, Partial<Parameters<Authority['issue']>[0]>, Partial<LdapSourceOptions>, string]>([
    ['that has expired', { until: '20200201000000Z' }, {}, 'the certificate has expired; have it renewed'],
    [
      'that is not valid yet',
      { from: '20900101000000Z' },
      {},
      'the certificate is not valid yet; check the clocks',
    ],
    [
      'for another name',
      {},
      { serverName: 'ldap.example.test' },
      'the certificate is for another name; set serverName to a name it holds',
    ],
    [
      'of an authority that is not trusted',
      {},
      { ca: '' },
      'the certificate is from an unknown authority; set ca to the right one',
    ],
    [
      'that is one for clients',
      { use: 'clientAuth' },
      {},
      'the certificate is not one for servers; have it issued for server authentication',
    ],
  ])('%s: nobody logs in, and nothing stays open', async (_, order, change, words) => {
    const certificate = await authority.issue({ commonName: 'localhost', use: 'serverAuth', ...order });
    expect(await wordsOf(certificate, change)).toEqual([`URL: ${words}`]);
  });

  test('a server that speaks no TLS where it should', async () => {
    const peer = await startLdapPeer({});
    const url = peer.url.replace('ldap:', 'ldaps:');
    await expect(connect({ url }, { tls: 'ldaps' })).rejects.toThrow(`${url}: the connection was lost`);
    await peer.stop();
  });
});

const NOT_TAKEN =
  'the server hung up at the log-in; it may not take our client certificate: see that it is valid, and that its authority is trusted there';

describe('the certificate of the client', () => {
  let directory: Directory;
  let authority: Authority;
  let reader: IssuedCertificate;
  beforeAll(async () => {
    directory = await startDirectory({ clientCertificates: 'demand', ldif: person('ada') });
    const keyFile = join(dirname(directory.caFile), 'ca.key');
    authority = await openAuthority({ caFile: directory.caFile, keyFile });
    reader = await authority.issue({ commonName: 'reader', use: 'clientAuth' });
  });
  afterAll(async () => {
    await authority.close();
    await directory.stop();
  });

  const modes = ['ldaps', 'starttls'] as const;
  const reach = (tls: (typeof modes)[number]) => ({
    tls,
    ca: caOf(directory),
    urls: [
      tls === 'ldaps' ? `ldaps://localhost:${directory.securePort}` : `ldap://localhost:${directory.port}`,
    ],
  });
  const failureOf = async (change: Partial<LdapSourceOptions>) =>
    tell(sourceFor(directory, change)).then(
      () => 'it was read',
      (error: Error) => error.message.replace(/^ldaps?:\/\/localhost:\d+: /, ''),
    );

  /** Options without a name and a password. */
  function byCertificate(tls: (typeof modes)[number], certificate: IssuedCertificate): LdapSourceOptions {
    const { bindDn: _, password: __, ...rest } = optionsFor(directory, reach(tls));
    return { ...rest, bind: 'external', clientCertificate: () => certificate };
  }

  test.each(modes)('logs in by itself (SASL EXTERNAL, %s)', async (tls) => {
    const told = await tell(createLdapSource(byCertificate(tls, reader)));
    expect(told).toMatchObject({ uids: ['ada'], end: { complete: true } });
  });

  test.each(modes)('goes with a name and a password, too (%s)', async (tls) => {
    const told = await tell(sourceFor(directory, { ...reach(tls), clientCertificate: () => reader }));
    expect(told).toMatchObject({ uids: ['ada'], end: { complete: true } });
  });

  test('missing, where the server wants one', async () => {
    for (const tls of modes)
      expect(await failureOf(reach(tls))).toBe(
        'the server hung up at the log-in; it may want a client certificate (tls.clientCertificate)',
      );
  });

  test('of an authority that the server does not know', async () => {
    const other = await openAuthority();
    const stranger = await other.issue({ commonName: 'reader', use: 'clientAuth' });
    expect(await failureOf({ ...reach('ldaps'), clientCertificate: () => stranger })).toBe(NOT_TAKEN);
    await other.close();
  });

  test('that has expired', async () => {
    const old = await authority.issue({
      commonName: 'reader',
      use: 'clientAuth',
      until: '20200201000000Z',
    });
    expect(await failureOf({ ...reach('ldaps'), clientCertificate: () => old })).toBe(NOT_TAKEN);
  });

  test('that belongs to no account', async () => {
    const nobody = await authority.issue({ commonName: 'nobody', use: 'clientAuth' });
    await expect(tell(createLdapSource(byCertificate('ldaps', nobody)))).rejects.toThrow(
      'ou=people,dc=example,dc=test does not exist, or the account of the client certificate may not see it',
    );
  });

  test('whose key does not fit is told, and opens nothing', async () => {
    const other = await authority.issue({ commonName: 'reader', use: 'clientAuth' });
    const mixed = { cert: reader.cert, key: other.key };
    expect(await failureOf({ ...reach('ldaps'), clientCertificate: () => mixed })).toBe(
      'a certificate or key of ours cannot be used (ERR_OSSL_X509_KEY_VALUES_MISMATCH); check ca and clientCertificate',
    );
  });
});

describe('a server that says by an alert what it has against our certificate', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await openAuthority();
  });
  afterAll(() => authority.close());

  /** OpenSSL's own server: it knows no LDAP, and does not get that far. */
  async function wordsOf(clientCertificate: IssuedCertificate | null): Promise<string> {
    const own = await authority.issue({ commonName: 'localhost', use: 'serverAuth' });
    const server = await startTlsServer(own, authority.ca);
    try {
      const url = `ldaps://localhost:${server.port}`;
      const shown = clientCertificate === null ? {} : { clientCertificate: () => clientCertificate };
      const failure = await connect({ url }, { tls: 'ldaps', ca: authority.ca, ...shown }).catch(String);
      return String(failure).replace(/^SourceUnavailable: ldaps:\/\/localhost:\d+: /, '');
    } finally {
      await server.stop();
    }
  }

  test('there is none', async () => {
    expect(await wordsOf(null)).toBe('the server wants a client certificate; set tls.clientCertificate');
  });

  test('it has expired', async () => {
    const old = { commonName: 'reader', use: 'clientAuth', until: '20200201000000Z' } as const;
    expect(await wordsOf(await authority.issue(old))).toBe(
      'our client certificate has expired; renew it, or have its authority trusted there',
    );
  });

  test('its authority is not known there', async () => {
    const other = await openAuthority();
    const stranger = await other.issue({ commonName: 'reader', use: 'clientAuth' });
    await other.close();
    expect(await wordsOf(stranger)).toBe(
      'the server does not know the authority of our client certificate; renew it, or have its authority trusted there',
    );
  });
});

import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type ClientOptions,
  createClient,
  type HttpClient,
  type HttpRequest,
} from '../../../app/scim/wire/client.ts';
import { answering, startOddServer } from '../odd-server.ts';
import { failureOf } from '../set-up.ts';
import {
  type Certificate,
  encrypted,
  issuedBy,
  selfSigned,
  startAlertingServer,
  startProxy,
  startTlsServer,
  type TunnelProxy,
} from './tls.ts';

const READ: HttpRequest = {
  method: 'GET',
  path: '/',
  what: 'GET at t',
  writes: false,
  authorization: 'Basic eA==',
};
const WRITE: HttpRequest = { ...READ, method: 'POST', what: 'POST at t', writes: true, body: '{}' };
const UNUSABLE = { name: 'TargetUnusable', why: 'misconfigured' };
const never = new AbortController().signal;
const clients: HttpClient[] = [];

let server: Certificate;
let authority: Certificate;
let ours: Certificate;
let stranger: Certificate;
let expired: Certificate;
beforeAll(() => {
  [server, authority, stranger] = [selfSigned(), selfSigned('Client CA'), selfSigned('stranger')];
  ours = issuedBy(authority, 'landbridge');
  expired = issuedBy(authority, 'landbridge', -1);
});
afterEach(() => Promise.all(clients.splice(0).map((made) => made.close())));

function client(origin: string, options: Partial<ClientOptions> = {}): HttpClient {
  const made = createClient({ origin, version: '1.2.3', ...options });
  clients.push(made);
  return made;
}

async function tlsServer(options: Parameters<typeof startTlsServer>[0]) {
  const started = await startTlsServer(options);
  onTestFinished(started.stop);
  return started;
}

async function proxy(own?: Certificate): Promise<TunnelProxy> {
  const started = await startProxy(own);
  onTestFinished(started.stop);
  return started;
}

const wanting = () => ({ ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true });

describe('a server with a certificate of its own CA', () => {
  test('is refused as misconfigured until its CA is given, whatever the environment allows', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { origin, asked } = await tlsServer(server);
    const failure = await failureOf(client(origin).send(READ, never));
    expect(failure).toMatchObject(UNUSABLE);
    expect(String(failure)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(asked).toEqual([]);
    expect(await client(origin, { ca: server.cert }).send(READ, never)).toMatchObject({
      status: 200,
      text: '{}',
    });
  });

  test('is refused where the certificate is for another name, also through a proxy', async () => {
    const other = selfSigned('other.example.test');
    const { origin, asked } = await tlsServer(other);
    const { url } = await proxy();
    for (const way of [{}, { proxy: { url } }]) {
      const failure = await failureOf(client(origin, { ca: other.cert, ...way }).send(READ, never));
      expect(failure).toMatchObject(UNUSABLE);
      expect(String(failure)).toContain("the server's certificate is not trusted");
    }
    expect(asked).toEqual([]);
  });

  test('is reached through a proxy, which sees nothing of the request', async () => {
    const { origin, port, asked } = await tlsServer(server);
    const through = await proxy();
    const way = { ca: server.cert, proxy: { url: through.url } };
    expect(await client(origin, way).send(READ, never)).toMatchObject({ status: 200 });
    expect(through.tunnels).toEqual([`localhost:${port}`]);
    expect(asked).toEqual([{ authorization: 'Basic eA==', client: '' }]);
    expect(through.carried()).not.toContain('eA==');
    const distrusting = await failureOf(client(origin, { proxy: { url: through.url } }).send(READ, never));
    expect(distrusting).toMatchObject(UNUSABLE);
  });

  test('is reached through a proxy that speaks TLS itself, and is trusted by the same CA', async () => {
    const { origin, asked } = await tlsServer(wanting());
    const through = await proxy(server);
    const way = { proxy: { url: through.url }, clientCertificate: ours };
    expect(await client(origin, { ...way, ca: server.cert }).send(READ, never)).toMatchObject({
      status: 200,
    });
    expect(asked).toMatchObject([{ client: 'landbridge' }]);
    expect(through.tunnels).toHaveLength(1);
    const other = { ...way, ca: authority.cert };
    expect(await failureOf(client(origin, other).send(READ, never))).toMatchObject(UNUSABLE);
    expect(through.tunnels).toHaveLength(1);
  });

  test('is not asked where the proxy lets nobody through: nothing was written', async () => {
    const closed = createServer((socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void closed.close());
    const { port } = closed.address() as { port: number };
    const way = { proxy: { url: `http://127.0.0.1:${port}` } };
    expect(await failureOf(client('https://scim.example.test', way).send(WRITE, never))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: false,
      message: 'POST at t: the proxy lets no connection through; check the proxy, and NO_PROXY',
    });
  });
});

describe('a server that wants a client certificate', () => {
  test('gets ours, with its key encrypted or not, straight and through a proxy', async () => {
    const { origin, asked } = await tlsServer(wanting());
    const { url } = await proxy();
    const locked = {
      cert: ours.cert,
      key: encrypted(ours.key, 'canary-phrase'),
      passphrase: 'canary-phrase',
    };
    for (const clientCertificate of [ours, locked]) {
      for (const way of [{}, { proxy: { url } }]) {
        const options = { ca: server.cert, clientCertificate, ...way };
        expect(await client(origin, options).send(READ, never)).toMatchObject({ status: 200 });
      }
    }
    expect(asked.map((each) => each.client)).toEqual(Array(4).fill('landbridge'));
  });

  describe.each(['-tls1_2', '-tls1_3'] as const)('and says why it does not take one (%s)', (version) => {
    let alerting: Awaited<ReturnType<typeof startAlertingServer>>;
    beforeAll(async () => {
      alerting = await startAlertingServer(server, authority.cert, version);
    });
    afterAll(() => alerting.stop());

    test.each<[string, () => Certificate | undefined, RegExp]>([
      ['none', () => undefined, /set clientCertificate|may want a clientCertificate/],
      [
        'a stranger',
        () => stranger,
        /does not take our client certificate \(ERR_SSL_TLSV1_ALERT_UNKNOWN_CA\)/,
      ],
      [
        'an expired one',
        () => expired,
        /does not take our client certificate \(ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED\)/,
      ],
    ])('%s: the target is misconfigured', async (_what, shown, words) => {
      const { url } = await proxy();
      const clientCertificate = shown();
      const certificate = clientCertificate === undefined ? {} : { clientCertificate };
      for (const way of [{}, { proxy: { url } }]) {
        const http = client(alerting.origin, { ca: server.cert, ...certificate, ...way });
        for (const request of [READ, WRITE]) {
          const failure = await failureOf(http.send(request, never));
          expect(failure).toMatchObject(UNUSABLE);
          expect(String(failure)).toMatch(words);
        }
      }
    });

    test('the right one: nothing is wrong', async () => {
      const http = client(alerting.origin, { ca: server.cert, clientCertificate: ours });
      expect(await http.send(READ, never)).toMatchObject({ status: 200 });
    });
  });

  test('and only breaks the connection: it cannot be told, and waiting is tried', async () => {
    const { origin } = await tlsServer(wanting());
    const http = client(origin, { ca: server.cert, clientCertificate: stranger });
    expect(await failureOf(http.send(WRITE, never))).toMatchObject({ name: 'TargetUnavailable' });
  });

  test.each([
    ['No required SSL certificate was sent', /wants a client certificate \(400\); set clientCertificate/],
    ['The SSL certificate error', /does not take our client certificate \(400\)/],
  ])('and says so by a page, as nginx does: %s', async (words, expected) => {
    const odd = await startOddServer();
    onTestFinished(odd.stop);
    const page = `<html>\r\n<head><title>400 ${words}</title></head>\r\n<body></body></html>`;
    odd.answer = answering(400, page);
    const failure = await failureOf(client(odd.origin).send(READ, never));
    expect(failure).toMatchObject(UNUSABLE);
    expect(String(failure)).toMatch(expected);
    odd.answer = answering(400, '<html><head><title>400 Bad Request</title></head></html>');
    expect(await client(odd.origin).send(READ, never)).toMatchObject({ status: 400 });
  });
});

describe('a client certificate that cannot be used', () => {
  test.each<[string, () => Certificate & { passphrase?: string }]>([
    ['a key of another one', () => ({ cert: ours.cert, key: stranger.key })],
    [
      'a wrong passphrase',
      () => ({ ...ours, key: encrypted(ours.key, 'right'), passphrase: 'canary-wrong' }),
    ],
    ['no certificate', () => ({ cert: 'nonsense', key: ours.key })],
  ])('%s: the target is misconfigured, and nothing is sent', async (_what, shown) => {
    const { origin, asked } = await tlsServer(wanting());
    const through = await proxy();
    for (const way of [{}, { proxy: { url: through.url } }]) {
      const http = client(origin, { ca: server.cert, clientCertificate: shown(), ...way });
      const failure = await failureOf(http.send(WRITE, never));
      expect(failure).toMatchObject(UNUSABLE);
      expect(String(failure)).toMatch(/client certificate or its key cannot be used \(ERR_OSSL_[A-Z0-9_]+\)/);
    }
    expect([asked, through.tunnels]).toEqual([[], []]);
  });
});

import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LeaseLost, TargetUnavailable } from '../../../app/errors.ts';
import {
  type ClientOptions,
  createClient,
  type HttpClient,
  type HttpRequest,
} from '../../../app/scim/wire/client.ts';
import type { ProxyChoice } from '../../../app/scim/wire/line.ts';
import { answering, type OddServer, startOddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest } from '../set-up.ts';

const READ: HttpRequest = {
  method: 'GET',
  path: '/Users/1',
  what: 'GET at t',
  writes: false,
  authorization: 'Basic eA==',
};
const WRITE: HttpRequest = {
  ...READ,
  method: 'PATCH',
  what: 'PATCH at t',
  writes: true,
  body: '{"active":false}',
};
const never = new AbortController().signal;

const server = oddServerForEachTest();
const clients: HttpClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function client(options: Partial<ClientOptions> = {}): HttpClient {
  const made = createClient({ origin: server.origin, version: '1.2.3', ...options });
  clients.push(made);
  return made;
}

describe('a request', () => {
  test('says who we are and what we speak, and carries JSON only where it has a body', async () => {
    server.answer = answering(200, {});
    await client().send(READ, never);
    await client().send(WRITE, never);
    const [read, write] = server.asked;
    expect(read).toMatchObject({ method: 'GET', url: '/Users/1', body: '' });
    expect(read?.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'Landbridge/1.2.3',
      authorization: 'Basic eA==',
    });
    expect(read?.headers['content-type']).toBeUndefined();
    expect(write).toMatchObject({ method: 'PATCH', body: '{"active":false}' });
    expect(write?.headers['content-type']).toBe('application/json');
  });

  test('goes over a kept connection, and no more of them than allowed', async () => {
    server.answer = answering(200, {});
    const http = client({ connections: 2 });
    for (let round = 0; round < 5; round += 1) await http.send(READ, never);
    await Promise.all(Array.from({ length: 10 }, () => http.send(READ, never)));
    expect(server.asked).toHaveLength(15);
    expect(new Set(server.asked.map((asked) => asked.connection)).size).toBeLessThanOrEqual(2);
  });

  test('is overridden onto POST where the switch is on, except reads and creates', async () => {
    server.answer = answering(200, {});
    const http = client({ methodOverride: true });
    for (const method of ['PATCH', 'PUT', 'DELETE', 'POST'] as const)
      await http.send({ ...WRITE, method }, never);
    await http.send(READ, never);
    expect(server.asked.map((asked) => [asked.method, asked.headers['x-http-method-override']])).toEqual([
      ['POST', 'PATCH'],
      ['POST', 'PUT'],
      ['POST', 'DELETE'],
      ['POST', undefined],
      ['GET', undefined],
    ]);
  });

  test.each<[string, (url: string) => ProxyChoice]>([
    ['configured', (url) => ({ url })],
    [
      'in the environment',
      (url) => {
        vi.stubEnv('https_proxy', url);
        vi.stubEnv('no_proxy', '127.0.0.1');
        return 'environment';
      },
    ],
    [
      'in the environment, in capitals',
      (url) => {
        vi.stubEnv('HTTPS_PROXY', url);
        vi.stubEnv('NO_PROXY', '127.0.0.1,.example.com');
        return 'environment';
      },
    ],
  ])('goes through the proxy that is %s, with the target as its destination', async (_where, proxyAt) => {
    const tunnels: string[] = [];
    const proxy = createServer((socket) =>
      socket.once('data', (head) => {
        tunnels.push(head.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      }),
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = proxyAt(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const far = client({ origin: 'https://scim.example.test', proxy: through });
    expect(await failureOf(far.send(READ, never))).toBeInstanceOf(TargetUnavailable);
    expect(tunnels).toEqual(['CONNECT scim.example.test:443 HTTP/1.1']);
    vi.unstubAllEnvs();
    proxy.close();
  });

  test('goes straight where NO_PROXY names the target', async () => {
    server.answer = answering(200, {});
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    vi.stubEnv('no_proxy', '127.0.0.1');
    expect(await client({ proxy: 'environment' }).send(READ, never)).toMatchObject({ status: 200 });
    vi.unstubAllEnvs();
  });
});

describe('O-27: a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i to another origin is not followed, and nothing is sent there',
    async (status) => {
      const elsewhere = await startOddServer();
      onTestFinished(elsewhere.stop);
      server.answer = answering(status, '', { location: `${elsewhere.origin}/Users/1` });
      const http = client({ proxy: 'environment' });
      for (const request of [READ, WRITE]) {
        expect(await http.send(request, never)).toMatchObject({ status });
      }
      expect([server.asked.length, elsewhere.asked]).toEqual([2, []]);
    },
  );

  test('within the origin is not followed either', async () => {
    server.answer = answering(302, '', { location: '/Users/2' });
    expect(await client().send(WRITE, never)).toMatchObject({ status: 302 });
    expect(server.asked).toHaveLength(1);
  });
});

describe('O-13 m: an answer of 50 MB', () => {
  test('is read up to the cap and no further', async () => {
    let sent = 0;
    server.answer = (_asked, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (sent < 50 * 1024 * 1024 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const reply = await client().send(READ, never);
    expect([reply.status, reply.cut, reply.text.length]).toEqual([201, true, 5 * 1024 * 1024]);
    expect(sent).toBeLessThan(50 * 1024 * 1024);
  });
});

describe('O-18: when no answer comes', () => {
  test.each<[string, OddServer['answer']]>([
    ['the server says nothing in time', () => {}],
    ['the connection is reset after the request was sent', (_asked, response) => response.destroy()],
    [
      'the answer drips for ever',
      (_asked, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'the connection breaks in the middle of the answer',
      (_asked, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"id":');
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])('%s: a write may have happened, a read has not changed anything', async (_what, answer) => {
    server.answer = answer;
    const http = client({ timeoutMs: 300 });
    const write = await failureOf(http.send(WRITE, never));
    const read = await failureOf(http.send(READ, never));
    expect(write).toBeInstanceOf(TargetUnavailable);
    expect(write).toMatchObject({ outcomeUnknown: true });
    expect(read).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(server.asked).toHaveLength(2);
  });

  test('nobody listens: nothing was written', async () => {
    const http = client();
    await server.stop();
    const failure = await failureOf(http.send(WRITE, never));
    expect(failure).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(String(failure)).toContain('ECONNREFUSED');
  });

  test('the name is not known: nothing was written', async () => {
    const failure = await failureOf(client({ origin: 'http://no-such-host.invalid' }).send(WRITE, never));
    expect(failure).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
  });

  test('the caller stops before the request: nothing is sent', async () => {
    const failure = await failureOf(client().send(WRITE, AbortSignal.abort()));
    expect(failure).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(server.asked).toEqual([]);
  });

  test.each([
    ['stops', undefined, { name: 'TargetUnavailable', outcomeUnknown: true }],
    ['has lost its lease', new LeaseLost('lease lost'), { name: 'LeaseLost' }],
  ])('the caller %s while the answer is out', async (_what, reason, expected) => {
    const stop = new AbortController();
    server.answer = () => stop.abort(reason);
    expect(await failureOf(client().send(WRITE, stop.signal))).toMatchObject(expected);
  });

  test('the client is closed while the answer is out: a write may have happened', async () => {
    const http = client();
    server.answer = () => void http.close();
    expect(await failureOf(http.send(WRITE, never))).toMatchObject({
      name: 'TargetUnavailable',
      outcomeUnknown: true,
    });
  });
});

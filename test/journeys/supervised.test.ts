/** Processes as their supervisor meets them: probes while Redis is away, and the order to stop. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation, TOKEN } from '../support/installation.ts';

let installation: InstallationUnderTest;
beforeEach(async () => {
  installation = await startInstallation();
});
afterEach(() => installation.stop());

function probe(path: string): Promise<Response> {
  return fetch(`${installation.webUrl()}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
}

/** A connection over which text is sent as it is; gives what came back so far. */
async function openConnection(text: string): Promise<{ socket: Socket; heard: () => string }> {
  const { hostname, port } = new URL(installation.webUrl());
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(text);
  return { socket, heard: () => heard };
}

test('while Redis is away it is alive, not ready, and tells callers to come again; then it stops with 0', async () => {
  const web = await installation.startWeb();
  await installation.redis.stop();
  expect((await probe('/healthz')).status).toBe(200);
  const ready = await probe('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, notReady: ['redis'] }]);
  const runs = await probe('/v1/runs');
  expect([runs.status, runs.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await web.end('SIGTERM')).toBe(0);
  expect(web.output()).toContain('"msg":"stopped"');
});

test('a web process that is started while Redis is away is alive, and stops with 0', async () => {
  await installation.redis.stop();
  const web = await installation.startWeb();
  expect((await probe('/healthz')).status).toBe(200);
  expect((await probe('/readyz')).status).toBe(503);
  expect(await web.end('SIGTERM')).toBe(0);
});

test('a worker that cannot reach Redis stops with 0 all the same', async () => {
  const worker = await installation.startWorker();
  await installation.redis.stop();
  await until('it has noticed', async () => worker.output().includes('redis cannot be reached'));
  expect(await worker.end('SIGTERM')).toBe(0);
});

test('on SIGTERM idle connections are closed, and a request under way is answered first', async () => {
  const web = await installation.startWeb();
  const idle = await openConnection('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the first answer is there', async () => idle.heard().includes('"alive":true'));
  const body = JSON.stringify({ person: { mail: 'nobody@example.test' } });
  const head = [
    'POST /v1/reprovision HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${TOKEN}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  const busy = await openConnection(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`);
  const closed = once(idle.socket, 'close');
  // The server must have seen the second request before it is told to stop.
  await probe('/healthz');
  const ended = web.end('SIGTERM');
  await closed;
  busy.socket.write(body.slice(10));
  expect(await ended).toBe(0);
  expect(busy.heard()).toContain('HTTP/1.1 404 Not Found');
  expect(busy.heard().toLowerCase()).toContain('connection: close');
});

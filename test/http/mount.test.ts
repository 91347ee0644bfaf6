import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { mount } from '../../app/http/mount.ts';
import { answerProblem } from '../../app/http/problem.ts';
import { defineRoute } from '../../app/http/route.ts';
import { createLogger } from '../../app/signals/log.ts';
import { keepCollectingGarbage } from '../support/collect-garbage.ts';

/** A server whose only route waits for ever, unless its signal stops it. */
async function start(remoteMs: number) {
  const work = new EventEmitter();
  const [begun, stopped] = [once(work, 'begun'), once(work, 'stopped')];
  const route = defineRoute({
    name: 'wait',
    method: 'get',
    path: '/wait',
    summary: 'Waits',
    scopes: [],
    waitsFor: 'remote',
    answers: {},
    handle: (_input, { signal }) => {
      signal.addEventListener('abort', () => work.emit('stopped', signal.aborted), { once: true });
      work.emit('begun');
      return new Promise(() => {});
    },
  });
  const app = express();
  const log = createLogger({ level: 'error', name: 'test' });
  mount(app, [route], () => Promise.reject(new Error('nobody is asked')), {
    bodyLimit: 1,
    patience: { storeMs: 1, remoteMs },
  });
  app.use(answerProblem(log, () => new Date(0)));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, begun, stopped };
}

test('who waits too long gets 503, and the work is told to stop, also where garbage is collected meanwhile', async () => {
  onTestFinished(keepCollectingGarbage());
  const { port, stopped } = await start(200);
  const answer = await fetch(`http://127.0.0.1:${port}/wait`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await stopped).toEqual([true]);
});

test('the work of a caller who went away is told to stop', async () => {
  const { port, begun, stopped } = await start(600_000);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /wait HTTP/1.1\r\nHost: test\r\n\r\n');
  await begun;
  socket.destroy();
  expect(await stopped).toEqual([true]);
});

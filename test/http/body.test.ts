import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, event, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
let server: Server;
beforeAll(async () => {
  bundle = await startBundle();
  server = createServer(bundle.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await bundle.stop();
});

const LIMIT = 64 * 1024;

function send(body: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  return request(bundle.app)
    .post('/v1/events')
    .set('Authorization', `Bearer ${TOKENS.sender}`)
    .set('Content-Type', 'application/json')
    .set(headers)
    .serialize((data: unknown) => data as string)
    .send(body as string);
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('O-26: a body', () => {
  test.each([
    ['h: that is not JSON', '{"id": canary', 'The body is not JSON. Mend its syntax.'],
    ['h: null', 'null', 'The body must be one JSON object, as in {"id": …}.'],
    ['h: []', '[]', 'The body must be one JSON object, as in {"id": …}.'],
    ['h: nothing', '', 'The body is not JSON. Mend its syntax.'],
    ['e: nested 10 000 deep', `{"data":${nested(10_000)}}`, /nested more than 32 deep/],
    ['e: nested 33 deep', `{"data":${nested(32)}}`, /nested more than 32 deep/],
    [
      'b: with the key __proto__',
      '{"__proto__":{"active":false}}',
      /^__proto__: is a name that is not accepted/,
    ],
    [
      'b: with __proto__ inside',
      '{"data":{"attributes":{"__proto__":["x"]}}}',
      /^data.attributes.__proto__:/,
    ],
    ['b: with constructor in a list', '{"a":[{"constructor":{"prototype":1}}]}', /^a.0.constructor:/],
    ['b: with a name that folds to one', '{"data":{"attributes":{"__PROTO__":"x"}}}', /__PROTO__: is a name/],
  ])('%s gets 400', async (_what, body, detail) => {
    const answer = await send(body);
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
    expect(answer.body.detail).toEqual(expect.stringMatching(detail));
    expect(answer.text).not.toContain('canary');
    expect(({} as Record<string, unknown>)['active']).toBeUndefined();
    expect((await request(bundle.app).get('/healthz')).status).toBe(200);
  });

  test('e: brackets inside a text are no nesting', async () => {
    const attributes = { mail: 'a@example.test', note: `\\"${'['.repeat(100)}` };
    expect((await send(JSON.stringify(event({ id: 'brackets', data: { attributes } })))).status).toBe(202);
  });

  test('that is not UTF-8 gets 400', async () => {
    const answer = await send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect([answer.status, answer.body.detail]).toEqual([
      400,
      'The body is not UTF-8 text. Encode it as UTF-8.',
    ]);
  });

  test('d: that would have to be inflated gets 415', async () => {
    const answer = await send(gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'Content-Encoding': 'gzip' });
    expect([answer.status, answer.body.detail]).toEqual([415, 'Send the body without Content-Encoding.']);
  });

  test('that is not JSON by its type gets 415', async () => {
    const answer = await send('id=1', { 'Content-Type': 'text/plain' });
    expect([answer.status, answer.body.detail]).toEqual([
      415,
      'Send JSON, with Content-Type: application/json.',
    ]);
  });

  test('d: of the limit is read, of one byte more is not', async () => {
    const text = JSON.stringify(event({ id: 'large' }));
    expect((await send(text.padEnd(LIMIT))).status).toBe(202);
    const answer = await send(text.padEnd(LIMIT + 1));
    expect([answer.status, answer.body.detail]).toEqual([
      413,
      'A body may have 65536 bytes. Send less at once.',
    ]);
  });

  test.each([
    ['at the limit', '413', TOKENS.sender],
    ['before it is read, where nobody may send it,', '401', 'lb_nobody'],
  ])(
    'd: that never ends is answered %s with %s, and its connection is closed',
    async (_when, status, token) => {
      const { port } = server.address() as AddressInfo;
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('error', () => {});
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      const head = [
        'POST /v1/events HTTP/1.1',
        'Host: landbridge.test',
        `Authorization: Bearer ${token}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      const chunk = `400\r\n${' '.repeat(0x400)}\r\n`;
      const sending = setInterval(() => socket.writable && socket.write(chunk), 1);
      await closed;
      clearInterval(sending);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    },
  );
});

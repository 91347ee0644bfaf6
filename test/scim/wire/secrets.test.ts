import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { RateLimited, Refused, TargetUnavailable, TargetUnusable } from '../../../app/errors.ts';
import type { AuthOptions } from '../../../app/scim/index.ts';
import { aCall, memoryLeases, memoryVault } from '../memory-ports.ts';
import { answering, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const ENCODED = ['ops@example.test:canary-pass', 'ops%40example.test:canary-pass'].map((halves) =>
  Buffer.from(halves).toString('base64'),
);
const CANARIES = ['canary-pass', 'canary-tok', 'canary-pw', ...ENCODED];
const USER = { userName: 'ada', password: 'canary-pw' };

const minted = (): AuthOptions => ({
  kind: 'minted',
  username: 'ops@example.test',
  password: () => 'canary-pass',
  vault: memoryVault('canary-tok'),
  leases: memoryLeases(),
});
const oauth2 = (clientAuthentication: 'basic' | 'post', kept: string | null): AuthOptions => ({
  kind: 'oauth2',
  tokenUrl: `${server.origin}/oauth/token`,
  clientId: 'ops@example.test',
  clientSecret: () => 'canary-pass',
  clientAuthentication,
  vault: memoryVault(kept),
  leases: memoryLeases(),
});

const AUTHS: readonly [string, () => AuthOptions][] = [
  ['basic', () => ({ kind: 'basic', username: 'ops@example.test', password: () => 'canary-pass' })],
  ['bearer', () => ({ kind: 'bearer', token: () => 'canary-tok' })],
  ['minted', minted],
  ['oauth2', () => oauth2('basic', 'canary-tok')],
  ['oauth2 that has no token yet, by header,', () => oauth2('basic', null)],
  ['oauth2 that has no token yet, by form,', () => oauth2('post', null)],
];

const server = oddServerForEachTest();

/** Answers with everything it was sent, as a debugging server or proxy would. */
function quoting(status: number, shape: (text: string) => unknown): OddServer['answer'] {
  return (asked, response) => {
    const said = `${asked.headers.authorization} ${asked.body} ${JSON.stringify(asked.headers)}`;
    answering(status, shape(said))(asked, response);
  };
}

/** Everything that a log, a job store or a person could get to see of a failure. */
function visible(failure: unknown): string {
  const texts: string[] = [];
  for (let error = failure; error instanceof Error; error = error.cause) {
    texts.push(
      error.message,
      error.stack ?? '',
      JSON.stringify(error),
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
    );
    texts.push(inspect(error, { depth: 20, showHidden: true }));
  }
  return texts.join('\n');
}

const asErrors = (text: string) => ({ Errors: [{ description: text, code: '400' }] });
const asPage = (text: string) => `<html><title>${text}</title></html>`;

describe.each(AUTHS)('O-27: with %s authentication, no failure shows a secret', (_kind, authOf) => {
  test.each<[string, OddServer['answer']]>([
    ['400 that quotes the request', quoting(400, asErrors)],
    [
      '422 as plain text',
      (asked, response) => void response.writeHead(422).end(`${asked.headers.authorization} ${asked.body}`),
    ],
    ['422 as a page', quoting(422, asPage)],
    ['200 with an error in it', quoting(200, asErrors)],
    ['409 that quotes the request', quoting(409, asErrors)],
    ['401 that quotes the request', quoting(401, asErrors)],
    ['403 that quotes the request', quoting(403, asErrors)],
    ['500 that quotes the request', quoting(500, asErrors)],
    ['502 with a page', quoting(502, asPage)],
    ['404 with a page', quoting(404, asPage)],
    ['200 with a page', quoting(200, asPage)],
    [
      'a redirect with the secret in its address',
      (asked, response) =>
        void response
          .writeHead(302, {
            location: `http://x.example/?t=${encodeURIComponent(asked.headers.authorization ?? '')}`,
          })
          .end(),
    ],
    ['a reset', (_asked, response) => response.destroy()],
    [
      'what is not HTTP',
      (asked, response) => void response.socket?.end(`NOT-HTTP ${asked.headers.authorization}\r\n\r\n`),
    ],
    ['no answer in time', () => {}],
    ['429', quoting(429, asErrors)],
  ])('%s', async (_what, answer) => {
    const outputs = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    server.answer = answer;
    const { target } = setUp(`${server.origin}/io/scim/v1`, { auth: authOf(), timeoutMs: 300 });
    const change = [{ path: ['password'], before: undefined, after: 'canary-pw' }] as const;
    const failures = await Promise.all([
      failureOf(target.create(USER, aCall())),
      failureOf(target.find({ by: 'userName', value: 'ada' }, aCall())),
      failureOf(target.update('t-1', change, USER, aCall())),
    ]);
    const printed = outputs.flatMap((output) => output.mock.calls.map(([chunk]) => String(chunk))).join('');
    for (const output of outputs) output.mockRestore();
    const known = [RateLimited, Refused, TargetUnavailable, TargetUnusable];
    for (const failure of failures) {
      const conflict = JSON.stringify(failure).includes('"kind":"conflict"');
      expect(conflict || known.some((kind) => failure instanceof kind)).toBe(true);
      const shown = `${visible(failure)}${JSON.stringify(failure)}${printed}`;
      expect(CANARIES.filter((canary) => shown.includes(canary))).toEqual([]);
    }
  });

  test.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['the name is not known', 'http://no-such-host.invalid'],
  ])('%s', async (_what, baseUrl) => {
    const { target } = setUp(baseUrl, { auth: authOf() });
    const failure = await failureOf(target.create(USER, aCall()));
    expect(failure).toBeInstanceOf(TargetUnavailable);
    expect(CANARIES.filter((canary) => visible(failure).includes(canary))).toEqual([]);
  });
});

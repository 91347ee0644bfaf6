import { ReplyError } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { SourceUnavailable, TargetUnavailable } from '../../app/errors.ts';
import { createLogger, type LogLevel } from '../../app/signals/log.ts';

function setup(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, name: 'web' }, { write: (line) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('O-27: no canary reaches the log', () => {
  test.each([
    ['password', { password: 'canary' }],
    ['userPassword', { account: { userPassword: 'canary' } }],
    ['authorization', { request: { headers: { authorization: 'canary' } } }],
    ['an API key', { headers: { 'x-api-key': 'canary' } }],
    ['token', { auth: { token: 'canary' } }],
    ['secret', { secret: 'canary' }],
  ])('in a field called %s', (_name, fields) => {
    const { log, lines } = setup();
    log.info(fields, 'hello');
    expect(lines[0]).toContain('[redacted]');
    expect(lines[0]).not.toContain('canary');
  });

  test.each([
    ['an Authorization value', 'sent Bearer canary-tok and then', 'sent Bearer [redacted] and then'],
    ['a token of unusual signs', 'sent Bearer ca!na%ry#tok then', 'sent Bearer [redacted] then'],
    ['a basic one', 'sent Basic Y2FuYXJ5OmNhbmFyeQ== then', 'sent Basic [redacted] then'],
    [
      'a URL with a password',
      'to ldaps://svc:canary@ldap.example.test failed',
      'to ldaps://[redacted]@ldap.example.test failed',
    ],
    ['a token in a query', 'GET /x?access_token=canary&y=1', 'GET /x?access_token=[redacted]&y=1'],
  ])('in a text with %s', (_what, text, shown) => {
    const { log, last } = setup();
    log.warn({ reason: text }, text);
    expect(last()).toMatchObject({ msg: shown, reason: shown });
  });

  test('in the message, the cause or the properties of an error that is not ours', () => {
    const { log, lines, last } = setup();
    const cause = Object.assign(new Error('canary\n    at canary'), { code: 'ECONNRESET' });
    const error = Object.assign(new TypeError('canary', { cause }), { command: { args: ['canary'] } });
    log.error({ err: error }, 'request failed');
    expect(last().err).toMatchObject({ name: 'TypeError', cause: { name: 'Error', code: 'ECONNRESET' } });
    expect(last().err.at[0]).toMatch(/log\.test\.ts:\d+:\d+/);
    expect(lines.join('')).not.toContain('canary');
  });

  test('in a message that looks like a place in the code', () => {
    const { log, lines, last } = setup();
    log.error({ err: new Error('first line\n    at canary (canary.ts:1:1)') }, 'request failed');
    expect(last().err.at[0]).toMatch(/log\.test\.ts:\d+:\d+/);
    expect(lines.join('')).not.toContain('canary');
  });

  test('in what Redis complains of: its code is told, its words and our command are not', () => {
    const { log, lines, last } = setup();
    const words = "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'canary'";
    const command = { name: 'hello', args: ['3', 'AUTH', 'default', 'canary'] };
    log.warn({ err: Object.assign(new ReplyError(words), { command }) }, 'redis cannot be reached');
    expect(last().err).toMatchObject({ name: 'ReplyError', code: 'ERR' });
    expect(lines.join('')).not.toContain('canary');
  });
});

test('our own errors keep their words, since those carry no value', () => {
  const { log, last } = setup();
  log.error({ err: new SourceUnavailable('corp is down') });
  expect(last().err).toMatchObject({ name: 'SourceUnavailable', message: 'corp is down' });
  log.error({ err: new TargetUnavailable('timeout', { cause: new Error('canary') }) });
  expect(last().err).toMatchObject({ message: 'timeout', cause: { name: 'Error' } });
});

test('a line is JSON with level, time and process; less important lines are left out', () => {
  const { log, lines, last } = setup('info');
  log.debug('too much');
  log.info({ target: 'agileplace' }, 'hello');
  expect(lines).toHaveLength(1);
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    process: 'web',
    pid: process.pid,
    target: 'agileplace',
    msg: 'hello',
  });
});

import { expect, test } from 'vitest';
import { END, HASH, HTTPS, LDAPS, linesFor, load, RIGHT, spoilt, token } from './example.ts';

test('a right file is read, with defaults for what it leaves out', () => {
  const loaded = load(RIGHT);
  if (!loaded.ok) throw new Error(linesFor(RIGHT).join('\n'));
  const { config } = loaded;
  expect(config.redis).toEqual({ prefix: 'landbridge' });
  expect(config.sources['corp']).toMatchObject({
    urls: ['ldaps://ldap.example.test'],
    tls: { mode: 'ldaps', allowPlaintext: false },
    directory: 'auto',
    tracking: 'auto',
    people: { scope: 'sub' },
    poll: {
      every: 30_000,
      sweepEvery: 900_000,
      push: false,
      overlap: 300_000,
      pageSize: 500,
      timeout: 10_000,
    },
  });
  expect(config.targets['agileplace']).toMatchObject({
    concurrency: 4,
    timeout: 30_000,
    methodOverride: false,
    allowPlaintext: false,
  });
  expect(config.mappings).toEqual([{ file: 'mappings/agileplace.yaml', text: 'version: 1\n' }]);
  expect(config.policy).toEqual({
    guard: { share: 0.1, atLeast: 5, window: 3_600_000, holdFor: 604_800_000 },
    retry: { base: 1_000, longest: 3_600_000, attempts: 12 },
    lease: 60_000,
    mappingTests: 'refuse',
  });
  expect(config.http).toEqual({ host: '127.0.0.1', port: 8080, bodyLimit: 1_048_576 });
  expect(config.log).toEqual({ level: 'info' });
  expect(config.inbound).toEqual({ tokens: [] });
});

test('a file with eight mistakes shows exactly those eight, each with its place and remedy', () => {
  const text = `version: 1
sources:
  corp:
    kind: ldap
    urls: ldaps://ldap.example.test
    bindDN: cn=reader,dc=example,dc=test
    password: canary-pw
    people: { base: 'ou=people,dc=example,dc=test' }
    poll: { every: 30 }
targets:
  agileplace:
    profile: agileplace
    baseUrl: https://ops:canary-pw@account.example.test/scim
    auth: { kind: bearer, token: '\${env:NOT_SET}' }
mappings: [mappings/missing.yaml]
policy: { guard: { share: 110% } }
`;
  expect(linesFor(text)).toEqual([
    'landbridge.yaml:5:5 sources.corp.urls: must be a list, not text. Write it as in landbridge.example.yaml.',
    'landbridge.yaml:6:5 sources.corp.bindDN: unknown key. Did you mean "bindDn"?',
    `landbridge.yaml:7:5 sources.corp.password: is a secret and must not stand in this file. Instead write '\${env:NAME}' and set that variable, or '\${file:/path}' and put it into that file.`,
    'landbridge.yaml:9:13 sources.corp.poll.every: must be text, not a number. Add its unit, as in 30s, 1MiB or 10%, or put it in quotes.',
    'landbridge.yaml:13:5 targets.agileplace.baseUrl: carries a user name or password. Take out everything up to the @ and name it in its own fields.',
    'landbridge.yaml:14:27 targets.agileplace.auth.token: is empty: the environment variable NOT_SET is not set. Set it before the start.',
    "landbridge.yaml:15:12 mappings[0]: names a file that does not exist. Correct the path; it starts at this file's folder.",
    'landbridge.yaml:16:20 policy.guard.share: must be a percentage between 0% and 100%. Write it like 10%.',
  ]);
});

test.each([
  [
    'ldap:// without encryption to this machine',
    LDAPS,
    'urls: [ldap://127.0.0.1:389]\n    tls: { mode: none }',
  ],
  [
    'ldap:// without encryption where it is wanted',
    LDAPS,
    'urls: [ldap://h]\n    tls: { mode: none, allowPlaintext: true }',
  ],
  ['ldap:// with StartTLS', LDAPS, 'urls: [ldap://h]\n    tls: { mode: starttls, ca: ca.pem }'],
  ['http:// to this machine', HTTPS, 'http://localhost:3000/scim'],
  ['http:// where it is wanted', `baseUrl: ${HTTPS}`, 'baseUrl: http://h/scim\n    allowPlaintext: true'],
  ['a Redis address without a password', END, `${END}redis: { url: 'redis://127.0.0.1:6379' }\n`],
  ['an events source', 'sources:', 'sources:\n  hr: { kind: events }'],
  ['a token', END, token(`name: a, scopes: [read, admin], sha256: ${HASH.toUpperCase()}`)],
])('accepted: %s', (_what, before, after) => {
  expect(linesFor(spoilt(before, after))).toEqual([]);
});

test('a value that is no secret may come from the environment', () => {
  const loaded = load(spoilt(END, `${END}http: { port: '\${env:PORT}', host: '\${env:HOST}' }\n`), {
    PORT: '9090',
    HOST: '::1',
  });
  expect(loaded.ok && loaded.config.http).toEqual({ host: '::1', port: 9090, bodyLimit: 1_048_576 });
});

test('REDIS_URL is used where the file names no Redis', () => {
  const loaded = load(RIGHT, { REDIS_URL: 'redis://:canary@127.0.0.1:6380' });
  expect(loaded.ok && loaded.config.redis.url?.reveal()).toBe('redis://:canary@127.0.0.1:6380');
  expect(loaded.ok && loaded.config.redis.url?.origin).toBe(`\${env:REDIS_URL}`);
});

test('a REDIS_URL that is no address is refused without showing it', () => {
  expect(linesFor(RIGHT, { REDIS_URL: 'canary' })).toEqual([
    `landbridge.yaml:1:1 redis: comes from \${env:REDIS_URL} and must be a Redis address. Write it like redis://127.0.0.1:6379.`,
  ]);
});

test.each([
  [
    'a key twice',
    `${RIGHT}version: 1\n`,
    'landbridge.yaml:15:1 the key stands here twice. Keep one of them.',
  ],
  [
    'a tab',
    RIGHT.replace('    kind: ldap', '\tkind: ldap'),
    'landbridge.yaml:4:1 a tab is used for indentation. Use spaces.',
  ],
])('YAML that cannot be read is reported with its place: %s', (_what, text, line) => {
  expect(linesFor(text)).toContain(line);
});

test('a key that stands twice or cannot be used as a name hides nothing of the rest', () => {
  const text = `${RIGHT.replace('kind: ldap', 'kind: ldpa')}version: 2\n__proto__: { version: 2 }\n`;
  expect(linesFor(text)).toEqual([
    'landbridge.yaml:4:5 sources.corp.kind: must be one of: ldap, file, events. Did you mean "ldap"?',
    'landbridge.yaml:15:1 the key stands here twice. Keep one of them.',
    'landbridge.yaml:16:1 this key cannot be used as a name. Rename it.',
  ]);
});

test('YAML that cannot be read is never quoted (O-27)', () => {
  expect(linesFor('password: \'canary-pw\nother: "canary\n\t*canary').join('\n')).not.toContain('canary');
});

test('an unquoted reference in braces is told to be quoted', () => {
  const lines = linesFor(`a: { password: \${env:X} }\n`);
  expect(lines.join('\n')).toContain(`Put quotes around values with \${…} inside { }.`);
});

test('aliases that multiply beyond measure are refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...['b', 'c', 'd', 'e'].map(
      (name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcd'[i]}`).join(',')}]`,
    ),
  ];
  expect(linesFor(bomb.join('\n'))).toEqual([
    'landbridge.yaml:1:1 aliases (*name) cannot be resolved or multiply too far. Write the values out.',
  ]);
});

test.each(['__proto__', 'constructor', 'prototype'])(
  'the key %s is refused wherever it stands (O-26)',
  (key) => {
    expect(linesFor(`${RIGHT}${key}: { version: 2 }\n`)).toEqual([
      'landbridge.yaml:15:1 this key cannot be used as a name. Rename it.',
    ]);
    expect(linesFor(spoilt('  corp:', `  ${key}: { kind: events }\n  corp:`))).toEqual([
      'landbridge.yaml:3:3 this key cannot be used as a name. Rename it.',
    ]);
    expect(({} as Record<string, unknown>)['version']).toBeUndefined();
  },
);

test('an empty file is refused', () => {
  expect(linesFor('')).toEqual([
    'landbridge.yaml:1:1 must be a block of fields, not empty. Write it as in landbridge.example.yaml.',
  ]);
});

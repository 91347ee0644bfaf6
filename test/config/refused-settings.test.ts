import { expect, test } from 'vitest';
import { EMPTY_HASH, END, HASH, refusalOf, token } from './example.ts';

test.each([
  // what is wrong, before, after, field, the beginning of the message
  [
    'a mapping file that is missing',
    END,
    'mappings: [none.yaml]\n',
    'mappings[0]',
    'names a file that does not exist',
  ],
  ['no mapping', END, 'mappings: []\n', 'mappings', 'is empty'],
  [
    'a lease as long as a request',
    END,
    `${END}policy: { lease: 30s }\n`,
    'policy.lease',
    'must be longer than targets.agileplace.timeout',
  ],
  [
    'a share without %',
    END,
    `${END}policy: { guard: { share: '0.1' } }\n`,
    'policy.guard.share',
    'must be a percentage',
  ],
  [
    'a most that is less than the least',
    END,
    `${END}policy: { guard: { atLeast: 5, atMost: 4 } }\n`,
    'policy.guard.atMost',
    'is less than atLeast, which is 5',
  ],
  ['a size in kB', END, `${END}http: { bodyLimit: 10kB }\n`, 'http.bodyLimit', 'must be a size like'],
  [
    'a port beyond the last',
    END,
    `${END}http: { port: 65536 }\n`,
    'http.port',
    'must be a whole number between 0 and 65535',
  ],
  [
    'a Redis password in the file',
    END,
    `${END}redis: { url: 'redis://:canary@h:1' }\n`,
    'redis.url',
    'is a secret and must not stand in this file',
  ],
  [
    'a Redis password in the query of its address',
    END,
    `${END}redis: { url: 'redis://h:1/0?family=4&password=canary' }\n`,
    'redis.url',
    'is a secret and must not stand in this file',
  ],
  [
    'a Redis URL that is none',
    END,
    `${END}redis: { url: 'http://h' }\n`,
    'redis.url',
    'must be a Redis address',
  ],
  [
    'two tokens of one name',
    END,
    `${END}inbound: { tokens: [{ name: a, scopes: [read], sha256: ${HASH} }, { name: a, scopes: [read], sha256: ${HASH} }] }\n`,
    'inbound.tokens[1].name',
    'is the name of an earlier token, too',
  ],
  [
    'a token name with spaces',
    END,
    token(`name: HR system, scopes: [read], sha256: ${HASH}`),
    'inbound.tokens[0].name',
    'must be a name of lower-case letters',
  ],
  [
    'an unknown scope',
    END,
    token(`name: a, scopes: [write], sha256: ${HASH}`),
    'inbound.tokens[0].scopes[0]',
    'must be one of: events:write, reprovision, read, admin',
  ],
  ['no scope', END, token(`name: a, scopes: [], sha256: ${HASH}`), 'inbound.tokens[0].scopes', 'is empty'],
  [
    'a hash that is none',
    END,
    token('name: a, scopes: [read], sha256: abc'),
    'inbound.tokens[0].sha256',
    'must be a SHA-256',
  ],
  [
    'the hash of the empty token (O-27)',
    END,
    token(`name: a, scopes: [read], sha256: ${EMPTY_HASH}`),
    'inbound.tokens[0].sha256',
    'is the hash of nothing',
  ],
  ['another version', 'version: 1', 'version: 2', 'version', 'must be one of: 1'],
])('refused in the settings: %s', (_what, before, after, field, message) => {
  const refusal = refusalOf(before, after);
  expect(refusal).toContain(`${field}: ${message}`);
  expect(refusal).not.toContain('canary');
});

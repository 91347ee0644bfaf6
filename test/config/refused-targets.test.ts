import { expect, test } from 'vitest';
import { HTTPS, linesFor, load, refusalOf, spoilt } from './example.ts';

const SECRET = `'\${env:TARGET_PASSWORD}'`;
const BASIC = `kind: basic, username: ops@example.test, password: ${SECRET}`;
const oauth2 = (fields: string) =>
  `kind: oauth2, clientId: landbridge, clientSecret: ${SECRET}, keep: { file: token }, ${fields}`;

test.each([
  // what is wrong, before, after, field, the beginning of the message
  [
    'http:// to a target',
    HTTPS,
    'http://account.example.test/scim',
    'targets.agileplace.baseUrl',
    'would send the credential unencrypted',
  ],
  [
    'a target URL with user-info (O-27)',
    HTTPS,
    'https://u:canary@account.example.test',
    'targets.agileplace.baseUrl',
    'carries a user name or password',
  ],
  [
    'a target URL with ?access_token= (O-27)',
    HTTPS,
    'https://account.example.test/?access_token=canary',
    'targets.agileplace.baseUrl',
    'carries a token in its query',
  ],
  [
    'a target URL with ?token= (O-27)',
    HTTPS,
    'https://account.example.test/?a=b&token=canary',
    'targets.agileplace.baseUrl',
    'carries a token in its query',
  ],
  [
    'a target URL with a query',
    HTTPS,
    'https://account.example.test/?a=b',
    'targets.agileplace.baseUrl',
    'must end after its path',
  ],
  [
    'a missing auth kind',
    'kind: basic, ',
    '',
    'targets.agileplace.auth.kind',
    'must be one of: basic, bearer, minted, oauth2.',
  ],
  [
    'minting without a place for the token',
    'kind: basic,',
    'kind: minted,',
    'targets.agileplace.auth.keep',
    'is missing. Add it: Where the token is kept.',
  ],
  [
    'two places for the token',
    'kind: basic,',
    `kind: minted, keep: { file: a, encryptedWith: '\${env:KEY}' },`,
    'targets.agileplace.auth.keep',
    'must hold exactly one of file and encryptedWith',
  ],
  [
    'a short encryption key',
    'kind: basic,',
    `kind: minted, keep: { encryptedWith: '\${env:LDAP_PASSWORD}' },`,
    'targets.agileplace.auth.keep.encryptedWith',
    'is shorter than 32 characters',
  ],
  [
    'a token endpoint over http://',
    BASIC,
    oauth2("tokenUrl: 'http://login.example.test/token'"),
    'targets.agileplace.auth.tokenUrl',
    'would send the credential unencrypted',
  ],
  [
    'a token endpoint with user-info (O-27)',
    BASIC,
    oauth2("tokenUrl: 'https://u:canary@login.example.test/token'"),
    'targets.agileplace.auth.tokenUrl',
    'carries a user name or password',
  ],
  [
    'a token endpoint with the secret in its query (O-27)',
    BASIC,
    oauth2("tokenUrl: 'https://login.example.test/token?client_secret=canary'"),
    'targets.agileplace.auth.tokenUrl',
    'carries a secret in its query',
  ],
  [
    'a token endpoint with a fragment',
    BASIC,
    oauth2("tokenUrl: 'https://login.example.test/token#here'"),
    'targets.agileplace.auth.tokenUrl',
    'must end before its #',
  ],
  [
    'an unknown way to send the client secret',
    BASIC,
    oauth2("tokenUrl: 'https://login.example.test/token', clientAuthentication: header"),
    'targets.agileplace.auth.clientAuthentication',
    'must be one of: basic, post.',
  ],
  [
    'a client secret in the file',
    BASIC,
    oauth2("tokenUrl: 'https://login.example.test/token'").replace(SECRET, 'canary'),
    'targets.agileplace.auth.clientSecret',
    'is a secret and must not stand in this file',
  ],
  [
    'a burst of nothing',
    HTTPS,
    `${HTTPS}\n    burst: 3`,
    'targets.agileplace.burst',
    'means nothing without requestsPerMinute',
  ],
  [
    'so few requests that nobody could be written',
    HTTPS,
    `${HTTPS}\n    requestsPerMinute: 29`,
    'targets.agileplace.requestsPerMinute',
    'must be a whole number between 30 and 1000000',
  ],
])('refused in a target: %s', (_what, before, after, field, message) => {
  const refusal = refusalOf(before, after);
  expect(refusal).toContain(`${field}: ${message}`);
  expect(refusal).not.toContain('canary');
});

test('an endpoint keeps its query and the slash at its end, and plain http to this machine is no matter', () => {
  for (const tokenUrl of ['https://login.example.test/token/?api-version=1.0', 'http://127.0.0.1:9/token']) {
    const loaded = load(spoilt(BASIC, oauth2(`tokenUrl: '${tokenUrl}'`)));
    const auth = loaded.ok ? loaded.config.targets['agileplace']?.auth : undefined;
    expect(auth).toMatchObject({ kind: 'oauth2', tokenUrl, clientAuthentication: 'basic' });
  }
});

test('allowPlaintext goes for the token endpoint, too', () => {
  const fields = oauth2("tokenUrl: 'http://login.example.test/token'");
  const allowed = spoilt(`{ ${BASIC} }`, `{ ${fields} }\n    allowPlaintext: true`);
  expect(linesFor(allowed)).toEqual([]);
});

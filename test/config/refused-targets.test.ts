import { expect, test } from 'vitest';
import { HTTPS, refusalOf } from './example.ts';

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
    'must be one of: basic, bearer, minted.',
  ],
  [
    'minting without a place for the token',
    'kind: basic,',
    'kind: minted,',
    'targets.agileplace.auth.keep',
    'is missing. Add it: Where the minted token is kept.',
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
])('refused in a target: %s', (_what, before, after, field, message) => {
  const refusal = refusalOf(before, after);
  expect(refusal).toContain(`${field}: ${message}`);
  expect(refusal).not.toContain('canary');
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashToken, newToken, verifyToken } from '../../app/config/index.ts';

const HR = { name: 'hr', scopes: ['events:write'] as const, sha256: hashToken('token-of-hr') };
const OPS = { name: 'ops', scopes: ['read', 'admin'] as const, sha256: hashToken('token-of-ops') };

test.each([
  ['token-of-hr', { name: 'hr', scopes: ['events:write'] }],
  ['token-of-ops', { name: 'ops', scopes: ['read', 'admin'] }],
  ['token-of-op', null],
  ['TOKEN-OF-OPS', null],
  [HR.sha256, null],
])('the caller presenting %s is known, or not', (presented, caller) => {
  expect(verifyToken(presented, [HR, OPS])).toEqual(caller);
});

test('an empty token is nobody, even where its hash was configured (O-27)', () => {
  expect(verifyToken('', [{ name: 'a', scopes: ['admin'], sha256: hashToken('') }])).toBeNull();
});

test('without configured tokens everybody is nobody', () => {
  expect(verifyToken('token-of-hr', [])).toBeNull();
});

test('a new token has 256 random bits and fits a header', () => {
  expect(newToken(() => Buffer.alloc(32, 7))).toBe('lb_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc');
  expect(newToken(randomBytes)).toMatch(/^lb_[A-Za-z0-9_-]{43}$/);
});

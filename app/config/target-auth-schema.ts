/**
 * Who we are to a target: the kinds of credential, and where a token that Landbridge gets for itself is kept. Which
 * kinds a target takes is known to its profile (`app/scim/profiles`); no credential stands in the file itself.
 */
import * as z from 'zod';
import { tokenAddress } from './addresses.ts';
import { accept, type Check, refuse } from './checked.ts';
import { choice, notBlank, path, secret, text } from './fields.ts';
import type { Secret } from './secret.ts';
import type { Surroundings } from './surroundings.ts';

/** Shorter ones could be guessed from a copy of what they encrypt. */
const LEAST_KEY_LENGTH = 32;

/** Where a token is kept between requests. */
export type TokenPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'redis'; readonly key: Secret };

const encryptionKey: Check<string> = (revealed) =>
  revealed.length >= LEAST_KEY_LENGTH
    ? accept(revealed)
    : refuse(`is shorter than ${LEAST_KEY_LENGTH} characters. Make one with: openssl rand -hex 32.`);

export function authSchema(around: Surroundings) {
  const username = text(around, 'The account that Landbridge is to the target.', notBlank);
  const password = secret(around, 'The password of username.');
  const keep = keepSchema(around);
  return z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('basic').describe('User name and password go with each request.'),
        username,
        password,
      }),
      z.strictObject({
        kind: z.literal('bearer').describe('A token made by hand goes with each request.'),
        token: secret(around, 'The token.'),
      }),
      z.strictObject({
        kind: z.literal('minted').describe('Landbridge makes itself a token with user name and password.'),
        username,
        password,
        keep,
      }),
      oauth2Schema(around, keep),
    ])
    .describe('How Landbridge proves who it is.');
}

function oauth2Schema(around: Surroundings, keep: ReturnType<typeof keepSchema>) {
  return z.strictObject({
    kind: z.literal('oauth2').describe('Landbridge gets itself tokens by OAuth 2 client credentials.'),
    tokenUrl: text(around, 'The token endpoint of the authorization server.', tokenAddress),
    clientId: text(around, 'The client that Landbridge is to the authorization server.', notBlank),
    clientSecret: secret(around, 'The secret of clientId.'),
    scope: text(
      around,
      'What to ask for, words between blanks, where the server wants it.',
      notBlank,
    ).exactOptional(),
    audience: text(around, 'Sent as audience, where the server wants it.', notBlank).exactOptional(),
    resource: text(
      around,
      'Sent as resource (RFC 8707), where the server wants it.',
      notBlank,
    ).exactOptional(),
    clientAuthentication: choice(
      around,
      'basic sends clientId and clientSecret in the Authorization header, post in the body.',
      ['basic', 'post'],
    ).prefault('basic'),
    keep,
  });
}

function keepSchema(around: Surroundings) {
  return z
    .strictObject({
      file: path(around, 'A file for the token, for one machine.').exactOptional(),
      encryptedWith: secret(
        around,
        'The key that encrypts the token in Redis, for workers on several machines. At least 32 characters.',
        encryptionKey,
      ).exactOptional(),
    })
    .superRefine(({ file, encryptedWith }, context) => {
      if ((file === undefined) !== (encryptedWith === undefined)) return;
      context.addIssue({
        code: 'custom',
        message: 'must hold exactly one of file and encryptedWith. Choose one.',
      });
    })
    .transform(({ file, encryptedWith }): TokenPlace => {
      if (encryptedWith !== undefined) return { kind: 'redis', key: encryptedWith };
      return { kind: 'file', path: file ?? '' };
    })
    .describe('Where the token is kept.');
}

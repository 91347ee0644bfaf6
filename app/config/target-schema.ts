/**
 * How a target is configured: where its SCIM service is, in which dialect it speaks, and who we are to it.
 * Which profiles exist is known to `app/scim`, and told to us.
 */
import * as z from 'zod';
import { httpAddress, isLoopback } from './addresses.ts';
import { accept, type Check, refuse } from './checked.ts';
import {
  ALSO_WHEN_INCOMPLETE,
  certificates,
  flag,
  notBlank,
  path,
  secret,
  text,
  wholeNumber,
} from './fields.ts';
import { durationBetween } from './measures.ts';
import { mustBeOneOf } from './one-of.ts';
import { plainName } from './plain-name.ts';
import type { Secret } from './secret.ts';
import type { Surroundings } from './surroundings.ts';

/** Shorter ones could be guessed from a copy of what they encrypt. */
const LEAST_KEY_LENGTH = 32;

/** Where a minted token is kept between requests. */
export type TokenPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'redis'; readonly key: Secret };

const encryptionKey: Check<string> = (revealed) =>
  revealed.length >= LEAST_KEY_LENGTH
    ? accept(revealed)
    : refuse(`is shorter than ${LEAST_KEY_LENGTH} characters. Make one with: openssl rand -hex 32.`);

/** @returns null for never */
const durationOrNever: Check<number | null> = (written) =>
  written === 'never' ? accept(null) : durationBetween('1m', '30d')(written);

function knownProfile({ knowledge: { profiles } }: Surroundings): Check<string> {
  return (written) => (profiles.includes(written) ? accept(written) : refuse(mustBeOneOf(profiles, written)));
}

export function targetSchema(around: Surroundings) {
  return z
    .strictObject({
      profile: text(
        around,
        "The target's dialect of SCIM 1.1: agileplace, or generic.",
        knownProfile(around),
      ),
      baseUrl: text(around, 'Where its SCIM service begins: what stands before /Users.', httpAddress),
      auth: authSchema(around),
      concurrency: wholeNumber(
        around,
        'How many people one worker writes at the same time.',
        1,
        100,
      ).prefault(4),
      timeout: text(around, 'How long one request may take.', durationBetween('100ms', '10m')).prefault(
        '30s',
      ),
      reconcileEvery: text(
        around,
        'How often everybody at the target is compared with what is wanted, or never.',
        durationOrNever,
      ).prefault('1d'),
      methodOverride: flag(
        around,
        'Sends PATCH and PUT as POST with X-HTTP-Method-Override, for proxies that let only GET and POST through.',
      ).prefault(false),
      ca: certificates(
        around,
        'File with the PEM certificates of the authorities to trust. Without it: those of Node.js.',
      ).exactOptional(),
      proxy: text(
        around,
        'The HTTP proxy on the way to the target, as http://host:port. Without it: HTTPS_PROXY and NO_PROXY.',
        httpAddress,
      ).exactOptional(),
      allowPlaintext: flag(
        around,
        'Allows http:// to another machine. The credential then crosses the network readable.',
      ).prefault(false),
      credential: text(
        around,
        "Targets with the same word here share one request budget. Without it: the target's own name.",
        plainName,
      ).exactOptional(),
    })
    .superRefine(checkEncryption, ALSO_WHEN_INCOMPLETE)
    .describe('One SCIM 1.1 service to write to.');
}

function authSchema(around: Surroundings) {
  const username = text(around, 'The account that Landbridge is to the target.', notBlank);
  const password = secret(around, 'The password of username.');
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
        keep: keepSchema(around),
      }),
    ])
    .describe('How Landbridge proves who it is.');
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
    .describe('Where the minted token is kept.');
}

function checkEncryption(
  target: { baseUrl: string; allowPlaintext: boolean },
  context: z.RefinementCtx,
): void {
  // A field that was refused is not text: its own message is enough.
  if (typeof target.baseUrl !== 'string' || target.allowPlaintext === true) return;
  const url = new URL(target.baseUrl);
  if (url.protocol === 'https:' || isLoopback(url)) return;
  const message =
    'would send the credential unencrypted. Write https://, or set allowPlaintext to true if that is wanted.';
  context.addIssue({ code: 'custom', path: ['baseUrl'], message });
}

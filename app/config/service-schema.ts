/**
 * How Landbridge itself is configured: its Redis, its policy, its HTTP side and who may call it.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { carriesPassword, redisAddress } from './addresses.ts';
import { accept, type Check, type Checked, refuse } from './checked.ts';
import { choice, notBlank, text, wholeNumber } from './fields.ts';
import { durationBetween, share, sizeBetween } from './measures.ts';
import { plainName } from './plain-name.ts';
import { findSecret, Secret } from './secret.ts';
import type { Surroundings } from './surroundings.ts';
import { SCOPES } from './tokens.ts';

const EMPTY_HASH = createHash('sha256').update('').digest('hex');
const REDIS_VARIABLE = `\${env:REDIS_URL}`;

const redisPrefix: Check<string> = (written) =>
  /^[a-zA-Z0-9_-]{1,64}$/.test(written)
    ? accept(written)
    : refuse('must have 1 to 64 letters, digits, hyphens or underscores. Rename it.');

const tokenHash: Check<string> = (written) => {
  const hash = written.toLowerCase();
  const howTo = 'Make a token with: landbridge token new NAME --scope SCOPE.';
  if (!/^[0-9a-f]{64}$/.test(hash)) return refuse(`must be a SHA-256 as 64 hexadecimal digits. ${howTo}`);
  if (hash === EMPTY_HASH)
    return refuse(`is the hash of nothing, so an empty token would be let in. ${howTo}`);
  return accept(hash);
};

export function redisSchema(around: Surroundings) {
  return z
    .strictObject({
      url: z
        .string()
        .transform((written, context) => settleRedis(redisUrl(written, around), context))
        .describe('The address of Redis, as a reference where it holds a password. Without it: REDIS_URL.')
        .exactOptional(),
      prefix: text(around, 'What every key in Redis begins with.', redisPrefix).prefault('landbridge'),
    })
    .transform(({ url, prefix }, context) => {
      if (url !== undefined) return { url, prefix };
      if ((around.env['REDIS_URL'] ?? '').trim() === '') return { prefix };
      return { url: settleRedis(redisUrl(REDIS_VARIABLE, around), context), prefix };
    })
    .prefault({})
    .describe('Where Landbridge keeps what it knows.');
}

/** The address is a secret, since it may hold a password; without one it may stand in the file. */
function redisUrl(written: string, around: Surroundings): Checked<Secret> {
  if (!written.startsWith('${') && !carriesPassword(written)) {
    const address = redisAddress(written);
    return address.ok ? accept(new Secret('redis.url', () => address)) : address;
  }
  const found = findSecret(written, around);
  if (!found.ok) return found;
  const address = redisAddress(found.value.reveal());
  return address.ok ? found : refuse(`comes from ${found.value.origin} and ${address.message}`);
}

function settleRedis(url: Checked<Secret>, context: z.RefinementCtx): Secret {
  if (url.ok) return url.value;
  context.addIssue({ code: 'custom', message: url.message });
  return z.NEVER;
}

function guardSchema(around: Surroundings) {
  const duration = (about: string, least: string, most: string) =>
    text(around, about, durationBetween(least, most));
  const count = (about: string) => wholeNumber(around, about, 0, 100_000);
  const group = z
    .strictObject({
      share: text(
        around,
        'The share of the members that a group of the source names who may lose access within the window.',
        share,
      ).prefault('50%'),
      atLeast: count('So many of a group may always lose access, however small the share.').prefault(10),
    })
    .describe('A limit for each group of the source, too. Without it groups are not looked at.');
  return z
    .strictObject({
      share: text(
        around,
        'The share of the active accounts of a target that may be switched off or deleted within the window.',
        share,
      ).prefault('10%'),
      atLeast: count('So many may always be switched off, however small the share.').prefault(5),
      atMost: count(
        'More may never be switched off, however many the share is. Without it the share alone decides.',
      ).exactOptional(),
      window: duration(
        'All removals within this time count together, whatever brought them.',
        '1s',
        '7d',
      ).prefault('1h'),
      group: group.exactOptional(),
      holdFor: duration(
        'So long removals are held for an operator; then nobody is switched off by them.',
        '1m',
        '90d',
      ).prefault('7d'),
    })
    .superRefine(({ atLeast, atMost }, context) => {
      if (atMost === undefined || atMost >= atLeast) return;
      const message = `is less than atLeast, which is ${atLeast}. Write ${atLeast} or more, or lower atLeast.`;
      context.addIssue({ code: 'custom', path: ['atMost'], message });
    })
    .prefault({})
    .describe('When removals are too many and are held for an operator.');
}

export function policySchema(around: Surroundings) {
  const duration = (about: string, least: string, most: string) =>
    text(around, about, durationBetween(least, most));
  const retry = z
    .strictObject({
      base: duration('The wait after a first failure; it doubles with each one.', '10ms', '1h').prefault(
        '1s',
      ),
      longest: duration('The longest wait between two attempts.', '10ms', '1d').prefault('1h'),
      attempts: wholeNumber(around, 'After so many failures an operator has to look.', 1, 1_000).prefault(12),
    })
    .prefault({})
    .describe('How a failed write is repeated.');
  const lease = duration(
    'How long the right to write one person lasts without renewal; longer than every target timeout.',
    '1s',
    '1h',
  ).prefault('60s');
  const mappingTests = choice(around, 'What a test of a mapping that fails does to a start.', [
    'refuse',
    'warn',
  ]).prefault('refuse');
  return z
    .strictObject({ guard: guardSchema(around), retry, lease, mappingTests })
    .prefault({})
    .describe('What Landbridge may do by itself.');
}

export function httpSchema(around: Surroundings) {
  return z
    .strictObject({
      host: text(
        around,
        'The address to listen on. 0.0.0.0 listens to other machines, too.',
        notBlank,
      ).prefault('127.0.0.1'),
      port: wholeNumber(around, 'The port to listen on; 0 takes a free one.', 0, 65_535).prefault(8080),
      bodyLimit: text(
        around,
        'The largest request body that is read.',
        sizeBetween('1KiB', '64MiB'),
      ).prefault('1MiB'),
    })
    .prefault({})
    .describe('The HTTP API.');
}

export function logSchema(around: Surroundings) {
  return z
    .strictObject({
      level: choice(around, 'The least important lines to write.', [
        'debug',
        'info',
        'warn',
        'error',
      ]).prefault('info'),
    })
    .prefault({})
    .describe('The log, written to standard output as JSON.');
}

export function inboundSchema(around: Surroundings) {
  const token = z
    .strictObject({
      name: text(around, 'Who holds the token; stands in the provisioning log.', plainName),
      scopes: z
        .array(z.enum(SCOPES).describe('events:write, reprovision, read or admin.'))
        .min(1)
        .describe('What the token may be used for.'),
      sha256: text(around, 'The SHA-256 of the token, as `landbridge token new` prints it.', tokenHash),
    })
    .describe('One caller.');
  return z
    .strictObject({
      tokens: z
        .array(token)
        .superRefine(checkNamesDiffer, { when: ({ value }) => Array.isArray(value) })
        .prefault([])
        .describe('The bearer tokens that are let in. Without any, the API answers 401.'),
    })
    .prefault({})
    .describe('Who may call the API.');
}

function checkNamesDiffer(tokens: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    const name: unknown = token?.name;
    if (typeof name !== 'string') continue;
    if (seen.has(name)) {
      const message = 'is the name of an earlier token, too. Give each token its own name.';
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
    seen.add(name);
  }
}

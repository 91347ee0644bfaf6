/**
 * How a target is configured: where its SCIM service is, in which dialect it speaks, and who we are to it.
 * Which profiles exist is known to `app/scim`, and told to us.
 */
import * as z from 'zod';
import { httpAddress, isLoopback } from './addresses.ts';
import { accept, type Check, refuse } from './checked.ts';
import { clientCertificateSchema } from './client-certificate-schema.ts';
import { ALSO_WHEN_INCOMPLETE, certificates, choice, flag, text, wholeNumber } from './fields.ts';
import { durationBetween } from './measures.ts';
import { mustBeOneOf } from './one-of.ts';
import { plainName } from './plain-name.ts';
import type { Surroundings } from './surroundings.ts';
import { authSchema } from './target-auth-schema.ts';

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
        "The target's dialect of SCIM 1.1: one of the profiles that docs/targets.md describes.",
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
      requestsPerMinute: wholeNumber(
        around,
        'The most requests a minute, for a target whose answers do not tell its limit. What they tell is obeyed anyway.',
        // With fewer, an account that has to be read before it is written would wait for ever between the two.
        30,
        1_000_000,
      ).exactOptional(),
      burst: wholeNumber(
        around,
        'With requestsPerMinute: how many of them may go at once after a quiet time. Without it: 1, which spreads them evenly.',
        1,
        1_000_000,
      ).exactOptional(),
      timeout: text(around, 'How long one request may take.', durationBetween('100ms', '10m')).prefault(
        '30s',
      ),
      reconcileEvery: text(
        around,
        'How often everybody at the target is compared with what is wanted, or never.',
        durationOrNever,
      ).prefault('1d'),
      adoption: choice(
        around,
        'For a target that has accounts already. reviewed: nothing is written there before somebody has seen what would be, by landbridge adopt, and has accepted it. by-itself: accounts that match are taken over at once.',
        ['by-itself', 'reviewed'],
      ).prefault('by-itself'),
      methodOverride: flag(
        around,
        'Sends PATCH and PUT as POST with X-HTTP-Method-Override, for proxies that let only GET and POST through.',
      ).prefault(false),
      ca: certificates(
        around,
        'File with the PEM certificates of the authorities to trust. Without it: those of Node.js.',
      ).exactOptional(),
      clientCertificate: clientCertificateSchema(
        around,
        'The certificate to show to the target, where it wants one.',
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
    .superRefine(({ requestsPerMinute, burst }, context) => {
      if (burst === undefined || requestsPerMinute !== undefined) return;
      const message = 'means nothing without requestsPerMinute. Set that too, or leave out burst.';
      context.addIssue({ code: 'custom', path: ['burst'], message });
    })
    .describe('One SCIM 1.1 service to write to.');
}

function checkEncryption(
  target: { baseUrl: string; auth: { kind: string; tokenUrl?: string }; allowPlaintext: boolean },
  context: z.RefinementCtx,
): void {
  if (target.allowPlaintext === true) return;
  const message =
    'would send the credential unencrypted. Write https://, or set allowPlaintext to true if that is wanted.';
  const addresses = [
    { path: ['baseUrl'], address: target.baseUrl },
    { path: ['auth', 'tokenUrl'], address: target.auth?.tokenUrl },
  ];
  for (const { path, address } of addresses) {
    // A field that was refused is not text: its own message is enough.
    if (typeof address !== 'string') continue;
    const url = new URL(address);
    if (url.protocol !== 'https:' && !isLoopback(url)) context.addIssue({ code: 'custom', path, message });
  }
}

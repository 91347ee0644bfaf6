/**
 * How a source is configured: an LDAP directory that is read, or a feed of events that is listened to.
 * The rule against unencrypted directories: a bind sends the password as it is (RFC 4513 section 5.1.3).
 */
import * as z from 'zod';
import { isSecretName } from '../person/secret-names.ts';
import { hasUserInfo, isLoopback, ldapAddress } from './addresses.ts';
import { accept, type Check, refuse } from './checked.ts';
import {
  ALSO_WHEN_INCOMPLETE,
  certificates,
  choice,
  flag,
  notBlank,
  secret,
  text,
  wholeNumber,
} from './fields.ts';
import { durationBetween } from './measures.ts';
import type { Surroundings } from './surroundings.ts';

function ldapFilter({ knowledge }: Surroundings): Check<string> {
  return (written) => {
    const howTo = 'Write it like (objectClass=person).';
    if (!/^\(.*\)$/s.test(written)) return refuse(`must stand in parentheses. ${howTo}`);
    const problem = knowledge.filterProblem(written);
    return problem === null ? accept(written) : refuse(`cannot be read: ${problem}. ${howTo}`);
  };
}

function distinguishedName({ knowledge }: Surroundings): Check<string> {
  return (written) =>
    knowledge.isDn(written)
      ? accept(written)
      : refuse('is not a DN. Write it like ou=people,dc=example,dc=com.');
}

const attributeName: Check<string> = (written) => {
  if (isSecretName(written)) return refuse('is a credential, and credentials are never read. Name another.');
  return /^[a-zA-Z][a-zA-Z0-9-]*$/.test(written)
    ? accept(written)
    : refuse('must be an attribute name. Write it like member.');
};

export function sourceSchema(around: Surroundings) {
  return z
    .discriminatedUnion('kind', [ldapSchema(around), eventsSchema()])
    .describe('One source of people: an LDAP directory or an event feed.');
}

function eventsSchema() {
  return z
    .strictObject({ kind: z.literal('events').describe('People arrive through POST /v1/events.') })
    .describe('A feed of events, posted by an HR system or an identity provider.');
}

function ldapSchema(around: Surroundings) {
  return z
    .strictObject({
      kind: z.literal('ldap').describe('People are read from an LDAP directory.'),
      urls: z
        .array(
          text(around, 'ldaps://host or ldap://host, with :port where it is not the usual one.', ldapAddress),
        )
        .min(1)
        .describe('The directory servers, tried in this order.'),
      tls: tlsSchema(around),
      bindDn: text(around, 'The account that reads the directory, as a DN.', notBlank),
      password: secret(around, 'The password of bindDn.'),
      directory: choice(around, 'What kind of directory it is. auto: what the server says of itself.', [
        'auto',
        ...around.knowledge.dialects,
      ]).prefault('auto'),
      tracking: choice(
        around,
        'How changes are followed. auto: the best way that works, falling back to the next by itself.',
        ['auto', ...around.knowledge.trackings],
      ).prefault('auto'),
      people: peopleSchema(around),
      groups: groupsSchema(around).exactOptional(),
      lookupBase: text(
        around,
        'Where a person who left people.base is looked for. Without it: people.base.',
        distinguishedName(around),
      ).exactOptional(),
      poll: pollSchema(around),
    })
    .superRefine(checkEncryption, ALSO_WHEN_INCOMPLETE)
    .superRefine(checkLookupBase(around), ALSO_WHEN_INCOMPLETE)
    .describe('An LDAP directory, read again and again.');
}

function tlsSchema(around: Surroundings) {
  return z
    .strictObject({
      mode: choice(around, 'ldaps for ldaps:// addresses; starttls or none for ldap:// addresses.', [
        'ldaps',
        'starttls',
        'none',
      ]).prefault('ldaps'),
      ca: certificates(
        around,
        'File with the PEM certificates of the authorities to trust. Without it: those of Node.js.',
      ).exactOptional(),
      serverName: text(
        around,
        'The name the certificate must carry, where it is not the host.',
        notBlank,
      ).exactOptional(),
      allowPlaintext: flag(
        around,
        'Allows mode none to a directory on another machine. The password then crosses the network readable.',
      ).prefault(false),
    })
    .prefault({})
    .describe('How the connection is encrypted.');
}

function peopleSchema(around: Surroundings) {
  return z
    .strictObject({
      base: text(around, 'The DN under which people stand.', distinguishedName(around)),
      filter: text(
        around,
        'Which entries are people. Without it: what is usual for the kind of directory.',
        ldapFilter(around),
      ).exactOptional(),
      scope: choice(around, 'sub reads the whole tree under base, one only the entries directly below it.', [
        'sub',
        'one',
      ]).prefault('sub'),
    })
    .describe('Which entries are people.');
}

function groupsSchema(around: Surroundings) {
  return z
    .strictObject({
      base: text(around, 'The DN under which groups stand.', distinguishedName(around)),
      filter: text(
        around,
        'Which entries are groups. Without it: what is usual for the kind of directory.',
        ldapFilter(around),
      ).exactOptional(),
      memberAttribute: text(
        around,
        'The attribute that names the members. Without it: member.',
        attributeName,
      ).exactOptional(),
      nameAttribute: text(
        around,
        'The attribute that names the group. Without it: cn.',
        attributeName,
      ).exactOptional(),
    })
    .describe('Which entries are groups. Without it mappings see no groups.');
}

function pollSchema(around: Surroundings) {
  return z
    .strictObject({
      every: text(around, 'How often changes are read.', durationBetween('1s', '1d')).prefault('30s'),
      sweepEvery: text(
        around,
        'How often everybody is read, to find who is gone.',
        durationBetween('1s', '30d'),
      ).prefault('15m'),
      overlap: text(
        around,
        'How far each read reaches back behind the last one, for entries that replicas delivered late.',
        durationBetween('1s', '1d'),
      ).prefault('5m'),
      pageSize: wholeNumber(around, 'Entries in one page of an answer.', 1, 10_000).prefault(500),
      timeout: text(
        around,
        'How long one connection or request may take.',
        durationBetween('100ms', '10m'),
      ).prefault('10s'),
    })
    .prefault({})
    .describe('How the directory is read.');
}

type Bases = { readonly people: { readonly base: string }; readonly lookupBase?: string };

/** Else somebody who is present would be looked for in the wrong place. */
function checkLookupBase({ knowledge }: Surroundings) {
  return ({ people, lookupBase }: Bases, context: z.RefinementCtx): void => {
    const base: unknown = people?.base;
    // A field that was refused is not text: its own message is enough.
    if (typeof base !== 'string' || typeof lookupBase !== 'string') return;
    if (knowledge.isWithin(base, lookupBase)) return;
    const message = 'does not hold people.base, so that people would be taken for gone. Name a DN above it.';
    context.addIssue({ code: 'custom', path: ['lookupBase'], message });
  };
}

type Encryption = {
  readonly urls: readonly string[];
  readonly tls: { readonly mode: string; readonly allowPlaintext: boolean };
};

function checkEncryption({ urls, tls }: Encryption, context: z.RefinementCtx): void {
  const { mode, allowPlaintext } = tls ?? {};
  // A field that was refused is not text: its own message is enough.
  if (!Array.isArray(urls) || typeof mode !== 'string') return;
  for (const [index, address] of urls.entries()) {
    if (typeof address !== 'string' || hasUserInfo(address)) continue;
    const message = encryptionProblem(new URL(address), mode, allowPlaintext === true);
    if (message !== null) context.addIssue({ code: 'custom', path: ['urls', index], message });
  }
}

function encryptionProblem(url: URL, mode: string, allowPlaintext: boolean): string | null {
  const encrypted = url.protocol === 'ldaps:';
  if (encrypted !== (mode === 'ldaps')) {
    return encrypted
      ? `is an ldaps:// address, but tls.mode is ${mode}. Set tls.mode to ldaps.`
      : 'is an ldap:// address, but tls.mode is ldaps. Write ldaps://, or set tls.mode to starttls.';
  }
  if (mode !== 'none' || allowPlaintext || isLoopback(url)) return null;
  return 'would send the password unencrypted. Set tls.mode to starttls, or tls.allowPlaintext to true if that is wanted.';
}

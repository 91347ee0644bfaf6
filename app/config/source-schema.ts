/**
 * How a source is configured: an LDAP directory or a file that is read, or a feed of events that is listened to.
 */
import * as z from 'zod';
import { ldapAddress } from './addresses.ts';
import { ALSO_WHEN_INCOMPLETE, choice, flag, text, wholeNumber } from './fields.ts';
import { fileSchema } from './file-source-schema.ts';
import { groupsSchema } from './groups-schema.ts';
import { checkEncryption, checkLogIn, logInFields, tlsSchema } from './ldap-access-schema.ts';
import { distinguishedName, ldapFilter } from './ldap-fields.ts';
import { durationBetween } from './measures.ts';
import type { Surroundings } from './surroundings.ts';

export function sourceSchema(around: Surroundings) {
  return z
    .discriminatedUnion('kind', [ldapSchema(around), fileSchema(around), eventsSchema()])
    .describe('One source of people: an LDAP directory, a file, or an event feed.');
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
      ...logInFields(around),
      referrals: choice(
        around,
        'What a part of the tree that another server holds means. refuse: the read is incomplete. ignore: whoever stands there is not read.',
        ['refuse', 'ignore'],
      ).prefault('refuse'),
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
    .superRefine(checkLogIn, ALSO_WHEN_INCOMPLETE)
    .superRefine(checkLookupBase(around), ALSO_WHEN_INCOMPLETE)
    .describe('An LDAP directory, read again and again.');
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

function pollSchema(around: Surroundings) {
  return z
    .strictObject({
      every: text(around, 'How often changes are read.', durationBetween('1s', '1d')).prefault('30s'),
      sweepEvery: text(
        around,
        'How often everybody is read, to find who is gone.',
        durationBetween('1s', '30d'),
      ).prefault('15m'),
      push: flag(
        around,
        'Keeps a connection open over which the directory tells at once that something changed; then changes are read at once. The reads above go on. For OpenLDAP, Active Directory and 389 Directory Server.',
      ).prefault(false),
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

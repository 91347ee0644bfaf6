/**
 * The attributes of a SCIM 1.1 User that a mapping may set, with their types. Source: draft-scim-core-schema-01
 * sections 3.2, 5, 6 and 7, and what the targets with a profile of their own add (app/scim/profiles). Data only;
 * `compile-attributes.ts` applies it.
 */
import { ENTERPRISE_URN } from '../scim/resource.ts';

/** `any`: an attribute of an extension that we do not know. */
export type SimpleType = 'string' | 'boolean' | 'any';

export type Simple = { readonly kind: 'simple'; readonly type: SimpleType; readonly description: string };

/** `why` tells the administrator what to do instead. */
export type NotMapped = { readonly kind: 'not-mapped'; readonly why: string };

export type AttributeSchema =
  | Simple
  | NotMapped
  | { readonly kind: 'complex'; readonly parts: Parts; readonly description: string }
  | { readonly kind: 'list'; readonly parts: Parts; readonly description: string }
  /** Nothing is known: whatever the file says is taken. */
  | { readonly kind: 'open' };

export type Parts = ReadonlyMap<string, AttributeSchema>;

const READ_ONLY: NotMapped = { kind: 'not-mapped', why: 'is read-only: the target sets it. Remove it.' };
const ENVELOPE: NotMapped = { kind: 'not-mapped', why: 'is added by Landbridge itself. Remove it.' };

const text = (description: string): Simple => ({ kind: 'simple', type: 'string', description });
const yesNo = (description: string): Simple => ({ kind: 'simple', type: 'boolean', description });

function list(description: string, types = 'No types are prescribed.'): AttributeSchema {
  const parts: Parts = new Map<string, AttributeSchema>([
    ['value', text('The value itself; an item without one is left out.')],
    ['type', text(types)],
    ['primary', yesNo('The preferred one; at most one is.')],
    ['display', READ_ONLY],
    ['operation', ENVELOPE],
  ]);
  return { kind: 'list', parts, description };
}

/** Attributes that name the account: by them it is found, and no two accounts share them. */
export const NAMING: ReadonlySet<string> = new Set(['userName', 'externalId']);

export const CORE_ATTRIBUTES: Parts = new Map<string, AttributeSchema>([
  ['userName', text('The login; required and unique.')],
  ['externalId', text('The stable id of the person at the source, by which the account is found again.')],
  [
    'name',
    {
      kind: 'complex',
      description: "The person's name in its parts.",
      parts: new Map([
        ['formatted', text('The whole name as it is shown.')],
        ['familyName', text('Family name.')],
        ['givenName', text('Given name.')],
        ['middleName', text('Middle names.')],
        ['honorificPrefix', text('Title before the name.')],
        ['honorificSuffix', text('Suffix after the name.')],
      ]),
    },
  ],
  ['displayName', text('The name shown to others.')],
  ['nickName', text('What the person is called.')],
  ['profileUrl', text('Address of a page about the person.')],
  ['title', text('Job title.')],
  ['userType', text('Kind of worker, such as employee or contractor.')],
  ['preferredLanguage', text('Language, such as en_US.')],
  ['locale', text('Locale for dates and currency, such as en_US.')],
  ['timezone', text('Time zone of the Olson database, such as Europe/Paris.')],
  ['active', yesNo('Whether the account may be used. Left out where what it rests on is absent.')],
  ['emails', list('Mail addresses.', 'work, home or other.')],
  ['phoneNumbers', list('Telephone numbers.', 'work, home, mobile, fax, pager or other.')],
  ['ims', list('Instant messaging addresses.', 'aim, gtalk, icq, xmpp, msn, skype, qq or yahoo.')],
  ['photos', list('Addresses of pictures.', 'photo or thumbnail.')],
  [
    'addresses',
    {
      kind: 'list',
      description: 'Postal addresses.',
      parts: new Map<string, AttributeSchema>([
        ['formatted', text('The whole address as it is shown.')],
        ['streetAddress', text('Street and number.')],
        ['locality', text('City.')],
        ['region', text('State or region.')],
        ['postalCode', text('Postal code.')],
        ['country', text('Two-letter country code (ISO 3166-1).')],
        ['type', text('work, home or other.')],
        ['primary', yesNo('The preferred one; at most one is.')],
      ]),
    },
  ],
  ['entitlements', list('Entitlements.')],
  ['roles', list('Roles.')],
  ['x509Certificates', list('Certificates, base64 of their DER form.')],
  // Cloud Foundry UAA has no URN for what it adds.
  ['origin', text('Only at Cloud Foundry UAA: the identity provider that the person signs in with.')],
  ['verified', yesNo('Only at Cloud Foundry UAA: whether the mail address is known to be theirs.')],
  ['groups', { kind: 'not-mapped', why: 'is read-only: membership is changed at the group. Remove it.' }],
  ['id', READ_ONLY],
  ['meta', READ_ONLY],
  ['schemas', ENVELOPE],
  ['password', { kind: 'not-mapped', why: 'is never set by Landbridge. Remove it.' }],
]);

/** Attributes among the core ones that SCIM 1.1 does not have, and whose they are. */
export const BEYOND_SCIM: ReadonlyMap<string, string> = new Map([
  ['origin', 'Cloud Foundry UAA'],
  ['verified', 'Cloud Foundry UAA'],
]);

export const KNOWN_EXTENSIONS: ReadonlyMap<string, Parts> = new Map<string, Parts>([
  [
    ENTERPRISE_URN,
    new Map<string, AttributeSchema>([
      ['employeeNumber', text('Personnel number.')],
      ['costCenter', text('Cost centre.')],
      ['organization', text('Organisation.')],
      ['division', text('Division.')],
      ['department', text('Department.')],
      [
        'manager',
        {
          kind: 'complex',
          description: "The manager's account at the target.",
          parts: new Map<string, AttributeSchema>([
            ['managerId', text("The target's own id of the manager's account.")],
            ['displayName', READ_ONLY],
          ]),
        },
      ],
    ]),
  ],
  [
    'urn:scim:schemas:extension:leankit:user:1.0',
    new Map<string, AttributeSchema>([
      ['administrator', yesNo('May administer the AgilePlace account.')],
      ['boardCreator', yesNo('May create boards.')],
      ['dateFormat', text('mm/dd/yyyy, dd/mm/yyyy or yyyy/mm/dd.')],
      ['licenseType', text('Reserved by AgilePlace for later use; do not depend on it.')],
      ['lastAccess', READ_ONLY],
    ]),
  ],
  [
    'urn:scim:schemas:extension:slack:guest:1.0',
    new Map<string, AttributeSchema>([
      ['type', text('multi, for a guest of several channels.')],
      ['expiration', text('When the guest is let go by itself, such as 2026-11-30T23:59:59Z.')],
    ]),
  ],
  [
    'urn:scim:schemas:extension:slack:profile:1.0',
    new Map<string, AttributeSchema>([
      ['startDate', text("The person's first day, such as 2026-04-10T00:00:00+0000.")],
    ]),
  ],
]);

export const OPEN: AttributeSchema = { kind: 'open' };

/**
 * What a person's life at each kind of target comes to: how the mapping words them, what the target keeps of that, and
 * what is sent for each change. Data for profiles.test.ts; the facts behind it stand in the profiles and the dialects.
 */
import { ENTERPRISE_URN, type JsonObject } from '../../app/scim/resource.ts';
import { mappingOf } from './profile-mapping.ts';
import type { Changes, Round, Write } from './profile-round.ts';

const LEANKIT_URN = 'urn:scim:schemas:extension:leankit:user:1.0';

/** The person, as the source tells of them at first. */
export const ADA = {
  mail: 'a1@example.test',
  givenName: 'Ada',
  sn: 'Byron',
  title: 'Countess',
  work: 'a1@example.test',
  home: 'ada@home.test',
  unit: 'first',
};

const BOTH: JsonObject[] = [
  { value: 'a1@example.test', type: 'work', primary: true },
  { value: 'ada@home.test', type: 'home' },
];
const HOME: JsonObject[] = [{ value: 'ada@home.test', type: 'home', primary: true }];

const byPart: Changes = {
  name: ['PATCH', { userName: 'ada@example.test' }],
  surname: (familyName) => ['PATCH', { name: { familyName } }],
  emails: [['PATCH', { emails: HOME, meta: { attributes: ['emails'] } }]],
  cleared: ['PATCH', { meta: { attributes: ['title'] } }],
  extension: ['PATCH', { [ENTERPRISE_URN]: { department: 'second' } }],
  off: ['PATCH', { active: false }],
  on: ['PATCH', { active: true }],
};
const wholeName = (familyName: string): Write => ['PATCH', { name: { givenName: 'Ada', familyName } }];

const asked = {
  userName: 'a1@example.test',
  externalId: 'a1',
  name: { givenName: 'Ada', familyName: 'Byron' },
  active: true,
  title: 'Countess',
  emails: BOTH,
  [ENTERPRISE_URN]: { department: 'first' },
};

const plain: Omit<Round, 'profile' | 'dialect'> = {
  oauth2: false,
  mapping: mappingOf((user) => user),
  asked,
  kept: asked,
  keeps: (change) => change,
  writes: byPart,
  surnameWhileOff: byPart.surname('Lovelace'),
  versions: false,
  needsAddress: false,
  crowd: 105,
  requestsForAll: 2,
  notOurs: { nickName: 'Countess A', roles: [{ value: 'editor' }] },
};

/** AgilePlace fills up its extension with defaults, and makes the whole name of the parts. */
const agileplace: Round = {
  ...plain,
  profile: 'agileplace',
  dialect: 'agileplace',
  crowd: 205,
  mapping: mappingOf(({ [ENTERPRISE_URN]: _enterprise, ...user }, unit) => ({
    ...user,
    [LEANKIT_URN]: { dateFormat: dateFormat(unit) },
  })),
  asked: agileplaceOf(asked, 'dd/mm/yyyy', {}),
  kept: agileplaceOf(asked, 'dd/mm/yyyy', {
    licenseType: 'full',
    administrator: false,
    boardCreator: false,
  }),
  keeps: ({ [ENTERPRISE_URN]: enterprise, ...change }) => ({
    ...change,
    ...(enterprise === undefined
      ? {}
      : {
          [LEANKIT_URN]: {
            licenseType: 'full',
            administrator: false,
            boardCreator: false,
            dateFormat: 'yyyy/mm/dd',
          },
        }),
  }),
  writes: {
    ...byPart,
    surname: wholeName,
    extension: ['PATCH', { [LEANKIT_URN]: { dateFormat: 'yyyy/mm/dd' } }],
  },
  surnameWhileOff: wholeName('Lovelace'),
};

/** Slack makes a name of an address, and keeps a primary and one more address without their types. */
const slack: Round = {
  ...plain,
  profile: 'slack',
  dialect: 'slack',
  crowd: 15,
  requestsForAll: 1,
  kept: {
    ...asked,
    userName: 'a1',
    emails: [
      { value: 'a1@example.test', primary: true },
      { value: 'ada@home.test', primary: false },
    ],
  },
  keeps: (change) =>
    change.emails === undefined ? change : { ...change, emails: [{ value: 'ada@home.test', primary: true }] },
  writes: { ...byPart, off: ['DELETE', null] },
  needsAddress: true,
  // It sets userName and nickName together.
  notOurs: { locale: 'en_GB', roles: [{ value: 'editor' }] },
};

/** UAA takes one address and one telephone number, and quietly forgets the title and the extension. */
const uaaAsked = {
  ...asked,
  emails: [{ value: 'a1@example.test', primary: true }],
  phoneNumbers: [{ value: 'Countess' }],
};
const uaaSays = (change: JsonObject, active = true): Write => [
  'PATCH',
  { ...change, active, verified: true },
];
const uaaSurname = (familyName: string, active = true) =>
  uaaSays({ name: { givenName: 'Ada', familyName } }, active);
const uaa: Round = {
  ...plain,
  profile: 'uaa',
  dialect: 'uaa',
  oauth2: true,
  mapping: mappingOf(({ emails: _emails, title, ...user }, _unit, [address = '']) => ({
    ...user,
    emails: [{ value: address, primary: true }],
    ...(title === undefined ? {} : { title, phoneNumbers: [{ value: title }] }),
  })),
  asked: uaaAsked,
  kept: forgetful({ ...uaaAsked, verified: true, origin: 'uaa' }),
  keeps: (change) =>
    forgetful(
      change.emails === undefined
        ? change
        : { ...change, emails: [{ value: 'ada@home.test', primary: true }] },
    ),
  writes: {
    name: uaaSays({ userName: 'ada@example.test' }),
    surname: uaaSurname,
    emails: [
      uaaSays({
        emails: [{ value: 'ada@home.test', primary: true }],
        meta: { attributes: ['emails'] },
      }),
    ],
    cleared: uaaSays({ meta: { attributes: ['phoneNumbers', 'title'] } }),
    extension: uaaSays({ [ENTERPRISE_URN]: { department: 'second' } }),
    off: uaaSays({}, false),
    on: uaaSays({}),
  },
  surnameWhileOff: uaaSurname('Lovelace', false),
  versions: true,
  needsAddress: true,
  notOurs: { verified: false, origin: 'ldap' },
};

/** A whole user goes by PUT, with what the target has beyond ours. */
const put = (change: JsonObject): Write => ['PUT', { ...asked, ...change }];
const { title: _title, ...untitled } = asked;
const oktaStyle: Round = {
  ...plain,
  profile: 'okta-style',
  dialect: 'okta-style',
  writes: {
    name: put({ userName: 'ada@example.test' }),
    surname: (familyName) => put({ name: { givenName: 'Ada', familyName } }),
    emails: [put({ emails: HOME })],
    cleared: ['PUT', untitled],
    extension: put({ [ENTERPRISE_URN]: { department: 'second' } }),
    off: put({ active: false }),
    on: put({ active: true }),
  },
  surnameWhileOff: put({ name: { givenName: 'Ada', familyName: 'Lovelace' }, active: false }),
};

/** A gateway merges a list by types whatever is said: what is left over has to be deleted by name. */
const gateway: Round = {
  ...plain,
  profile: 'generic',
  dialect: 'gateway-style',
  writes: {
    ...byPart,
    emails: [
      ...byPart.emails,
      ['PATCH', { emails: [{ value: 'a1@example.test', type: 'work', operation: 'delete' }] }],
    ],
  },
};

export const ROUNDS: readonly Round[] = [
  agileplace,
  { ...plain, profile: 'generic', dialect: 'generic', versions: true },
  slack,
  uaa,
  // Of each user a list shows little more than the id.
  { ...plain, profile: 'wso2', dialect: 'wso2', requestsForAll: 2 + 105 },
  {
    ...plain,
    profile: 'pingdirectory',
    dialect: 'pingdirectory',
    writes: { ...byPart, surname: wholeName },
    surnameWhileOff: wholeName('Lovelace'),
    versions: true,
  },
  oktaStyle,
  gateway,
];

function dateFormat(unit: string): string {
  return unit === 'first' ? 'dd/mm/yyyy' : 'yyyy/mm/dd';
}

function agileplaceOf(
  { [ENTERPRISE_URN]: _enterprise, ...user }: JsonObject,
  format: string,
  defaults: JsonObject,
) {
  return { ...user, [LEANKIT_URN]: { ...defaults, dateFormat: format } };
}

function forgetful({ [ENTERPRISE_URN]: _enterprise, title: _title, ...user }: JsonObject): JsonObject {
  return user;
}

/** The example mapping of each profile: it loads without a warning and makes of one person what its comments say. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Mapping } from '../../app/mapping/index.ts';
import { PROFILE_NAMES } from '../../app/scim/index.ts';
import { ADA, EXAMPLES, exampleMapping } from '../support/example-mapping.ts';
import { NOW, person, type Values } from './people.ts';

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';

/** Each mapping makes a user name of this one in its own way. */
const ada: Values = { ...ADA, uid: 'Ada.L+1' };

const NAME = { givenName: 'Ada', familyName: 'Lovelace' };
const MAIL = 'ada.lovelace@example.test';
const WORK_MAIL = [{ value: MAIL, type: 'work', primary: true }];
const WORK_PHONE = { value: '+44 20 7946 0017', type: 'work' };
const MOBILE = { value: '+44 7700 900017', type: 'mobile' };

const EXPECTED: Readonly<Record<string, object>> = {
  slack: {
    userName: 'ada.l_1',
    name: NAME,
    displayName: 'Ada Lovelace',
    title: 'Analyst',
    emails: WORK_MAIL,
    phoneNumbers: [WORK_PHONE],
    active: true,
    [ENTERPRISE]: { employeeNumber: '17', department: 'R&D' },
  },
  uaa: {
    externalId: 'hr-17',
    userName: MAIL,
    origin: 'ldap',
    verified: true,
    name: NAME,
    emails: [{ value: MAIL, primary: true }],
    phoneNumbers: [{ value: '+44 20 7946 0017' }],
    active: true,
  },
  wso2: {
    externalId: 'hr-17',
    userName: 'ada.l+1',
    name: NAME,
    emails: [{ value: MAIL, type: 'work' }],
    phoneNumbers: [WORK_PHONE],
    active: true,
  },
  pingdirectory: {
    externalId: 'hr-17',
    userName: 'ada.l+1',
    name: { formatted: 'Ada Lovelace', ...NAME },
    displayName: 'Ada Lovelace',
    title: 'Analyst',
    emails: WORK_MAIL,
    phoneNumbers: [WORK_PHONE, MOBILE],
    addresses: [{ streetAddress: '12 Mill Lane', locality: 'London', postalCode: 'N1 7AA', type: 'work' }],
    active: true,
    [ENTERPRISE]: { employeeNumber: '17', department: 'R&D', organization: 'Example Ltd' },
  },
  'okta-style': {
    externalId: 'hr-17',
    userName: MAIL,
    name: NAME,
    displayName: 'Ada Lovelace',
    locale: 'en_US',
    emails: WORK_MAIL,
    active: true,
  },
  generic: {
    externalId: 'hr-17',
    userName: MAIL,
    name: NAME,
    displayName: 'Ada Lovelace',
    title: 'Analyst',
    preferredLanguage: 'en_GB',
    userType: 'staff',
    emails: WORK_MAIL,
    phoneNumbers: [WORK_PHONE, MOBILE],
    active: true,
    [ENTERPRISE]: { employeeNumber: '17', department: 'R&D' },
  },
};

function shipped(profile: string): Mapping {
  const { mapping, warnings } = exampleMapping(profile);
  expect(warnings).toEqual([]);
  return mapping;
}

test('each profile has an example mapping, and each example a profile', () => {
  const files = readdirSync(EXAMPLES).map((file) => file.replace(/\.yaml$/, ''));
  expect(files.sort()).toEqual([...PROFILE_NAMES].sort());
});

/** Whom the manager's account is looked for, at targets that keep it. */
const MANAGED = ['generic', 'pingdirectory', 'slack'];
const MANAGER = { path: [ENTERPRISE, 'manager', 'managerId'], from: 'manager', mention: 'id:hr-2' };

test.each(Object.entries(EXPECTED))(
  'a person with everything gets a whole account at %s',
  (profile, user) => {
    const references = MANAGED.includes(profile) ? { references: [MANAGER] } : {};
    const mapped = shipped(profile).map(person({ ...ada, manager: 'hr-2' }), NOW);
    expect(mapped).toEqual({ kind: 'in-scope', warnings: [], user, ...references });
  },
);

test.each(Object.keys(EXPECTED))('somebody on leave is not active at %s', (profile) => {
  const mapped = shipped(profile).map(person({ ...ada, employeeType: 'Leave' }), NOW);
  expect(mapped).toMatchObject({ kind: 'in-scope', user: { active: false } });
});

test('a user name that Slack would cut short keeps a person out', () => {
  const mapped = shipped('slack').map(person({ ...ada, uid: 'a-name-of-22-characters' }), NOW);
  expect(mapped).toEqual({ kind: 'out-of-scope', reason: 'out of scope of the mapping' });
});

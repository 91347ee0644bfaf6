/** The schemas of User and Group as resources (draft-scim-core-schema-01, sections 6 to 8 and 10). */
import { CORE_URN, ENTERPRISE_URN } from './attributes.ts';
import type { JsonObject } from './json.ts';

const TEXTS = [
  ...[
    'displayName',
    'nickName',
    'profileUrl',
    'title',
    'userType',
    'preferredLanguage',
    'locale',
    'timezone',
  ],
  ...['password', 'externalId'],
];
const NAME_PARTS = [
  'formatted',
  'familyName',
  'givenName',
  'middleName',
  'honorificPrefix',
  'honorificSuffix',
];
const LISTS: Readonly<Record<string, string>> = {
  emails: 'email',
  phoneNumbers: 'phoneNumber',
  ims: 'im',
  photos: 'photo',
  entitlements: 'entitlement',
  roles: 'role',
  x509Certificates: 'x509Certificate',
};
const ADDRESS_PARTS = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];
const ENTERPRISE_TEXTS = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'];

/** @param extensions the URNs of which attributes are shown, too; only the enterprise extension's are known */
export function userSchema(extensions: readonly string[]): JsonObject {
  return schemaOf('User', '/Users', [
    attribute('id', { readOnly: true, caseExact: true }),
    attribute('userName', { required: true }),
    complex('name', NAME_PARTS),
    ...TEXTS.map((name) => attribute(name, {})),
    attribute('active', { type: 'boolean' }),
    ...Object.entries(LISTS).map(([name, child]) =>
      list(name, child, ['value', 'type', 'primary', 'display']),
    ),
    list('addresses', 'address', [...ADDRESS_PARTS, 'type', 'primary']),
    list('groups', 'group', ['value', 'type', 'display'], { readOnly: true }),
    ...(extensions.includes(ENTERPRISE_URN) ? enterprise() : []),
  ]);
}

export function groupSchema(): JsonObject {
  return schemaOf('Group', '/Groups', [
    attribute('id', { readOnly: true, caseExact: true }),
    attribute('displayName', { required: true }),
    list('members', 'member', ['value', 'type', 'display']),
  ]);
}

function enterprise(): readonly JsonObject[] {
  const schema = { schema: ENTERPRISE_URN };
  return [
    ...ENTERPRISE_TEXTS.map((name) => attribute(name, schema)),
    { ...complex('manager', ['managerId', 'displayName']), ...schema },
  ];
}

function schemaOf(name: string, endpoint: string, attributes: readonly JsonObject[]): JsonObject {
  return {
    id: `${CORE_URN}:${name}`,
    name,
    description: `Core ${name}`,
    schema: CORE_URN,
    endpoint,
    attributes,
  };
}

function attribute(name: string, more: JsonObject): JsonObject {
  const usual = { type: 'string', multiValued: false, readOnly: false, required: false, caseExact: false };
  return { name, description: name, schema: CORE_URN, ...usual, ...more };
}

function complex(name: string, parts: readonly string[]): JsonObject {
  return attribute(name, { type: 'complex', subAttributes: parts.map(subAttribute) });
}

function list(name: string, child: string, parts: readonly string[], more: JsonObject = {}): JsonObject {
  return { ...complex(name, parts), multiValued: true, multiValuedAttributeChildName: child, ...more };
}

function subAttribute(name: string): JsonObject {
  const readOnly = name === 'display';
  const type = name === 'primary' ? 'boolean' : 'string';
  return { name, description: name, type, readOnly, required: false, caseExact: false };
}

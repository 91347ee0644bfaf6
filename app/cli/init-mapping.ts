/** The first mapping file, from what a source offers and a target's profile takes, with comments. Pure. */
import type { Profile } from '../scim/index.ts';
import { ENTERPRISE_URN } from '../scim/resource.ts';
import type { Offer } from './init-source.ts';
import { testsText } from './init-tests.ts';

export type Names = { readonly source: string; readonly target: string };

type Offered = Pick<Offer, 'kind' | 'has'>;

/** @param now for the tests; what this gives does not depend on it */
export function mappingText(offer: Offered, profile: Profile, names: Names, now: Date): string {
  const text = [...head(offer, profile, names), ...attributes(offer, profile)].join('\n');
  return `${text}\n\n${testsText(text, offer.kind, hasAddress(offer), now)}`;
}

function head(offer: Offered, profile: Profile, { source, target }: Names): readonly string[] {
  return [
    `# What the account of a person of ${source} looks like at ${target}. Made by landbridge init from what both of them`,
    '# offer; it is yours to change. Test it with: landbridge mappings test. What can be written here: docs/mappings.md',
    'version: 1',
    `source: ${source}`,
    `target: ${target} # with profile ${profile.name}: docs/targets.md`,
    'resource: User',
    '',
    '# By what an account that is there already is looked for.',
    `match: [${profile.externalIdSearch === 'unsupported' ? 'userName' : 'externalId, userName'}]`,
    '',
    ...vars(offer, profile),
    ...scope(offer, profile),
    '',
  ];
}

function vars(offer: Offered, profile: Profile): readonly string[] {
  const address = addressIn(offer);
  const isShort = wantsShortNames(profile);
  if (address === null && !isShort) return [];
  return [
    'vars:',
    ...(address?.note == null ? [] : [`  # ${address.note}`]),
    ...(address === null ? [] : [`  address: '= ${address.expression}'`]),
    ...(isShort
      ? [
          '  # Letters, digits, dots, hyphens and underscores; anything else would be changed there.',
          `  login: '= ${loginIn(offer)}.lower().replaceRe("[^a-z0-9._-]", "_")'`,
        ]
      : []),
    '',
  ];
}

function scope(offer: Offered, profile: Profile): readonly string[] {
  const conditions = [
    ...(addressIn(offer) === null ? [] : ['v.address != ""']),
    ...(wantsShortNames(profile) ? ['v.login != ""', 'v.login.size() <= 21'] : []),
    ...(offer.kind === 'active-directory' ? ['isUserAccount(e.userAccountControl)'] : []),
  ];
  if (conditions.length === 0) {
    return [
      '# Everybody gets an account; only the members of a group would with:',
      `# scope: '= inGroup("Staff")'`,
    ];
  }
  return [
    '# Who gets an account. Only the members of a group do with && inGroup("Staff") at its end.',
    `scope: '= ${conditions.join(' && ')}'`,
  ];
}

/** Slack makes another name of an address. */
function wantsShortNames({ addressSearch }: Profile): boolean {
  return addressSearch !== undefined;
}

function loginIn(offer: Offered): string {
  if (offer.kind === 'active-directory') return 'e.sAMAccountName';
  if (offer.has('uid')) return 'e.uid';
  return addressIn(offer) === null ? 'id' : 'v.address.replaceRe("@.*", "")';
}

/** Whether people can be reached by mail, without which some targets make no account. */
export function hasAddress(offer: Offered): boolean {
  return addressIn(offer) !== null;
}

function addressIn({
  kind,
  has,
}: Offered): { readonly expression: string; readonly note: string | null } | null {
  if (kind === 'active-directory' || has('proxyAddresses')) {
    return {
      expression: 'primaryMail()',
      note: 'The primary address of proxyAddresses where there is one, else mail.',
    };
  }
  return has('mail') ? { expression: 'e.mail', note: null } : null;
}

function attributes(offer: Offered, profile: Profile): readonly string[] {
  const takes = (name: string) => profile.documented === null || profile.documented.includes(name);
  return [
    'attributes:',
    ...(profile.externalIdSearch === 'unsupported'
      ? []
      : ["  externalId: '= id' # the id at the source, which stays when names change"]),
    ...userName(offer, profile),
    ...(profile.name === 'uaa' ? UAA : []),
    ...core(offer).flatMap(({ name, lines }) => (takes(name) ? lines : [])),
    ...active(offer),
    ...enterprise(offer, profile),
    ...(profile.name === 'agileplace' ? AGILEPLACE : []),
  ];
}

function userName(offer: Offered, profile: Profile): readonly string[] {
  if (wantsShortNames(profile)) return ["  userName: '= v.login'"];
  const name = addressIn(offer) === null ? loginIn(offer) : 'v.address';
  return [`  userName: '= ${name}.lower()'`];
}

const UAA = [
  '  # The identity provider of UAA that people sign in with; without it the account belongs to UAA itself.',
  '  # origin: ldap',
  '  verified: true # else UAA asks people to confirm their mail address',
];

const AGILEPLACE = [
  '  # urn:scim:schemas:extension:leankit:user:1.0:',
  '  #   administrator: \'= inGroup("AgilePlace administrators")\'',
  '  #   boardCreator: \'= inGroup("AgilePlace board creators")\'',
];

type Lines = { readonly name: string; readonly lines: readonly string[] };

function core(offer: Offered): readonly Lines[] {
  const { has } = offer;
  const given = has('givenName') ? ['    givenName: { from: givenName }'] : [];
  const family = has('sn') ? ['    familyName: { from: sn }'] : [];
  const whole = given.length + family.length === 2 ? '\'= e.givenName + " " + e.sn\'' : null;
  const display = has('displayName')
    ? [`  displayName: { from: displayName${whole === null ? '' : `, default: ${whole}`} }`]
    : whole === null
      ? []
      : [`  displayName: ${whole}`];
  const phones = [
    ...(has('telephoneNumber') ? ['    - { value: { from: telephoneNumber }, type: work }'] : []),
    ...(has('mobile') ? ['    - { value: { from: mobile }, type: mobile }'] : []),
  ];
  return [
    { name: 'name', lines: given.length + family.length === 0 ? [] : ['  name:', ...given, ...family] },
    { name: 'displayName', lines: display },
    { name: 'title', lines: has('title') ? ['  title: { from: title }'] : [] },
    {
      name: 'preferredLanguage',
      lines: has('preferredLanguage')
        ? ["  preferredLanguage: '= localeCode(e.preferredLanguage)' # en_GB"]
        : [],
    },
    {
      name: 'emails',
      lines:
        addressIn(offer) === null
          ? []
          : ['  emails:', "    - { value: '= v.address', type: work, primary: true }"],
    },
    { name: 'phoneNumbers', lines: phones.length === 0 ? [] : ['  phoneNumbers:', ...phones] },
  ];
}

/** Every mapping has to say it, since a target takes silence for true. */
function active({ kind, has }: Offered): readonly string[] {
  switch (kind) {
    case 'active-directory':
      return [
        '  # Enabled and not expired; at the moment of accountExpires it turns by itself.',
        "  active: '= activeFromAD()'",
      ];
    case '389ds':
      return [
        '  # The lock is only there when it is set.',
        '  active: { value: \'= e.nsAccountLock.lower() != "true"\', optional: [nsAccountLock] }',
      ];
    case 'directory':
    case 'csv':
    case 'ldif': {
      const hint = has('employeeType') ? 'employeeType' : 'status';
      return [
        '  # Whoever is in scope. Where people who left stay in the source, compare what tells them apart:',
        `  #   active: '= !(e.${hint}.lower() in ["former", "leave"])'`,
        '  active: true',
      ];
    }
  }
}

function enterprise({ has }: Offered, { extensions }: Profile): readonly string[] {
  if (!extensions.includes(ENTERPRISE_URN)) return [];
  const number = ['employeeNumber', 'employeeID'].find(has);
  const department = ['department', 'departmentNumber'].find(has);
  const lines = [
    ...(number === undefined ? [] : [`    employeeNumber: { from: ${number} }`]),
    ...(department === undefined ? [] : [`    department: { from: ${department} }`]),
    ...(has('manager')
      ? [
          "    # The target's id of the manager's account: left out until that person has one, and added then.",
          '    manager: { managerId: { accountOf: manager } }',
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [`  ${ENTERPRISE_URN}:`, ...lines];
}

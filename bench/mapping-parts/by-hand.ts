/**
 * What the two mappings do, as somebody would write it by hand for one installation: no tables to load, no expressions,
 * no messages. The same values come out, blanks and Unicode's forms included.
 */
import type { Identity } from '../../app/person/identity.ts';
import type { Json, JsonObject } from '../../app/scim/resource.ts';

/** null: out of scope */
export type ByHand = (identity: Identity) => JsonObject | null;

type Draft = Record<string, Json>;

const LEANKIT = 'urn:scim:schemas:extension:leankit:user:1.0';

const AGILEPLACE_ZONES: Readonly<Record<string, string>> = {
  amsterdam: 'Europe/Amsterdam',
  berlin: 'Europe/Berlin',
  budapest: 'Europe/Budapest',
  lisbon: 'Europe/Lisbon',
  london: 'Europe/London',
  madrid: 'Europe/Madrid',
  'new york': 'America/New_York',
  oslo: 'Europe/Oslo',
  paris: 'Europe/Paris',
  prague: 'Europe/Prague',
  rome: 'Europe/Rome',
  singapore: 'Asia/Singapore',
  stockholm: 'Europe/Stockholm',
  tokyo: 'Asia/Tokyo',
  warsaw: 'Europe/Warsaw',
};
const ZONES: Readonly<Record<string, string>> = {
  berlin: 'Europe/Berlin',
  london: 'Europe/London',
  oslo: 'Europe/Oslo',
  paris: 'Europe/Paris',
  tokyo: 'Asia/Tokyo',
};
const LOCALES: Readonly<Record<string, string>> = {
  de: 'de_DE',
  fr: 'fr_FR',
  gb: 'en_GB',
  jp: 'ja_JP',
  no: 'nb_NO',
};
const DATE_FORMATS: Readonly<Record<string, string>> = {
  de: 'dd/mm/yyyy',
  us: 'mm/dd/yyyy',
  jp: 'yyyy/mm/dd',
};

export function agileplaceByHand(identity: Identity): JsonObject | null {
  const mail = first(identity, 'mail');
  const kind = first(identity, 'employeetype').toLowerCase();
  if (mail === '' || kind === 'external') return null;
  const user: Draft = { externalId: identity.stableId, userName: mail.toLowerCase() };
  const name: Draft = {};
  put(name, 'givenName', first(identity, 'givenname'));
  put(name, 'familyName', first(identity, 'sn'));
  putPart(user, 'name', name);
  user['timezone'] = AGILEPLACE_ZONES[first(identity, 'l').toLowerCase()] ?? 'Europe/Paris';
  if (kind !== '') user['active'] = kind !== 'former' && kind !== 'leave';
  user[LEANKIT] = {
    administrator: isIn(identity, 'agileplace administrators'),
    boardCreator: isIn(identity, 'agileplace board creators'),
    dateFormat: 'dd/mm/yyyy',
  };
  return user;
}

export function richByHand(identity: Identity): JsonObject | null {
  const mail = first(identity, 'mail');
  const kind = first(identity, 'employeetype').toLowerCase();
  if (mail === '' || kind === 'robot') return null;
  const isStaff = kind === 'staff' || kind === 'leave' || kind === 'former';
  const login = mail.toLowerCase();
  const given = first(identity, 'givenname');
  const sn = first(identity, 'sn');
  const country = first(identity, 'c');
  const town = first(identity, 'l');
  const fullName = `${given} ${sn}`.trim();
  const user: Draft = { externalId: identity.stableId, userName: login };
  const name: Draft = {};
  put(name, 'givenName', given);
  put(name, 'familyName', sn);
  put(name, 'formatted', fullName);
  putPart(user, 'name', name);
  put(user, 'displayName', first(identity, 'displayname') || fullName);
  put(user, 'nickName', given);
  put(user, 'title', first(identity, 'title'));
  user['userType'] = isStaff ? 'Employee' : 'Contractor';
  user['preferredLanguage'] = first(identity, 'preferredlanguage') || 'en';
  user['locale'] = LOCALES[country.toLowerCase()] ?? 'en_GB';
  user['timezone'] = ZONES[town.toLowerCase()] ?? 'Europe/Paris';
  if (kind !== '') user['active'] = kind !== 'former' && kind !== 'leave';
  user['emails'] = emailsOf(identity, login);
  putNumbers(user, identity);
  putAddress(user, identity, town, country);
  putEmployment(user, identity);
  user[LEANKIT] = {
    administrator: isIn(identity, 'agileplace administrators'),
    boardCreator: isStaff && isIn(identity, 'agileplace board creators'),
    dateFormat: DATE_FORMATS[country.toLowerCase()] ?? 'dd/mm/yyyy',
  };
  return user;
}

function emailsOf({ entry }: Identity, login: string): Json[] {
  const emails: Json[] = [{ value: login, type: 'work', primary: true }];
  const seen = new Set<string>();
  for (const each of entry.attributes['othermail'] ?? []) {
    const value = each.trim().normalize('NFC').toLowerCase();
    if (value === '' || seen.has(value)) continue;
    seen.add(value);
    emails.push({ value, type: 'other' });
  }
  return emails;
}

function putNumbers(user: Draft, identity: Identity): void {
  const numbers: Json[] = [];
  const work = first(identity, 'telephonenumber');
  const mobile = first(identity, 'mobile');
  if (work !== '') numbers.push({ value: work, type: 'work' });
  if (mobile !== '') numbers.push({ value: mobile, type: 'mobile' });
  if (numbers.length > 0) user['phoneNumbers'] = numbers;
}

function putAddress(user: Draft, identity: Identity, town: string, country: string): void {
  const address: Draft = {};
  put(address, 'locality', town);
  put(address, 'country', country.toUpperCase());
  put(address, 'postalCode', first(identity, 'postalcode'));
  if (Object.keys(address).length > 0) user['addresses'] = [{ ...address, type: 'work' }];
}

function putEmployment(user: Draft, identity: Identity): void {
  const employment: Draft = {};
  const costCenter = first(identity, 'costcenter');
  put(employment, 'employeeNumber', first(identity, 'employeenumber'));
  put(employment, 'department', first(identity, 'department'));
  put(employment, 'organization', first(identity, 'o'));
  if (costCenter !== '') employment['costCenter'] = `CC-${costCenter}`;
  putPart(user, 'urn:scim:schemas:extension:enterprise:1.0', employment);
}

function first({ entry }: Identity, name: string): string {
  for (const value of entry.attributes[name] ?? []) {
    const said = value.trim();
    if (said !== '') return said.normalize('NFC');
  }
  return '';
}

function isIn({ groups }: Identity, name: string): boolean {
  return groups.some((group) => group.name.toLowerCase() === name);
}

function put(draft: Draft, name: string, value: string): void {
  if (value !== '') draft[name] = value;
}

function putPart(draft: Draft, name: string, value: Draft): void {
  if (Object.keys(value).length > 0) draft[name] = value;
}

/**
 * PATCH of a user as Cloud Foundry UAA carries it out (cloudfoundry/uaa: ScimUser.java `patch`, ScimUserEndpoints.java
 * `patchUser`, read at commit 942f505):
 *
 *   `active` and `verified` are set whatever is sent, and are true where nothing is sent
 *   `meta.attributes` may name a short list of attributes; any other is 400
 *   e-mails are appended; then, of several, the primary one is left, else the first, so without `primary` the old one
 *   telephone numbers are put in front, and only the first is ever kept
 *   `externalId` is left as it is
 */
import { type Attributes, readAttributes } from './attributes.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { removals, removePath } from './patch.ts';
import { ScimError } from './scim-error.ts';

const NAME_PARTS = [
  'familyName',
  'givenName',
  'formatted',
  'honorificPrefix',
  'honorificSuffix',
  'middleName',
];
const REMOVABLE: ReadonlySet<string> = new Set([
  ...['emails', 'phoneNumbers', 'displayName', 'nickName', 'profileUrl', 'title'],
  ...['preferredLanguage', 'locale', 'timezone', 'userName', 'name'],
  ...NAME_PARTS.map((part) => `name.${part}`),
]);
const UNTOUCHED: ReadonlySet<string> = new Set(['externalId', 'origin']);

/** @throws ScimError 400 */
export function applyUaaPatch(current: Attributes, body: JsonObject): Attributes {
  const removed = removals(body);
  const sent = readAttributes(body, 'absent');
  for (const path of removed) refuseUnremovable(path, sent);
  const left = removed.reduce(removePath, current);
  const merged = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(sent)) {
    if (!UNTOUCHED.has(name)) merged.set(name, mergeOne(name, merged.get(name), value));
  }
  const { active = true, verified = true } = sent;
  return { ...Object.fromEntries(merged), active, verified };
}

function refuseUnremovable(path: readonly string[], sent: Attributes): void {
  const name = path.join('.');
  if (!REMOVABLE.has(name)) {
    throw new ScimError(400, `Attribute ${name} cannot be removed using "Meta.attributes"`);
  }
  if (name === 'userName' && sent['userName'] === undefined) {
    throw new ScimError(400, 'Can not drop username, field is required.');
  }
}

function mergeOne(name: string, current: Json | undefined, sent: Json): Json {
  if (isList(sent)) {
    const before = isList(current) ? current : [];
    if (name === 'emails') return oneEmail([...before.map(unsetIn(sent)), ...sent]);
    return [...sent, ...before];
  }
  if (isObject(sent)) return { ...(isObject(current) ? current : {}), ...sent };
  return sent;
}

function unsetIn(sent: readonly Json[]): (old: Json) => Json {
  const takesOver = sent.some(isPrimary);
  return (old) => (takesOver && isObject(old) ? { ...old, primary: false } : old);
}

function oneEmail(emails: readonly Json[]): readonly Json[] {
  if (emails.length < 2) return emails;
  const kept = emails.find(isPrimary) ?? emails[0];
  return isObject(kept) && kept['value'] !== undefined ? [{ value: kept['value'], primary: true }] : [];
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element['primary'] === true;
}

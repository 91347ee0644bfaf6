/**
 * What Slack makes of a user, and of a PATCH (docs.slack.dev, SCIM API reference, version 1.1):
 *
 *   a userName that is an e-mail address becomes a name; a PATCH of userName sets nickName as well, and the reverse
 *   two e-mail addresses are kept, the primary and a second one: whichever is primary, else of type work, else first
 *   naming `emails` in `meta.attributes` removes only the second; the primary can be replaced and not removed
 *   a text of spaces alone clears; `profileUrl` is left as it is
 *
 * Of its two telephone numbers the page tells several stories; here a list of numbers is a list like any other.
 */
import { type Attributes, readAttributes } from './attributes.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { mergeObject, removals, removePath } from './patch.ts';
import { mergeElements } from './patch-lists.ts';
import { ScimError } from './scim-error.ts';

/** Slack's names have no more characters than these. */
const NOT_IN_A_NAME = /[^a-z0-9._-]/g;
const NAME_LENGTH = 21;

/** A user that is created or replaced, as it is kept. */
export function keptBySlack(sent: Attributes): Attributes {
  const { userName, emails } = sent;
  return {
    ...sent,
    ...(typeof userName === 'string' && userName.includes('@') ? { userName: nameFrom(userName) } : {}),
    ...(isList(emails) ? { emails: pairOf(emails, []) } : {}),
  };
}

/** @throws ScimError 400 */
export function applySlackPatch(current: Attributes, body: JsonObject): Attributes {
  const { profileUrl: _untouched, ...sent } = readAttributes(body, 'refused');
  const blank = Object.keys(sent).filter((name) => isBlank(sent[name]));
  const removed = [...removals(body), ...blank.map((name) => [name])];
  const given = Object.fromEntries(Object.entries(sent).filter(([name]) => !blank.includes(name)));
  const left = removed.reduce(removeKeepingPrimary, current);
  return mergeObject(left, withBothNames(given), mergeSlackList);
}

function nameFrom(address: string): string {
  const [local = ''] = address.toLowerCase().split('@');
  return local.replace(NOT_IN_A_NAME, '').slice(0, NAME_LENGTH);
}

function isBlank(value: Json | undefined): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function withBothNames(given: Attributes): Attributes {
  if (given['userName'] !== undefined) return { ...given, nickName: given['userName'] };
  return given['nickName'] === undefined ? given : { ...given, userName: given['nickName'] };
}

function removeKeepingPrimary(attributes: JsonObject, path: readonly string[]): JsonObject {
  const emails = attributes['emails'];
  if (path.length === 1 && path[0] === 'emails' && isList(emails))
    return { ...attributes, emails: emails.filter(isPrimary) };
  return removePath(attributes, path);
}

function mergeSlackList(name: string, current: readonly Json[], sent: readonly Json[]): readonly Json[] {
  if (name !== 'emails') return mergeElements(name, current, sent);
  const goes = sent.filter((element) => isObject(element) && element['operation'] !== undefined);
  const left = mergeElements(name, current, goes);
  const comes = sent.filter((element) => !goes.includes(element));
  const pair = comes.length === 0 ? left : pairOf(comes, left);
  if (pair.some(isPrimary)) return pair;
  throw new ScimError(400, 'missing_primary_email');
}

/** @param kept what is there, for the place that nothing is sent for */
function pairOf(sent: readonly Json[], kept: readonly Json[]): readonly Json[] {
  const primary =
    sent.find(isPrimary) ??
    sent.find((element) => isObject(element) && element['type'] === 'work') ??
    sent.find((element) => !isObject(element) || element['primary'] !== false);
  const second = sent.find((element) => element !== primary) ?? kept.find((old) => !isPrimary(old));
  return [
    ...inPlace(primary ?? kept.find(isPrimary), true),
    ...inPlace(second, false).filter((element) => element['value'] !== addressOf(primary)),
  ];
}

function inPlace(element: Json | undefined, primary: boolean): readonly JsonObject[] {
  const value = addressOf(element);
  return value === undefined ? [] : [{ value, primary }];
}

function addressOf(element: Json | undefined): Json | undefined {
  return isObject(element) ? element['value'] : undefined;
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element['primary'] === true;
}

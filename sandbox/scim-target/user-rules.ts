/**
 * What one kind of server makes of a user that a client sent: what it sets by itself, what it keeps and drops, what it
 * refuses. Works on values only; who holds which name is decided in `user-store.ts`.
 */
import { z } from 'zod';
import { type Attributes, LEANKIT_URN, MULTI_VALUED } from './attributes.ts';
import type { UserHabits } from './dialects/dialect.ts';
import { refuseTypesTwice } from './gateway-rules.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { ScimError } from './scim-error.ts';
import { keptBySlack } from './slack-rules.ts';

export type SettledUser = { readonly userName: string; readonly attributes: Attributes };

const text = z.string();
const multiValued = z
  .array(z.looseObject({ type: text.optional(), primary: z.boolean().optional() }))
  .optional();
const core = {
  userName: text.refine((value) => value.trim() !== '', 'must not be empty'),
  externalId: text.optional(),
  active: z.boolean(),
  name: z
    .looseObject({ familyName: text.optional(), givenName: text.optional(), formatted: text.optional() })
    .optional(),
  displayName: text.optional(),
  nickName: text.optional(),
  title: text.optional(),
  timezone: text.optional(),
  locale: text.optional(),
  preferredLanguage: text.optional(),
  ...Object.fromEntries([...MULTI_VALUED].map((name) => [name, multiValued])),
};

/**
 * @param sent as `readAttributes` gives it
 * @param lastAccess the one field that no client may write
 * @throws ScimError 400, or 500 for the types of a list, that names the attribute and what it must be
 */
export function settleUser(habits: UserHabits, sent: Attributes, lastAccess: Json | undefined): SettledUser {
  const shaped = habits.keeps === 'slack' ? keptBySlack(sent) : sent;
  const attributes = withLastAccess(fillUp(habits.defaults, keptOf(habits, shaped)), lastAccess);
  const userName = check(habits, attributes);
  refuseMissing(habits, attributes);
  if (habits.keeps === 'one-of-a-type') refuseTypesTwice(attributes);
  return { userName, attributes: withSingles(habits, attributes) };
}

export function lastAccessOf(attributes: Attributes): Json | undefined {
  const extension = attributes[LEANKIT_URN];
  return isObject(extension) ? extension['lastAccess'] : undefined;
}

function keptOf({ stores }: UserHabits, sent: Attributes): Attributes {
  if (stores === 'everything') return sent;
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(sent)) {
    const parts = stores[name];
    if (parts === undefined) continue;
    kept.push([name, parts === 'whole' ? value : onlyParts(value, parts)]);
  }
  return Object.fromEntries(kept);
}

function onlyParts(value: Json, parts: readonly string[]): Json {
  if (isList(value)) return value.map((item) => onlyParts(item, parts));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => parts.includes(name)));
}

function fillUp(defaults: JsonObject, sent: JsonObject): JsonObject {
  const filled = new Map(Object.entries({ ...defaults, ...sent }));
  for (const [name, value] of Object.entries(defaults)) {
    const given = sent[name];
    if (isObject(value) && isObject(given)) filled.set(name, { ...value, ...given });
  }
  return Object.fromEntries(filled);
}

function withLastAccess(attributes: Attributes, lastAccess: Json | undefined): Attributes {
  const extension = attributes[LEANKIT_URN];
  if (lastAccess === undefined || !isObject(extension)) return attributes;
  return { ...attributes, [LEANKIT_URN]: { ...extension, lastAccess } };
}

function check(habits: UserHabits, attributes: Attributes): string {
  const result = z.looseObject({ ...core, ...habits.extensions }).safeParse(attributes);
  if (result.success) return z.string().parse(result.data['userName']);
  const issue = result.error.issues[0];
  throw new ScimError(400, `${issue?.path.join('.') ?? 'user'}: ${issue?.message ?? 'is not valid'}`);
}

function refuseMissing({ required }: UserHabits, attributes: Attributes): void {
  for (const name of required) {
    const value = attributes[name];
    const missing = value === undefined || value === '' || (isList(value) && value.length === 0);
    if (missing) throw new ScimError(400, `${name}: is required`);
  }
}

function withSingles({ single }: UserHabits, attributes: Attributes): Attributes {
  const shortened = new Map(Object.entries(attributes));
  for (const [name, about] of Object.entries(single)) {
    const value = attributes[name];
    if (!isList(value) || value.length < 2) continue;
    if (about === 'refused') throw new ScimError(400, `${name}: exactly one must be given`);
    const one = value.find((element) => isObject(element) && element['primary'] === true) ?? value[0];
    shortened.set(name, one === undefined ? [] : [one]);
  }
  return Object.fromEntries(shortened);
}

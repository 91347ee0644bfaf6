/**
 * The SCIM endpoints: which request does what to the accounts (draft-scim-api-01, section 3). Credentials, budget and
 * faults have been dealt with before. Paths ignore case, since the vendor writes both `/Users` and `/users`.
 */
import { readAttributes, setsPassword } from './attributes.ts';
import type { Ask } from './exchange.ts';
import type { Distortions } from './fault-effects.ts';
import { isObject, type JsonObject } from './json.ts';
import { applyPatch } from './patch.ts';
import { type Answer, emptyReply, jsonReply } from './reply.ts';
import { ScimError } from './scim-error.ts';
import { SERVICE_PROVIDER_CONFIG } from './service-provider-config.ts';
import { listUsers } from './user-list.ts';
import type { UserRenderer } from './user-resource.ts';
import type { UserStore } from './user-store.ts';

export const SCIM_BASE = '/io/scim/v1';

export type ScimPlace =
  | { readonly kind: 'users' }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'config' }
  | { readonly kind: 'elsewhere' };

export function scimPlaceOf(path: string): ScimPlace {
  const folded = path.toLowerCase();
  if (folded === `${SCIM_BASE}/users`) return { kind: 'users' };
  if (folded === `${SCIM_BASE}/serviceproviderconfigs`) return { kind: 'config' };
  const prefix = `${SCIM_BASE}/users/`;
  const id = path.slice(prefix.length);
  return folded.startsWith(prefix) && /^[^/]+$/.test(id) ? { kind: 'user', id } : { kind: 'elsewhere' };
}

/** @throws ScimError */
export function answerScim(
  ask: Ask,
  users: UserStore,
  renderer: UserRenderer,
  distortions: Distortions,
): Answer {
  const place = scimPlaceOf(ask.path);
  switch (place.kind) {
    case 'users':
      return answerUsers(ask, users, renderer, distortions);
    case 'user':
      return answerUser(ask, place.id, users, renderer);
    case 'config':
      if (ask.method !== 'GET') throw notAllowed();
      return jsonReply(200, SERVICE_PROVIDER_CONFIG);
    case 'elsewhere':
      throw new ScimError(404, 'There is no such endpoint.');
  }
}

function answerUsers(ask: Ask, users: UserStore, renderer: UserRenderer, distortions: Distortions): Answer {
  if (ask.method === 'GET') return jsonReply(200, listUsers(users.list(), ask.query, renderer, distortions));
  if (ask.method !== 'POST') throw notAllowed();
  const body = resourceIn(ask);
  const user = users.create(readAttributes(body, 'absent'), setsPassword(body));
  return jsonReply(201, renderer.render(user), { Location: renderer.location(user) });
}

function answerUser(ask: Ask, id: string, users: UserStore, renderer: UserRenderer): Answer {
  const current = users.get(id);
  switch (ask.method) {
    case 'GET':
      return jsonReply(200, renderer.render(current));
    case 'PUT': {
      const body = resourceIn(ask);
      return jsonReply(
        200,
        renderer.render(users.replace(id, readAttributes(body, 'absent'), setsPassword(body))),
      );
    }
    case 'PATCH': {
      const body = resourceIn(ask);
      return jsonReply(
        200,
        renderer.render(users.replace(id, applyPatch(current.attributes, body), setsPassword(body))),
      );
    }
    case 'DELETE':
      users.remove(id);
      return emptyReply(204);
    default:
      throw notAllowed();
  }
}

function resourceIn(ask: Ask): JsonObject {
  if (isObject(ask.body)) return ask.body;
  throw new ScimError(400, 'The body must be a JSON object that holds a user.');
}

function notAllowed(): ScimError {
  return new ScimError(405, 'This method is not supported here.');
}

/**
 * `/io/auth/token`: makes, lists and revokes bearer tokens. This is not SCIM; bodies are JSON or a form. A token is
 * made with a password only: whether a token may make another is not documented, so nobody should rely on it.
 */
import type { Caller, Credentials, Token } from './credentials.ts';
import type { Ask } from './exchange.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { type Answer, emptyReply, jsonReply } from './reply.ts';
import { methodNotAllowed, ScimError } from './scim-error.ts';

const TOKEN_PATH = '/io/auth/token';

export function isTokenPath(path: string): boolean {
  const folded = path.toLowerCase();
  return folded === TOKEN_PATH || folded.startsWith(`${TOKEN_PATH}/`);
}

/** @throws ScimError */
export function answerToken(ask: Ask, caller: Caller, credentials: Credentials): Answer {
  const id = ask.path.slice(TOKEN_PATH.length + 1);
  if (id !== '') {
    if (ask.method !== 'DELETE') throw methodNotAllowed();
    credentials.revoke(caller.user, id);
    return emptyReply(204);
  }
  if (ask.method === 'GET') return jsonReply(200, credentials.tokensOf(caller.user).map(describe));
  if (ask.method !== 'POST') throw methodNotAllowed();
  if (caller.by !== 'basic') throw new ScimError(403, 'A token is made with e-mail address and password.');
  const { token, text } = credentials.mint(caller.user, descriptionIn(ask.body));
  const { id: tokenId, description, createdOn } = token;
  return jsonReply(201, { id: tokenId, token: text, description, createdOn });
}

function describe({ id, description, createdOn }: Token): JsonObject {
  return { id, description, createdOn };
}

function descriptionIn(body: Json | undefined): string {
  const description = isObject(body) ? body['description'] : undefined;
  if (typeof description === 'string' && description.trim() !== '') return description;
  throw new ScimError(422, 'description is required.');
}

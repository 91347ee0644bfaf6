/**
 * `/oauth/token`: bearer tokens by client credentials (RFC 6749, sections 2.3.1, 4.4 and 5). The sign-ins are the
 * clients. It stands outside SCIM, so its refusals are OAuth's, and no request budget is taken.
 */
import type { Caller, Credentials } from './credentials.ts';
import type { Ask } from './exchange.ts';
import { isObject } from './json.ts';
import { type Answer, jsonReply } from './reply.ts';

const OAUTH_PATH = '/oauth/token';

export function isOAuthPath(path: string): boolean {
  return path.toLowerCase() === OAUTH_PATH;
}

/** @returns the client that asks, null where it is unknown */
export function clientOf(ask: Ask, credentials: Credentials): Caller | null {
  const [id, secret] = [field(ask, 'client_id'), field(ask, 'client_secret')];
  return credentials.client(ask.authorization, {
    ...(id === undefined ? {} : { id }),
    ...(secret === undefined ? {} : { secret }),
  });
}

export function answerOAuth(ask: Ask, client: Caller | null, credentials: Credentials): Answer {
  if (ask.method !== 'POST') return refusal(405, 'invalid_request', 'Only POST is supported here.');
  if (ask.problem) return refusal(400, 'invalid_request', 'The body must be a form.');
  if (client === null) {
    const challenge = ask.authorization === undefined ? {} : { 'WWW-Authenticate': 'Basic realm="oauth"' };
    return refusal(401, 'invalid_client', 'The client is not known.', challenge);
  }
  if (field(ask, 'grant_type') !== 'client_credentials')
    return refusal(400, 'unsupported_grant_type', 'Only client_credentials is supported.');
  const { text, expiresIn } = credentials.grant(client.user);
  const token = { access_token: text, token_type: 'bearer', expires_in: expiresIn };
  return jsonReply(200, token, { 'Cache-Control': 'no-store' });
}

function refusal(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonReply(status, { error, error_description: description }, headers);
}

function field(ask: Ask, name: string): string | undefined {
  const value = isObject(ask.body) ? ask.body[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * A bearer token by OAuth 2 client credentials (RFC 6749, 4.4). That it is got once and shared is decided in
 * `shared-token.ts`; the form of request and answer is oauth4webapi's, the connection is ours.
 *
 * The token endpoint is not the SCIM service, so no request budget is taken. Of what it answers only the error code is
 * ever told, and only one that RFC 6749 knows: descriptions may quote the request.
 *
 *   the answer                              what follows
 *   ─────────────────────────────────────   ─────────────────────────────────────────
 *   2xx with a bearer token                 the token
 *   401, 403; 400 with an error of 5.2      TargetUnusable: the target pauses
 *   429                                     RateLimited
 *   408, 425, 5xx                           TargetUnavailable
 *   a redirect, a page, anything else       TargetUnusable
 */
import * as oauth from 'oauth4webapi';
import { RateLimited, TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { backoff, jittered, parseRetryAfter } from '../budget/retry-after.ts';
import type { JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import { type Reply, readAnswer } from '../wire/answer.ts';
import type { HttpClient } from '../wire/client.ts';
import { readJson } from '../wire/json-text.ts';
import { readSecret } from './authentication.ts';
import type { NewToken, TokenSource } from './shared-token.ts';

export type ClientCredentials = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
  readonly scope?: string;
  readonly audience?: string;
  readonly resource?: string;
  /** Where id and secret go: into the Authorization header, or into the body. */
  readonly clientAuthentication: 'basic' | 'post';
};

export type OAuth2Options = ClientCredentials & {
  readonly target: string;
  /** Of the SCIM service: a token that was used at one is never shown to another. */
  readonly origin: string;
  /** To the origin of `tokenUrl`. */
  readonly client: HttpClient;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** RFC 6749, 5.2, and RFC 8707, 2. */
const ERROR_CODES: ReadonlySet<unknown> = new Set([
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'],
  ...['unsupported_grant_type', 'invalid_scope', 'invalid_target'],
]);
/** Longer lives are read as no end: a date so far away is a mistake, or means never. */
const LONGEST_LIFE_SECONDS = 10 * 366 * 86_400;

export function clientCredentials(options: OAuth2Options): TokenSource {
  const { origin, tokenUrl, clientId, scope = '', audience = '', resource = '' } = options;
  return {
    what: `the access token for target ${options.target}`,
    madeFor: ['oauth2', origin, tokenUrl, clientId, scope, audience, resource],
    obtain: (call) => askForToken(options, call),
  };
}

async function askForToken(options: OAuth2Options, call: Call): Promise<NewToken> {
  const { tokenUrl, clientId, clientAuthentication, target, now } = options;
  const what = `POST ${new URL(tokenUrl).pathname} for ${target}`;
  const secret = readSecret(`the clientSecret for target ${target}`, options.clientSecret);
  await call.beforeRequest();
  const askedAt = now();
  const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    { client_id: clientId },
    clientAuthentication === 'post' ? oauth.ClientSecretPost(secret) : inHeader(secret),
    parametersOf(options),
    {
      // What is allowed to be plain is decided where the configuration is read.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (_url, { headers, body }) =>
        overOurWire({ headers, body: String(body), what, secret }, options, call),
    },
  );
  return await readToken(response, server, clientId, what, askedAt);
}

function parametersOf({ scope, audience, resource }: OAuth2Options): Record<string, string> {
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(resource === undefined ? {} : { resource }),
  };
}

/**
 * Both halves form-encoded (RFC 6749, 2.3.1) and not more than a form wants it: a server that forgets to decode them
 * still knows an id with a hyphen in it. Cloud Foundry's UAA decodes them for sure only where it is told that they are
 * encoded (ClientBasicAuthenticationFilter, enableUriEncodingCompatibilityMode).
 */
function inHeader(secret: string): oauth.ClientAuth {
  return (_server, { client_id: id }, _body, headers) => {
    const halves = `${formEncoded(id)}:${formEncoded(secret)}`;
    headers.set('authorization', `Basic ${Buffer.from(halves).toString('base64')}`);
    if (halves !== `${id}:${secret}`) headers.set('x-cf-encoded-credentials', 'true');
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

type TokenRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly what: string;
  readonly secret: string;
};

async function overOurWire(request: TokenRequest, options: OAuth2Options, call: Call): Promise<Response> {
  const { pathname, search } = new URL(options.tokenUrl);
  const { authorization, 'x-cf-encoded-credentials': encoded } = request.headers;
  const reply = await options.client.send(
    {
      method: 'POST',
      path: `${pathname}${search}`,
      what: request.what,
      writes: false,
      body: request.body,
      ...(authorization === undefined ? {} : { authorization }),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(encoded === undefined ? {} : { 'x-cf-encoded-credentials': encoded }),
      },
    },
    call.signal,
  );
  return Response.json(goodAnswer(reply, request, options));
}

function goodAnswer(reply: Reply, { what, secret }: TokenRequest, options: OAuth2Options): JsonObject {
  const answer = readAnswer(reply, [secret]);
  switch (answer.kind) {
    case 'resource':
      // Some servers leave the type out where there is but one.
      return { token_type: 'Bearer', ...answer.body };
    case 'limited':
      throw new RateLimited(notBefore(reply, options) ?? later(backoff(1, options.random()), options));
    case 'unavailable':
      throw new TargetUnavailable(`${what}: answered ${answer.status}`, {
        notBefore: notBefore(reply, options),
      });
    default:
      throw refused(reply, what, answer.kind === 'alien' ? 'a page' : String(answer.status));
  }
}

function notBefore(reply: Reply, options: OAuth2Options): Date | null {
  const wait = parseRetryAfter(reply.headers['retry-after'], options.now());
  return wait === null ? null : later(jittered(wait, options.random()), options);
}

function later(milliseconds: number, { now }: OAuth2Options): Date {
  return new Date(now().getTime() + milliseconds);
}

function refused(reply: Reply, what: string, answered: string): TargetUnusable {
  const json = readJson(reply.text);
  const code = json !== null && typeof json === 'object' && 'error' in json ? json.error : undefined;
  if (ERROR_CODES.has(code)) {
    return new TargetUnusable(
      'unauthorized',
      `${what}: ${String(code)} (${answered}); ${MEND[String(code)] ?? MEND.other}`,
    );
  }
  if (reply.status === 401 || reply.status === 403) {
    return new TargetUnusable(
      'unauthorized',
      `${what}: the client was refused (${answered}); ${MEND.invalid_client}`,
    );
  }
  return new TargetUnusable('misconfigured', `${what}: answered ${answered} and no token; check tokenUrl`);
}

const MEND: Readonly<Record<string, string>> & { readonly other: string; readonly invalid_client: string } = {
  invalid_client: 'check clientId, clientSecret and clientAuthentication',
  invalid_scope: 'check scope',
  invalid_target: 'check audience and resource',
  other: 'check what the authorization server allows this client',
};

async function readToken(
  response: Response,
  server: oauth.AuthorizationServer,
  clientId: string,
  what: string,
  askedAt: Date,
): Promise<NewToken> {
  const client = { client_id: clientId };
  const told = await oauth.processClientCredentialsResponse(server, client, response).catch(() => null);
  if (told === null || told.token_type !== 'bearer' || told.access_token === '') {
    throw new TargetUnusable('misconfigured', `${what}: no bearer token came back; check tokenUrl`);
  }
  const seconds = told.expires_in ?? 0;
  const ends = seconds > 0 && seconds <= LONGEST_LIFE_SECONDS;
  // From when it was asked for: it may have been made right then.
  const expiresAt = ends ? new Date(askedAt.getTime() + seconds * 1000) : null;
  return { text: told.access_token, id: null, expiresAt };
}

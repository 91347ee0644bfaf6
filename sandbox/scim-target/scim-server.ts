/**
 * The HTTP server that looks like the real target. One request's way: read, sign in, journal, take a point, strike
 * faults, do the work, send. A request without a valid credential has no budget, so its 401 carries no rate headers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Caller } from './credentials.ts';
import { type Ask, readAsk, sendReply } from './exchange.ts';
import type { Fault, Occasion } from './fault.ts';
import { type Distortions, runUnderFaults } from './fault-effects.ts';
import { isObject, memberOf } from './json.ts';
import { HOST, portOf } from './loopback.ts';
import { answerOAuth, clientOf, isOAuthPath } from './oauth-routes.ts';
import { type RateHeaderStyle, rateHeaders } from './rate-headers.ts';
import { type Answer, errorReply, type Reply } from './reply.ts';
import { ResourceViews } from './resource-view.ts';
import { ScimError } from './scim-error.ts';
import { limitedPlaceOf, scimPlaceOf } from './scim-place.ts';
import { answerScim } from './scim-routes.ts';
import type { Service } from './service.ts';
import type { TargetState } from './target-state.ts';
import { answerToken, isTokenPath } from './token-routes.ts';

/** Longer than clients keep idle connections: a connection that we close is a lost request for them. */
const KEEP_ALIVE_MS = 75_000;

type Room = {
  readonly state: TargetState;
  readonly service: Service;
  readonly rateStyle: RateHeaderStyle;
  /** Ids of the users and groups that are being written to. */
  readonly busy: Set<string>;
  /** Aborted when the server stops. */
  readonly closing: AbortSignal;
};
type Outcome = { readonly reply: Reply; readonly faults: readonly Fault[] };
type Work = (distortions: Distortions) => Answer;

/** @param closing cuts short what is still waiting when the server stops */
export function createScimServer(
  state: TargetState,
  rateStyle: RateHeaderStyle,
  closing: AbortSignal,
): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    serve({ state, service, rateStyle, busy, closing }, request, response).catch(() => response.destroy());
  });
  const busy = new Set<string>();
  const { dialect, users, groups } = state;
  const baseUrl = () => `http://${HOST}:${portOf(server)}${dialect.base}`;
  const service = { dialect, users, groups, views: new ResourceViews(dialect, users, groups, baseUrl) };
  return server;
}

async function serve(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = room;
  const receivedAt = state.now().toISOString();
  const ask = await readAsk(request, state.dialect);
  const grantsTokens = state.dialect.tokens === 'oauth' && isOAuthPath(ask.path);
  const caller = grantsTokens
    ? clientOf(ask, state.credentials)
    : state.credentials.authenticate(ask.authorization);
  const { method, overridden, target: path, body = null, ifMatch = null } = ask;
  const [user, auth] = caller === null ? [null, null] : [caller.user, caller.by];
  const arrival = { receivedAt, method, overridden, ifMatch, path, body, user, auth };
  const sequence = state.journal.open(arrival);
  const { reply, faults } = grantsTokens
    ? await underFaults(room, ask, () => answerOAuth(ask, caller, state.credentials))
    : await decide(room, ask, caller);
  const status = await sendReply(response, reply, state.dialect);
  const answeredAt = state.now().toISOString();
  state.journal.close(sequence, { answeredAt, status, faults: faults.map((fault) => fault.kind) });
}

async function decide(room: Room, ask: Ask, caller: Caller | null): Promise<Outcome> {
  const { state, service } = room;
  if (!caller) return { reply: unauthorized(ask, state), faults: [] };
  const { headers, granted } = counted(room, ask, caller);
  if (!granted) return { reply: errorReply(429, 'Too many requests.', headers), faults: [] };
  const { reply, faults } = await alone(room, ask, () =>
    underFaults(room, ask, (distortions) => {
      if (ask.problem) throw ask.problem;
      if (state.dialect.tokens === 'minted' && isTokenPath(ask.path))
        return answerToken(ask, caller, state.credentials);
      return answerScim(ask, service, distortions);
    }),
  );
  return {
    reply: reply.kind === 'drop' ? reply : { ...reply, headers: { ...headers, ...reply.headers } },
    faults,
  };
}

/** Where a dialect lets nobody write to a resource that is being written to. */
async function alone({ state, busy }: Room, ask: Ask, answer: () => Promise<Outcome>): Promise<Outcome> {
  const place = scimPlaceOf(state.dialect, ask.path);
  const isOne = place.kind === 'user' || place.kind === 'group';
  if (!state.dialect.oneWriteAtATime || !isOne || ask.method === 'GET') return answer();
  if (busy.has(place.id))
    return { reply: errorReply(429, 'Too many requests.', { 'Retry-After': '1' }), faults: [] };
  busy.add(place.id);
  try {
    return await answer();
  } finally {
    busy.delete(place.id);
  }
}

function unauthorized(ask: Ask, { dialect }: TargetState): Answer {
  const takesBasic = dialect.signIn.includes('basic');
  const wrongToken = ask.authorization === undefined ? '' : ', error="invalid_token"';
  const challenge = takesBasic ? 'Basic realm="scim"' : `Bearer realm="scim"${wrongToken}`;
  return errorReply(401, 'A valid credential is needed.', { 'WWW-Authenticate': challenge });
}

function counted(
  { state, rateStyle }: Room,
  ask: Ask,
  { user }: Caller,
): { readonly headers: Readonly<Record<string, string>>; readonly granted: boolean } {
  const now = state.now();
  const place = limitedPlaceOf(scimPlaceOf(state.dialect, ask.path));
  const grant = state.limiter.take({ user, method: ask.method, place }, now);
  if (grant === null) return { headers: {}, granted: true };
  return { headers: rateHeaders(rateStyle, grant, now), granted: grant.granted };
}

async function underFaults({ state, closing }: Room, ask: Ask, work: Work): Promise<Outcome> {
  const faults = state.faults.strike(occasionOf(ask, state));
  const reply = await runUnderFaults(
    faults,
    (distortions) => refusalAsAnswer(() => work(distortions)),
    closing,
  );
  return { reply, faults };
}

function refusalAsAnswer(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return errorReply(error.status, error.message, {}, error.reason);
    throw error;
  }
}

function occasionOf(ask: Ask, state: TargetState): Occasion {
  const place = scimPlaceOf(state.dialect, ask.path);
  const id = place.kind === 'user' || place.kind === 'group' ? place.id : undefined;
  const stored = id === undefined ? undefined : state.users.find(id)?.userName;
  const sent = isObject(ask.body) ? memberOf(ask.body, 'userName') : undefined;
  const subjects = [id, stored, sent]
    .filter((name) => typeof name === 'string')
    .map((name) => name.toLowerCase());
  return { method: ask.method, path: ask.target, asks: sortOf(place.kind), subjects };
}

function sortOf(kind: ReturnType<typeof scimPlaceOf>['kind']): Occasion['asks'] {
  if (kind === 'users' || kind === 'groups') return 'list';
  return kind === 'user' || kind === 'group' ? 'one' : 'other';
}

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
import { rateHeaders } from './rate-window.ts';
import { type Answer, errorReply, type Reply } from './reply.ts';
import { ScimError } from './scim-error.ts';
import { answerScim, SCIM_BASE, scimPlaceOf } from './scim-routes.ts';
import type { TargetState } from './target-state.ts';
import { answerToken, isTokenPath } from './token-routes.ts';
import { UserRenderer } from './user-resource.ts';

/** Longer than clients keep idle connections: a connection that we close is a lost request for them. */
const KEEP_ALIVE_MS = 75_000;

type Room = {
  readonly state: TargetState;
  readonly renderer: UserRenderer;
  /** Aborted when the server stops. */
  readonly closing: AbortSignal;
};
type Outcome = { readonly reply: Reply; readonly faults: readonly Fault[] };

/** @param closing cuts short what is still waiting when the server stops */
export function createScimServer(state: TargetState, closing: AbortSignal): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    serve({ state, renderer, closing }, request, response).catch(() => response.destroy());
  });
  const renderer = new UserRenderer(() => `http://${HOST}:${portOf(server)}${SCIM_BASE}`);
  return server;
}

async function serve(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = room;
  const receivedAt = state.now().toISOString();
  const ask = await readAsk(request);
  const caller = state.credentials.authenticate(request.headers.authorization);
  const { method, overridden, target: path, body = null } = ask;
  const [user, auth] = caller === null ? [null, null] : [caller.user, caller.by];
  const sequence = state.journal.open({ receivedAt, method, overridden, path, body, user, auth });
  const { reply, faults } = await decide(room, ask, caller);
  const status = await sendReply(response, reply);
  const answeredAt = state.now().toISOString();
  state.journal.close(sequence, { answeredAt, status, faults: faults.map((fault) => fault.kind) });
}

async function decide({ state, renderer, closing }: Room, ask: Ask, caller: Caller | null): Promise<Outcome> {
  if (!caller) {
    const headers = { 'WWW-Authenticate': 'Basic realm="scim"' };
    return { reply: errorReply(401, 'A valid credential is needed.', headers), faults: [] };
  }
  const grant = state.window.take(caller.user, state.now());
  const headers = rateHeaders(grant);
  if (!grant.granted) return { reply: errorReply(429, 'Too many requests.', headers), faults: [] };
  const faults = state.faults.strike(occasionOf(ask, state));
  const work = (distortions: Distortions) =>
    refusalAsAnswer(() => {
      if (ask.problem) throw ask.problem;
      if (isTokenPath(ask.path)) return answerToken(ask, caller, state.credentials);
      return answerScim(ask, state.users, renderer, distortions);
    });
  const reply = await runUnderFaults(faults, work, closing);
  return {
    reply: reply.kind === 'drop' ? reply : { ...reply, headers: { ...headers, ...reply.headers } },
    faults,
  };
}

function refusalAsAnswer(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return errorReply(error.status, error.message);
    throw error;
  }
}

function occasionOf(ask: Ask, state: TargetState): Occasion {
  const place = scimPlaceOf(ask.path);
  const id = place.kind === 'user' ? place.id : undefined;
  const stored = id === undefined ? undefined : state.users.find(id)?.userName;
  const sent = isObject(ask.body) ? memberOf(ask.body, 'userName') : undefined;
  const subjects = [id, stored, sent]
    .filter((name) => typeof name === 'string')
    .map((name) => name.toLowerCase());
  const asks = place.kind === 'users' ? 'list' : place.kind === 'user' ? 'user' : 'other';
  return { method: ask.method, path: ask.target, asks, subjects };
}

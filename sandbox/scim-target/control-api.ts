/**
 * What a rehearsal may do to the target from outside: look at the journal, switch faults, seed and change accounts by
 * hand as an administrator would in the product's own pages, set limits, start afresh. Nothing here is journalled or
 * counted. It listens on a port of its own, so that the SCIM origin answers to nothing that the real one does not.
 */
import { z } from 'zod';
import { readAttributes, setsPassword } from './attributes.ts';
import type { Token } from './credentials.ts';
import { faultSchema } from './fault.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import type { Limits, SetLimits } from './limits.ts';
import { mergeByHand } from './merge-by-hand.ts';
import { type Answer, emptyReply, errorReply, jsonReply } from './reply.ts';
import { ScimError } from './scim-error.ts';
import type { TargetState } from './target-state.ts';
import type { User } from './user-store.ts';

export type ControlAsk = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
};

type Handler = (state: TargetState, ask: ControlAsk, id: string) => Answer;

const limitsSchema = z.strictObject({
  points: z.int().min(0),
  windowSeconds: z.number().positive().max(86_400),
});
const setLimitsSchema = z.strictObject({
  sets: z.array(
    z.strictObject({
      name: z.string(),
      methods: z.array(z.string().toUpperCase()),
      resources: z.enum(['any', 'users', 'user', 'groups', 'group', 'elsewhere']),
      perMinute: z.int().positive(),
      burst: z.int().positive(),
    }),
  ),
});
const lifetimeSchema = z.strictObject({
  seconds: z
    .number()
    .positive()
    .max(86_400 * 365),
});
const journalQuery = z.strictObject({
  method: z.string().toUpperCase().optional(),
  since: z.coerce.number().int().min(0).optional(),
});
const accountQuery = z.strictObject({ userName: z.string().toLowerCase().optional() });

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /journal': (state, ask) =>
    jsonReply(200, { entries: state.journal.list(parse(journalQuery, queryOf(ask))) }),
  'DELETE /journal': (state) => done(() => state.journal.clear()),
  'GET /faults': (state) => jsonReply(200, { faults: state.faults.list() as Json }),
  'POST /faults': (state, ask) => jsonReply(201, state.faults.add(parse(faultSchema, ask.body)) as Json),
  'DELETE /faults': (state) => done(() => state.faults.clear()),
  'DELETE /faults/:id': (state, _ask, id) => (state.faults.remove(id) ? emptyReply(204) : notFound()),
  'GET /accounts': (state, ask) => jsonReply(200, { accounts: lookAt(state, ask) }),
  'POST /accounts': (state, ask) => jsonReply(201, { accounts: seed(state, ask.body) }),
  'DELETE /accounts': (state) => done(() => state.clearAccounts()),
  'GET /accounts/:id': (state, _ask, id) => jsonReply(200, accountView(state.users.get(id))),
  'PUT /accounts/:id': (state, ask, id) => jsonReply(200, change(state, id, ask.body)),
  'DELETE /accounts/:id': (state, _ask, id) => done(() => removeByHand(state, id)),
  'GET /limits': (state) => jsonReply(200, state.limiter.current() as Json),
  'PUT /limits': (state, ask) => done(() => state.limiter.change(limitsIn(ask.body))),
  'GET /tokens': (state) => jsonReply(200, { tokens: state.credentials.allTokens().map(tokenView) }),
  'DELETE /tokens': (state) => done(() => state.credentials.revokeAll()),
  'PUT /token-lifetime': (state, ask) =>
    done(() => state.credentials.setLifetime(parse(lifetimeSchema, ask.body).seconds)),
  'POST /reset': (state) => done(() => state.reset()),
};

/** Answers one control request; what is wrong with it comes back as a 400 that names the field. */
export function answerControl(state: TargetState, ask: ControlAsk): Answer {
  const [, room = '', id = '', ...rest] = ask.path.split('/');
  const handler = rest.length === 0 ? ROUTES[`${ask.method} /${room}${id === '' ? '' : '/:id'}`] : undefined;
  if (!handler) return notFound();
  try {
    return handler(state, ask, id);
  } catch (error) {
    if (error instanceof ScimError) return errorReply(error.status, error.message);
    throw error;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ScimError(400, problems.join('; '));
}

function limitsIn(body: Json | undefined): Limits | SetLimits {
  const isSets = isObject(body) && body['sets'] !== undefined;
  return isSets ? parse(setLimitsSchema, body) : parse(limitsSchema, body);
}

function queryOf(ask: ControlAsk): Readonly<Record<string, string>> {
  return Object.fromEntries(ask.query);
}

function lookAt(state: TargetState, ask: ControlAsk): readonly JsonObject[] {
  const { userName } = parse(accountQuery, queryOf(ask));
  const users = state.users.list();
  return users
    .filter((user) => userName === undefined || user.userName.toLowerCase() === userName)
    .map(accountView);
}

/** Takes one user or a list of them; none is kept where one is refused. */
function seed(state: TargetState, body: Json | undefined): readonly JsonObject[] {
  const wanted = isList(body) ? body : [body];
  const made: User[] = [];
  try {
    for (const user of wanted) made.push(seedOne(state, user));
  } catch (error) {
    for (const user of made) state.users.remove(user.id);
    throw error;
  }
  return made.map(accountView);
}

function seedOne(state: TargetState, body: Json | undefined): User {
  if (!isObject(body)) throw new ScimError(400, 'body: must be a user, or a list of users.');
  return state.users.create(readAttributes(body, 'absent'), setsPassword(body));
}

function change(state: TargetState, id: string, body: Json | undefined): JsonObject {
  if (!isObject(body)) throw new ScimError(400, 'body: must be an object of attributes to change.');
  const attributes = mergeByHand(state.users.get(id).attributes, body);
  return accountView(state.users.overwrite(id, attributes, setsPassword(body)));
}

function accountView({ id, created, hasPassword, attributes }: User): JsonObject {
  return { id, created, hasPassword, user: attributes };
}

function removeByHand(state: TargetState, id: string): void {
  state.users.remove(id);
  state.groups?.forgetMember(id);
}

function tokenView({ id, user, createdOn, expiresOn }: Token): JsonObject {
  return { id, user, createdOn, expiresOn };
}

function done(act: () => void): Answer {
  act();
  return emptyReply(204);
}

function notFound(): Answer {
  return errorReply(404, 'There is nothing here.');
}

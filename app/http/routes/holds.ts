/** Removals that wait for an operator: a list to look through, and the word about all of them, some or none. */
import * as z from 'zod';
import type { Caller } from '../../config/index.ts';
import { isGroupKey, parsePersonKey, partsOfGroupKey, type WorkKey } from '../../person/anchor.ts';
import type { HoldFilter } from '../../store/ports/index.ts';
import { type Decision, type NotDecided, rejectRun, releaseRun } from '../../sync/reading/release.ts';
import type { WebDeps } from '../deps.ts';
import { holdSchema, holdView } from '../hold-view.ts';
import { notFound, Problem } from '../problem.ts';
import { type AnswerDescription, defineRoute, type Route } from '../route.ts';
import { runSchema, runView } from '../run-view.ts';
import { limitSchema, plainText } from '../schemas.ts';

const NO_RUN = 'There is no run with that id. Runs are kept for 30 days.';
const MOST_PEOPLE = 1_000;

const address = z.strictObject({ id: plainText(100).describe('The id of the run.') });

const pageSchema = z.strictObject({
  state: z
    .enum(['waiting', 'rejected'], 'must be waiting or rejected.')
    .optional()
    .describe('Without it both.'),
  limit: limitSchema,
  after: plainText(500).optional().describe('Where the page begins, as `next` of the page before has it.'),
});

const listSchema = pageSchema.extend({
  run: plainText(100).optional().describe('What this run holds.'),
  target: plainText(63).optional().describe('What would be done at this target.'),
});

const keySchema = plainText(330).transform((text, context): WorkKey => {
  if (isGroupKey(text) && partsOfGroupKey(text).source !== '') return text;
  const parsed = parsePersonKey(text);
  if (parsed !== null) return parsed.key;
  context.addIssue({ code: 'custom', message: 'must be source:stableId, as GET /v1/holds shows it.' });
  return z.NEVER;
});

const decisionSchema = z
  .strictObject({
    people: z
      .array(keySchema)
      .min(1, 'must name somebody; leave it out to decide about everybody.')
      .max(MOST_PEOPLE, `must name ${MOST_PEOPLE} at most.`)
      .optional()
      .describe('About these alone, at every target where the run holds them; without it about everybody.'),
    reason: plainText(500).describe('Why; stands in the provisioning log of each person.'),
  })
  .meta({ id: 'HoldDecision' });

const pageOfHolds = z.strictObject({
  items: z.array(holdSchema),
  next: z.string().nullable().describe('What to send as `after` for the next page; null at the end.'),
});

export function holdRoutes(deps: WebDeps): readonly Route[] {
  return [listHolds(deps), listHoldsOfRun(deps), postRelease(deps), postReject(deps)];
}

function listHolds(deps: WebDeps): Route {
  return defineRoute({
    name: 'listHolds',
    method: 'get',
    path: '/v1/holds',
    summary: 'Removals that wait for an operator, or were rejected, by target and person',
    scopes: ['read', 'admin'],
    query: listSchema,
    answers: { 200: { description: 'A page of them.', schema: pageOfHolds } },
    async handle({ query: { limit, after, ...filter } }, { caller }) {
      return { status: 200, body: await page(filter, after, limit, caller, deps) };
    },
  });
}

function listHoldsOfRun(deps: WebDeps): Route {
  return defineRoute({
    name: 'listHoldsOfRun',
    method: 'get',
    path: '/v1/runs/{id}/holds',
    summary: 'What one run holds',
    scopes: ['read', 'admin'],
    params: address,
    query: pageSchema,
    answers: {
      200: { description: 'A page of it.', schema: pageOfHolds },
      404: { description: 'There is no such run.' },
    },
    async handle({ params, query: { limit, after, ...filter } }, { caller }) {
      if ((await deps.runs.get(params.id)) === null) throw notFound(NO_RUN);
      return { status: 200, body: await page({ ...filter, run: params.id }, after, limit, caller, deps) };
    },
  });
}

const DECISION_ANSWERS: Readonly<Record<number, AnswerDescription>> = {
  404: { description: 'There is no such run.' },
  409: {
    description:
      'Nothing of it waits, it does not hold these people, or it cannot be decided about; `detail` tells what to do ' +
      'instead. Nothing was decided.',
  },
};

const BODY_EXAMPLES = {
  all: { reason: 'the department was closed, ticket 4711' },
  some: { people: ['corp:1001', 'corp:1002'], reason: 'ticket 4711' },
};

function postRelease(deps: WebDeps): Route {
  return defineRoute({
    name: 'releaseRun',
    method: 'post',
    path: '/v1/runs/{id}/release',
    summary: 'Let removals go that a run holds',
    description:
      'They are right: each may pass the guard once. People who are named may have been rejected before.',
    scopes: ['admin'],
    params: address,
    body: decisionSchema,
    bodyExamples: BODY_EXAMPLES,
    answers: { 200: { description: 'Released.', schema: runSchema }, ...DECISION_ANSWERS },
    async handle({ params, body }, { caller }) {
      const released = await releaseRun(params.id, decisionOf(body, caller), deps);
      if (released.kind !== 'released') throw notDecided('Not released', released);
      return { status: 200, body: await runView(released.run, deps) };
    },
  });
}

function postReject(deps: WebDeps): Route {
  return defineRoute({
    name: 'rejectRun',
    method: 'post',
    path: '/v1/runs/{id}/reject',
    summary: 'Keep the accounts whose removal a run holds',
    description:
      'They are wrong: the accounts stay as they are. The same removal does not come again until the person was seen ' +
      'with access wanted, or is released after all.',
    scopes: ['admin'],
    params: address,
    body: decisionSchema,
    bodyExamples: BODY_EXAMPLES,
    answers: { 200: { description: 'Rejected.', schema: runSchema }, ...DECISION_ANSWERS },
    async handle({ params, body }, { caller }) {
      const rejected = await rejectRun(params.id, decisionOf(body, caller), deps);
      if (rejected.kind !== 'rejected') throw notDecided('Not rejected', rejected);
      return { status: 200, body: await runView(rejected.run, deps) };
    },
  });
}

function decisionOf({ people, reason }: z.output<typeof decisionSchema>, { name: actor }: Caller): Decision {
  return { actor, reason, ...(people === undefined ? {} : { people: new Set(people) }) };
}

function notDecided(what: string, result: NotDecided): Problem {
  if (result.kind === 'not-found') return notFound(NO_RUN);
  return new Problem(409, 'conflict', `${what}: ${result.why}.`);
}

async function page(
  { run, target, state }: { [K in keyof HoldFilter]: HoldFilter[K] | undefined },
  after: string | undefined,
  limit: number,
  caller: Caller,
  deps: WebDeps,
) {
  const filter: HoldFilter = {
    ...(run === undefined ? {} : { run }),
    ...(target === undefined ? {} : { target }),
    ...(state === undefined ? {} : { state }),
  };
  const { holds, next } = await deps.holds.page(filter, after ?? null, limit);
  const named = caller.scopes.includes('read');
  return { items: await Promise.all(holds.map((hold) => holdView(hold, named, deps))), next };
}

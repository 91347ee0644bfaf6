/**
 * People and groups that a target refused for good: shown with the target's own words, and sent again when an operator
 * asks.
 */
import * as z from 'zod';
import type { Lane } from '../../lane.ts';
import {
  type GroupKey,
  isGroupKey,
  parseGroupKey,
  parsePersonKey,
  partsOfGroupKey,
  type WorkKey,
} from '../../person/anchor.ts';
import type { DeadLetter } from '../../store/ports/index.ts';
import { markDue } from '../../sync/announce.ts';
import { markGroupDue } from '../../sync/groups/mark-groups.ts';
import { MANY } from '../../sync/lanes.ts';
import type { WebDeps } from '../deps.ts';
import { invalidRequest, notFound, Problem } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { limitSchema, linkSchema, personKeySchema, plainText } from '../schemas.ts';

/** People or groups made due at the same time. */
const BATCH = 100;

const letterSchema = z
  .strictObject({
    target: z.string(),
    person: personKeySchema.nullable().describe('null where it is a group.'),
    group: z
      .string()
      .nullable()
      .describe('group/source:id of a group that is kept there; null for a person.'),
    at: z.string(),
    status: z.int().nullable().describe('The HTTP status of the refusal; null where no request was made.'),
    words: z.string().describe("The target's own words, or the mapping's problem."),
    action: z.string().nullable(),
    _links: z.strictObject({ person: linkSchema.optional(), groups: linkSchema.optional() }),
  })
  .meta({
    id: 'DeadLetter',
    example: {
      target: 'agileplace',
      person: 'hr:1001',
      group: null,
      at: '2026-03-01T09:00:00.000Z',
      status: 400,
      words: 'userName must be a mail address',
      action: 'create',
      _links: { person: '/v1/people/hr%3A1001' },
    },
  });

const personSchema = plainText(320).transform((text, context) => {
  const parsed = parsePersonKey(text);
  if (parsed !== null) return parsed.key;
  context.addIssue({ code: 'custom', message: 'must be source:stableId, as GET /v1/dead-letters shows it.' });
  return z.NEVER;
});

const groupSchema = plainText(330).transform((text, context) => {
  const key = parseGroupKey(text);
  if (key !== null) return key;
  const message = 'must be group/source:id, as GET /v1/dead-letters shows it.';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const retrySchema = z
  .union(
    [
      z.strictObject({ target: plainText(63), person: personSchema }),
      z.strictObject({ target: plainText(63), group: groupSchema }),
      z.strictObject({ target: plainText(63), all: z.literal(true) }),
    ],
    'must be {"target": …, "person": "source:stableId"}, {"target": …, "group": "group/source:id"} or {"target": …, "all": true}.',
  )
  .meta({ id: 'Retry' });

const targetMissing = (known: string) => `is not in landbridge.yaml. There are: ${known}.`;

export function deadLetterRoutes(deps: WebDeps): readonly Route[] {
  return [listLetters(deps), postRetry(deps)];
}

function listLetters(deps: WebDeps): Route {
  return defineRoute({
    name: 'listDeadLetters',
    method: 'get',
    path: '/v1/dead-letters',
    summary: 'People and groups that a target refused for good, newest first',
    scopes: ['read'],
    query: z.strictObject({ limit: limitSchema }),
    answers: {
      200: { description: 'The dead letters.', schema: z.strictObject({ items: z.array(letterSchema) }) },
    },
    async handle({ query }) {
      return { status: 200, body: { items: (await deps.deadLetters.list(query.limit)).map(letterView) } };
    },
  });
}

function postRetry(deps: WebDeps): Route {
  return defineRoute({
    name: 'retryDeadLetters',
    method: 'post',
    path: '/v1/dead-letters/retry',
    summary: 'Send refused people and groups again',
    description: 'Use it after the cause was mended. A letter goes away when its person, or group, succeeds.',
    scopes: ['reprovision'],
    body: retrySchema,
    bodyExamples: {
      one: { target: 'agileplace', person: 'hr:1001' },
      'a group': { target: 'wso2', group: 'group/corp:a1b2c3d4-0000-4000-8000-000000000090' },
      'all of a target': { target: 'agileplace', all: true },
    },
    answers: {
      202: {
        description: 'How many people and groups are due again.',
        schema: z.strictObject({ due: z.int() }),
        example: { due: 3 },
      },
      404: { description: 'This person, or group, has no dead letter at this target.' },
      409: {
        description: 'No mapping leads from the source of the person, or group, to this target any more.',
      },
      422: { description: 'There is no such target.' },
    },
    async handle({ body }) {
      const { target } = body;
      const known = deps.targets.map(({ name }) => name);
      if (!known.includes(target)) {
        throw invalidRequest([{ field: 'target', message: targetMissing(known.join(', ')) }], 422);
      }
      if ('all' in body) return { status: 202, body: { due: await sendAll(target, deps) } };
      const key = 'person' in body ? body.person : body.group;
      return { status: 202, body: { due: await sendOne(target, key, deps) } };
    },
  });
}

async function sendOne(target: string, key: WorkKey, deps: WebDeps): Promise<number> {
  const what = isGroupKey(key) ? 'group' : 'person';
  if ((await deps.deadLetters.get(target, key)) === null) {
    throw notFound(`This ${what} has no dead letter at this target.`);
  }
  if (await sendAgain(target, key, 'manual', deps)) return 1;
  const detail = `No mapping leads from the source of this ${what} to this target any more.`;
  throw new Problem(409, 'conflict', detail);
}

async function sendAll(target: string, deps: WebDeps): Promise<number> {
  const letters = (await deps.deadLetters.list(Number.MAX_SAFE_INTEGER)).filter(
    (letter) => letter.target === target,
  );
  const lane = letters.length > MANY ? 'bulk' : 'manual';
  let due = 0;
  for (let start = 0; start < letters.length; start += BATCH) {
    const batch = letters.slice(start, start + BATCH);
    const sent = await Promise.all(batch.map(({ key }) => sendAgain(target, key, lane, deps)));
    due += sent.filter(Boolean).length;
  }
  return due;
}

/** Makes the person, or group, due at this target only. @returns false where no mapping leads there */
async function sendAgain(target: string, key: WorkKey, lane: Lane, deps: WebDeps): Promise<boolean> {
  if (isGroupKey(key)) return await sendGroupAgain(target, key, lane, deps);
  const mappings = deps.mappings.filter((mapping) => mapping.target === target);
  const marks = await markDue(key, { lane, fresh: true }, { ...deps, mappings });
  return marks[target] !== undefined;
}

async function sendGroupAgain(target: string, key: GroupKey, lane: Lane, deps: WebDeps): Promise<boolean> {
  const { source } = partsOfGroupKey(key);
  const isMapped = deps.groupMappings.some((one) => one.target === target && one.source === source);
  if (isMapped) await markGroupDue(key, { lane, fresh: true }, deps, target);
  return isMapped;
}

function letterView({ key, target, ...letter }: DeadLetter) {
  if (!isGroupKey(key)) {
    const _links = { person: `/v1/people/${encodeURIComponent(key)}` };
    return { ...letter, target, person: key, group: null, _links };
  }
  const { source } = partsOfGroupKey(key);
  const groups = `/v1/targets/${encodeURIComponent(target)}/groups?source=${encodeURIComponent(source)}&state=refused`;
  return { ...letter, target, person: null, group: key, _links: { groups } };
}

/**
 * What the last comparison of everybody at a target found there that is otherwise than wanted, and accounts that are
 * nobody's whom we know. Nothing is asked of the target, and nothing is done about either.
 */
import * as z from 'zod';
import type { Json } from '../../scim/resource.ts';
import type { Drift, DriftReason, DriftSummary } from '../../store/ports/index.ts';
import type { WebDeps } from '../deps.ts';
import { cursorTo, placeIn } from '../page-cursor.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { limitSchema, linkSchema, personKeySchema, plainText } from '../schemas.ts';
import { shownAt } from '../secret-names.ts';

const REASONS = [
  'hand-edit',
  'source',
  'kept',
  'missing',
  'unlinked',
] as const satisfies readonly DriftReason[];

const targetParams = z.strictObject({ name: plainText(63).describe('The name in landbridge.yaml.') });

const pageQuery = {
  limit: limitSchema,
  after: plainText(2_000).optional().describe('Where the page begins, as `next` of the page before has it.'),
};

const nextSchema = z.string().nullable().describe('For `after`; null on the last page.');

const comparedSchema = z
  .strictObject({ run: linkSchema, at: z.string() })
  .nullable()
  .describe('The comparison that found it, and when that ended; null where there was none yet.');

const driftSchema = z
  .strictObject({
    why: z.enum(REASONS),
    person: personKeySchema,
    account: z.string().describe('The id of the account at the target.'),
    differences: z.array(z.strictObject({ path: z.string(), has: z.unknown(), wanted: z.unknown() })),
    _links: z.strictObject({ person: linkSchema }),
  })
  .meta({
    id: 'Drift',
    example: {
      why: 'hand-edit',
      person: 'hr:1001',
      account: '10101',
      differences: [{ path: 'title', has: 'Countess', wanted: 'Engineer' }],
      _links: { person: '/v1/people/hr%3A1001' },
    },
  });

const countsByReason = z
  .strictObject({
    'hand-edit': z.int(),
    source: z.int(),
    kept: z.int(),
    missing: z.int(),
    unlinked: z.int(),
  } satisfies Record<DriftReason, z.ZodType>)
  .describe('How many there are, listed or not.');

const driftsSchema = z.strictObject({
  compared: comparedSchema,
  counts: countsByReason,
  notListed: z.int().describe('How many are counted only.'),
  items: z.array(driftSchema),
  next: nextSchema,
});

const unknownSchema = z.strictObject({
  compared: comparedSchema,
  count: z.int().describe('How many there are, listed or not.'),
  notListed: z.int().describe('How many are counted only.'),
  items: z.array(z.strictObject({ id: z.string(), userName: z.string() })),
  next: nextSchema,
});

export function driftRoutes(deps: WebDeps): readonly Route[] {
  return [listDrift(deps), listUnknownAccounts(deps)];
}

function listDrift(deps: WebDeps): Route {
  return defineRoute({
    name: 'listDrift',
    method: 'get',
    path: '/v1/targets/{name}/drift',
    summary: 'Accounts that are otherwise than wanted, and why',
    description: 'As the last comparison of everybody at the target found them.',
    scopes: ['read'],
    params: targetParams,
    query: z.strictObject({
      why: z.enum(REASONS, `must be one of ${REASONS.join(', ')}.`).optional(),
      ...pageQuery,
    }),
    answers: {
      200: { description: 'A page of accounts, by reason and person.', schema: driftsSchema },
      404: { description: 'There is no such target.' },
    },
    async handle({ params: { name }, query: { why = null, limit, after } }) {
      checkTarget(name, deps);
      const place = after === undefined ? null : placeIn(after);
      const summary = await deps.drift.summary(name);
      const { items, next } = await deps.drift.drifts(name, why, place, limit);
      const body = {
        compared: comparedView(summary),
        counts: summary?.drifts ?? { 'hand-edit': 0, source: 0, kept: 0, missing: 0, unlinked: 0 },
        notListed: summary?.notListed.drifts ?? 0,
        items: items.map(driftView),
        next: next === null ? null : cursorTo(next),
      };
      return { status: 200, body };
    },
  });
}

function listUnknownAccounts(deps: WebDeps): Route {
  return defineRoute({
    name: 'listUnknownAccounts',
    method: 'get',
    path: '/v1/targets/{name}/unknown-accounts',
    summary: "Accounts at a target that are nobody's whom we know",
    description: 'As the last comparison of everybody at the target found them. They are never touched.',
    scopes: ['read'],
    params: targetParams,
    query: z.strictObject(pageQuery),
    answers: {
      200: { description: 'A page of accounts, by userName.', schema: unknownSchema },
      404: { description: 'There is no such target.' },
    },
    async handle({ params: { name }, query: { limit, after } }) {
      checkTarget(name, deps);
      const place = after === undefined ? null : placeIn(after);
      const summary = await deps.drift.summary(name);
      const { items, next } = await deps.drift.unknownAccounts(name, place, limit);
      const body = {
        compared: comparedView(summary),
        count: summary?.unknownAccounts ?? 0,
        notListed: summary?.notListed.unknownAccounts ?? 0,
        items,
        next: next === null ? null : cursorTo(next),
      };
      return { status: 200, body };
    },
  });
}

function checkTarget(name: string, { targets }: WebDeps): void {
  if (targets.some((known) => known.name === name)) return;
  throw notFound('There is no target of that name in landbridge.yaml.');
}

function comparedView(summary: DriftSummary | null) {
  return summary === null ? null : { run: `/v1/runs/${encodeURIComponent(summary.run)}`, at: summary.at };
}

function driftView({ differences, ...drift }: Drift) {
  const shown = differences.map(({ path, has, wanted }): { path: string; has: Json; wanted: Json } => ({
    path,
    has: shownAt(path, has),
    wanted: shownAt(path, wanted),
  }));
  const person = `/v1/people/${encodeURIComponent(drift.person)}`;
  return { ...drift, differences: shown, _links: { person } };
}

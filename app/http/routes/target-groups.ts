/** The groups that are kept at a target: what became of each, who waits to be in it; and one looked at anew. */
import * as z from 'zod';
import { type GroupKey, groupKey, toStableId } from '../../person/anchor.ts';
import type { KnownGroup } from '../../store/ports/index.ts';
import { markGroupDue } from '../../sync/groups/mark-groups.ts';
import type { WebDeps } from '../deps.ts';
import { cursorTo, placeIn } from '../page-cursor.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { limitSchema, personKeySchema, plainText } from '../schemas.ts';

const STATES = ['done', 'unchanged', 'held', 'refused'] as const;

const groupSchema = z
  .strictObject({
    source: z.string(),
    group: z.string().describe('Its id at the source, which never changes.'),
    name: z.string().describe('Its name at the source.'),
    linked: z
      .strictObject({
        id: z.string().describe('Of the group at the target.'),
        displayName: z.string().describe('The name that was asked for last.'),
        members: z.int().describe('How many members the target has confirmed last.'),
        madeBy: z.enum(['created', 'externalId', 'displayName']).describe('How it came to be ours.'),
        confirmedAt: z.string(),
      })
      .nullable()
      .describe('null where there is no group at the target that is this one.'),
    last: z
      .strictObject({
        state: z.enum(STATES),
        at: z.string(),
        action: z.string(),
        reason: z.string(),
        words: z.string().nullable().describe("Why it is held, or the target's own words of a refusal."),
      })
      .nullable()
      .describe('What came of the last look; null where it was never looked at.'),
    due: z.boolean().describe('true: it waits to be looked at.'),
    waiting: z
      .strictObject({ count: z.int(), people: z.array(personKeySchema) })
      .describe('People in it who have no account at the target, and so are no members yet.'),
  })
  .meta({
    id: 'TargetGroup',
    example: {
      source: 'corp',
      group: 'a1b2c3d4-0000-4000-8000-000000000090',
      name: 'engineers',
      linked: {
        id: 'g-17',
        displayName: 'engineers',
        members: 2,
        madeBy: 'created',
        confirmedAt: '2026-03-01T09:00:00.000Z',
      },
      last: {
        state: 'done',
        at: '2026-03-01T09:00:00.000Z',
        action: 'update',
        reason: 'changed',
        words: null,
      },
      due: false,
      waiting: { count: 1, people: ['corp:1003'] },
    },
  });

const sourceSchema = plainText(63).describe('A source whose groups are mapped to the target.');
const targetSchema = plainText(63).describe('The name in landbridge.yaml.');

export function targetGroupRoutes(deps: WebDeps): readonly Route[] {
  return [listTargetGroups(deps), postGroup(deps)];
}

function listTargetGroups(deps: WebDeps): Route {
  return defineRoute({
    name: 'listTargetGroups',
    method: 'get',
    path: '/v1/targets/{name}/groups',
    summary: 'The groups of a source as they are kept at a target',
    scopes: ['read'],
    params: z.strictObject({ name: targetSchema }),
    query: z.strictObject({
      source: sourceSchema,
      limit: limitSchema,
      after: plainText(2_000)
        .optional()
        .describe('Where the page begins, as `next` of the page before has it.'),
      state: z.enum(STATES).optional().describe('Of the page, those alone whose last look ended so.'),
    }),
    answers: {
      200: {
        description: 'A page of groups, by name.',
        schema: z.strictObject({
          items: z.array(groupSchema),
          next: z.string().nullable().describe('For `after`; null on the last page.'),
        }),
      },
      404: { description: 'There is no such target, or no mapping of groups leads there from this source.' },
    },
    async handle({ params: { name }, query: { source, limit, after, state } }) {
      checkMapped(source, name, deps);
      const from = after === undefined ? null : placeIn(after);
      const { groups, next } = await deps.groups.list(source, from, limit);
      const views = await Promise.all(groups.map((group) => groupView(source, group, name, deps)));
      const items = views.filter((view) => state === undefined || view.last?.state === state);
      return { status: 200, body: { items, next: next === null ? null : cursorTo(next) } };
    },
  });
}

function postGroup(deps: WebDeps): Route {
  return defineRoute({
    name: 'reprovisionGroup',
    method: 'post',
    path: '/v1/targets/{name}/groups/{source}/{group}/reprovision',
    summary: 'Look at one group at a target anew',
    description: 'Reads the group at the target, whatever is remembered of it, and writes what differs.',
    scopes: ['reprovision'],
    params: z.strictObject({
      name: targetSchema,
      source: sourceSchema,
      group: plainText(256).describe('The id of the group at the source.'),
    }),
    answers: {
      202: { description: 'It is due.', schema: groupSchema },
      404: { description: 'There is no such target, mapping or group.' },
    },
    async handle({ params: { name, source, group } }) {
      checkMapped(source, name, deps);
      const id = toStableId(group);
      const known = id === null ? null : await deps.groups.get(source, id);
      if (known === null) throw notFound(`There is no group with that id in ${source}.`);
      const key = groupKey(source, known.stableId);
      await markGroupDue(key, { lane: 'manual', fresh: true }, deps, name);
      return { status: 202, body: await groupView(source, known, name, deps) };
    },
  });
}

function checkMapped(source: string, target: string, deps: WebDeps): void {
  const sources = deps.groupMappings.filter((one) => one.target === target).map((one) => one.source);
  if (sources.includes(source)) return;
  if (!deps.targets.some(({ name }) => name === target))
    throw notFound('There is no target of that name in landbridge.yaml.');
  const are = sources.length === 0 ? 'from no source' : `from: ${sources.join(', ')}`;
  throw notFound(`No mapping leads groups of ${source} to ${target}. Groups come there ${are}.`);
}

async function groupView(source: string, { stableId, name }: KnownGroup, target: string, deps: WebDeps) {
  const key: GroupKey = groupKey(source, stableId);
  const [link, served, mark] = await Promise.all([
    deps.groupLinks.get(target, key),
    deps.dueGroups.lastServed(target, key),
    deps.dueGroups.get(target, key),
  ]);
  return {
    source,
    group: stableId,
    name,
    linked:
      link === null
        ? null
        : {
            id: link.id,
            displayName: link.displayName,
            members: link.members,
            madeBy: link.madeBy,
            confirmedAt: link.confirmedAt,
          },
    last:
      served === null
        ? null
        : {
            state: served.state,
            at: served.at,
            action: served.plan.action,
            reason: served.plan.reason,
            words: served.words ?? null,
          },
    due: mark !== null,
    waiting: served?.waiting ?? { count: 0, people: [] },
  };
}

/** The groups of a source as we know them: who is in which, directly and through groups in groups. */
import * as z from 'zod';
import { type PersonKey, toStableId } from '../../person/anchor.ts';
import type { KnownGroup } from '../../store/ports/index.ts';
import type { WebDeps } from '../deps.ts';
import { cursorTo, placeIn } from '../page-cursor.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { limitSchema, linkSchema, personKeySchema, plainText } from '../schemas.ts';

/** So many people of each list are shown; all are counted. */
const MOST_SHOWN = 100;

const EXAMPLE = {
  group: 'a1b2c3d4-0000-4000-8000-000000000090',
  source: 'corp',
  dn: 'cn=engineers,ou=groups,dc=example,dc=test',
  name: 'engineers',
  members: 3,
  partial: false,
  _links: { self: '/v1/sources/corp/groups/a1b2c3d4-0000-4000-8000-000000000090' },
};

const groupFields = {
  group: z.string().describe('The id that never changes.'),
  source: z.string(),
  dn: z.string(),
  name: z.string(),
  members: z.int().describe('How many members the group itself names, people and groups.'),
  partial: z
    .boolean()
    .describe('true: the source gave a part of its members at the last read; those are in, nobody is out.'),
  _links: z.strictObject({ self: linkSchema }),
};

const groupSchema = z.strictObject(groupFields).meta({ id: 'Group', example: EXAMPLE });

const listSchema = (what: string) =>
  z.strictObject({ count: z.int(), people: z.array(personKeySchema) }).describe(what);

const membersSchema = z
  .strictObject({
    ...groupFields,
    direct: listSchema(`People whom the group itself names; the first ${MOST_SHOWN} are shown.`),
    nested: listSchema('People who are in it only through other groups.'),
    strangers: z.int().describe('Members who are neither people nor groups that are read here.'),
  })
  .meta({
    id: 'GroupMembers',
    example: {
      ...EXAMPLE,
      direct: { count: 1, people: ['corp:1001'] },
      nested: { count: 1, people: ['corp:1002'] },
      strangers: 1,
    },
  });

const sourceSchema = plainText(63).describe('The name of the source.');

export function groupRoutes(deps: WebDeps): readonly Route[] {
  return [listGroups(deps), getGroup(deps)];
}

function listGroups(deps: WebDeps): Route {
  return defineRoute({
    name: 'listGroups',
    method: 'get',
    path: '/v1/sources/{source}/groups',
    summary: 'The groups of a source, by name',
    scopes: ['read'],
    params: z.strictObject({ source: sourceSchema }),
    query: z.strictObject({
      limit: limitSchema,
      after: plainText(2_000)
        .optional()
        .describe('Where the page begins, as `next` of the page before has it.'),
    }),
    answers: {
      200: {
        description: 'A page of groups.',
        schema: z.strictObject({
          items: z.array(groupSchema),
          next: z.string().nullable().describe('For `after`; null on the last page.'),
        }),
      },
      404: { description: 'There is no such source.' },
    },
    async handle({ params: { source }, query: { limit, after } }) {
      checkSource(source, deps);
      const from = after === undefined ? null : placeIn(after);
      const { groups, next } = await deps.groups.list(source, from, limit);
      const items = groups.map((group) => groupView(source, group));
      return { status: 200, body: { items, next: next === null ? null : cursorTo(next) } };
    },
  });
}

function getGroup(deps: WebDeps): Route {
  return defineRoute({
    name: 'getGroup',
    method: 'get',
    path: '/v1/sources/{source}/groups/{id}',
    summary: 'One group and who is in it',
    scopes: ['read'],
    params: z.strictObject({ source: sourceSchema, id: plainText(256).describe('The id of the group.') }),
    answers: {
      200: { description: 'The group.', schema: membersSchema },
      404: { description: 'There is no such source, or no such group in it.' },
    },
    async handle({ params: { source, id } }) {
      checkSource(source, deps);
      const stableId = toStableId(id);
      const group = stableId === null ? null : await deps.groups.get(source, stableId);
      if (group === null) throw notFound(`There is no group with that id in ${source}.`);
      const { members: strangers } = await deps.groups.strangers(source, group.stableId);
      const { direct, nested } = await membersOf(source, group, deps);
      return { status: 200, body: { ...groupView(source, group), direct, nested, strangers } };
    },
  });
}

function checkSource(source: string, { sources }: WebDeps): void {
  const known = sources.map(({ name }) => name);
  if (known.includes(source)) return;
  throw notFound(`There is no source ${source} in landbridge.yaml. There are: ${known.join(', ')}.`);
}

type Shown = { count: number; readonly people: PersonKey[] };

async function membersOf(source: string, { stableId }: KnownGroup, { groups }: WebDeps) {
  const direct: Shown = { count: 0, people: [] };
  const nested: Shown = { count: 0, people: [] };
  for await (const batch of groups.members(source, stableId)) {
    for (const member of batch) {
      const list = member.direct ? direct : nested;
      list.count += 1;
      if (list.people.length < MOST_SHOWN) list.people.push(member.key);
    }
  }
  return { direct, nested };
}

function groupView(source: string, { stableId, ...group }: KnownGroup) {
  const self = `/v1/sources/${encodeURIComponent(source)}/groups/${encodeURIComponent(stableId)}`;
  return { group: stableId, source, ...group, _links: { self } };
}

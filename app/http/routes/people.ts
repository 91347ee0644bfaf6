/** One person: what we know of them, and how they stand at each target. */
import * as z from 'zod';
import { LANES } from '../../lane.ts';
import type { PersonKey } from '../../person/anchor.ts';
import { attributesBehind } from '../../person/anchors.ts';
import type { Identity } from '../../person/identity.ts';
import type { Json } from '../../scim/resource.ts';
import type { LogLine } from '../../store/ports/index.ts';
import { hiddenAttributes } from '../../sync/hidden-attributes.ts';
import type { WebDeps } from '../deps.ts';
import { findPersonByAnyName } from '../find-person.ts';
import { planSchema, planView } from '../plan-view.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { linkSchema, personKeySchema, plainText } from '../schemas.ts';
import { shownAt, withoutSecretAttributes } from '../secret-names.ts';
import { waitingSchema, waitingView } from '../waiting-view.ts';

const LOG_LINES = 20;

const standingSchema = z.strictObject({
  target: z.string(),
  link: z
    .strictObject({
      id: z.string(),
      madeBy: z.enum(['created', 'externalId', 'userName', 'mail', 'operator']),
      madeAt: z.string(),
      confirmedAt: z.string(),
      certain: z
        .boolean()
        .describe('false: a write was lost on the way, and the account is read again first.'),
    })
    .nullable(),
  due: z
    .strictObject({ since: z.string(), lane: z.enum(LANES), fresh: z.boolean() })
    .nullable()
    .describe('Set while the person waits to be served.'),
  again: z
    .string()
    .nullable()
    .describe('When the person is looked at again by themselves, since something depends on the time.'),
  lastPlan: planSchema.nullable(),
  lastAnswer: z
    .strictObject({
      at: z.string(),
      outcome: z.enum(['done', 'unchanged', 'held', 'refused']),
      words: z.string().optional(),
      accountId: z.string().optional(),
    })
    .nullable(),
  waitsFor: z
    .array(waitingSchema)
    .describe("Attributes that other people's accounts were lacking for when the person was last served."),
  heldBy: linkSchema.nullable().describe('The run that holds their removal.'),
  deadLetter: z
    .strictObject({
      at: z.string(),
      status: z.int().nullable(),
      words: z.string(),
      action: z.string().nullable(),
    })
    .nullable(),
});

const personSchema = z
  .strictObject({
    person: personKeySchema,
    source: z.string(),
    stableId: z.string(),
    presence: z.looseObject({ state: z.enum(['present', 'absent']) }),
    observedAt: z.string(),
    entry: z.strictObject({
      dn: z.string().optional(),
      revision: z.string(),
      attributes: z.record(z.string(), z.array(z.string())),
    }),
    anchors: z
      .array(
        z.strictObject({
          kind: z.enum(['dn', 'userName', 'mail', 'employeeNumber']),
          value: z.string(),
          firstSeen: z.string(),
          lastSeen: z.string(),
        }),
      )
      .describe('What they are called and have been at the source, the newest first; 50 at most.'),
    groups: z.array(
      z.strictObject({
        dn: z.string(),
        name: z.string(),
        nested: z.literal(true).optional().describe('Set where they are in it only through another group.'),
      }),
    ),
    targets: z.array(standingSchema),
    log: z.array(z.unknown()).describe('The newest lines of the provisioning log.'),
    _links: z.strictObject({ self: linkSchema }),
  })
  .meta({
    id: 'Person',
    example: {
      person: 'hr:1001',
      source: 'hr',
      stableId: '1001',
      presence: { state: 'present' },
      observedAt: '2026-03-01T09:00:00.000Z',
      entry: { revision: '2', attributes: { sn: ['Byron'], mail: ['ada.byron@example.test'] } },
      anchors: [
        {
          kind: 'mail',
          value: 'ada.byron@example.test',
          firstSeen: '2026-02-01T08:59:58.000Z',
          lastSeen: '2026-03-01T09:00:00.000Z',
        },
      ],
      groups: [],
      targets: [
        {
          target: 'agileplace',
          link: {
            id: '10101',
            madeBy: 'created',
            madeAt: '2026-02-01T09:00:00.000Z',
            confirmedAt: '2026-03-01T09:00:02.000Z',
            certain: true,
          },
          due: null,
          again: null,
          lastPlan: { action: 'none', reason: 'nothing differs' },
          lastAnswer: { outcome: 'unchanged', at: '2026-03-01T09:00:02.000Z' },
          waitsFor: [],
          heldBy: null,
          deadLetter: null,
        },
      ],
      log: [],
      _links: { self: '/v1/people/hr%3A1001' },
    },
  });

export function peopleRoutes(deps: WebDeps): readonly Route[] {
  return [
    defineRoute({
      name: 'getPerson',
      method: 'get',
      path: '/v1/people/{id}',
      summary: 'What is known of a person, and how they stand at each target',
      scopes: ['read'],
      params: z.strictObject({
        id: plainText(256).describe('`source:stableId`, a stable id, a userName or a mail.'),
      }),
      answers: {
        200: { description: 'The person.', schema: personSchema },
        404: { description: 'Nobody is known by that name.' },
        409: { description: 'Several people are; `people` lists their keys.' },
      },
      async handle({ params }) {
        const key = await findPersonByAnyName(params.id, deps);
        const identity = await deps.identities.get(key);
        if (identity === null) throw notFound('Nobody is known by that name.');
        return { status: 200, body: await personView(identity, deps) };
      },
    }),
  ];
}

async function personView(identity: Identity, deps: WebDeps) {
  const { key, source, stableId, presence, observedAt, entry, groups, anchors = [] } = identity;
  const mappings = deps.mappings.filter((mapping) => mapping.source === source);
  const targets = mappings.map(({ target }) => target);
  const hidden = hiddenAttributes(source, deps.mappings);
  const [standings, log] = await Promise.all([
    Promise.all(targets.map((target) => standing(target, key, deps))),
    deps.provisioningLog.ofPerson(key, LOG_LINES),
  ]);
  return {
    person: key,
    source,
    stableId,
    presence,
    observedAt,
    entry: {
      ...(entry.dn === undefined ? {} : { dn: entry.dn }),
      revision: entry.revision,
      attributes: withoutSecretAttributes(entry.attributes, hidden),
    },
    anchors: anchors.filter(({ kind }) => !attributesBehind(kind).some((name) => hidden.has(name))),
    groups,
    targets: standings,
    log: log.map(logLineView),
    _links: { self: `/v1/people/${encodeURIComponent(key)}` },
  };
}

async function standing(target: string, key: PersonKey, deps: WebDeps) {
  const [link, mark, again, served, run, letter] = await Promise.all([
    deps.links.get(target, key),
    deps.due.get(target, key),
    deps.timers.of(target, key),
    deps.due.lastServed(target, key),
    deps.holds.heldBy(target, key),
    deps.deadLetters.get(target, key),
  ]);
  return {
    target,
    link: link === null ? null : pick(link, ['id', 'madeBy', 'madeAt', 'confirmedAt', 'certain']),
    due: mark === null ? null : { since: mark.markedAt, lane: mark.lane, fresh: mark.fresh },
    again,
    lastPlan: served === null ? null : planView(served.plan),
    lastAnswer:
      served === null ? null : { outcome: served.state, ...pick(served, ['at', 'words', 'accountId']) },
    waitsFor: (served?.waiting ?? []).map(waitingView),
    heldBy: run === null ? null : `/v1/runs/${encodeURIComponent(run)}`,
    deadLetter: letter === null ? null : pick(letter, ['at', 'status', 'words', 'action']),
  };
}

function logLineView({ changes, key: _known, ...line }: LogLine) {
  const shown = changes.map(({ path, before, after }) => ({
    path,
    // What the log holds was JSON when it was written.
    before: shownAt(path, before as Json),
    after: shownAt(path, after as Json),
  }));
  return { ...line, changes: shown };
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  const taken = names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]);
  return Object.fromEntries(taken) as Pick<T, K>;
}

/**
 * An operator has one person's accounts made right at once. A dry run shows what would be written; applying starts a
 * run that can be followed. The person's source is asked first, so that the newest state counts (O-28).
 */
import * as z from 'zod';
import { preview, refresh, reprovision } from '../../sync/reprovision.ts';
import type { WebDeps } from '../deps.ts';
import { type Asked, findPerson } from '../find-person.ts';
import { planSchema, planView } from '../plan-view.ts';
import { type Answer, type Call, defineRoute, type Route } from '../route.ts';
import { runSchema, runView } from '../run-view.ts';
import { personKeySchema, plainText } from '../schemas.ts';
import { waitingSchema, waitingView } from '../waiting-view.ts';

const name = plainText(256);

const whomSchema = z.union(
  [
    z.strictObject({ id: name.describe('`source:stableId`, or the stable id alone.') }),
    z.strictObject({ userName: name }),
    z.strictObject({ mail: name }),
  ],
  'must be one of {"id": …}, {"userName": …} or {"mail": …}.',
);

const bodySchema = z
  .strictObject({
    person: whomSchema,
    dryRun: z
      .boolean('must be true or false.')
      .default(false)
      .describe('Show what would be written; write nothing.'),
    reason: plainText(500).optional().describe('Why, for the record.'),
    allowReturn: z
      .boolean('must be true or false.')
      .default(false)
      .describe(
        'An account that was switched off may be switched on again, also where `lifecycle.return` of the mapping is hold.',
      ),
    refresh: z
      .boolean('must be true or false.')
      .default(true)
      .describe('Ask the source for the newest state first. false: go on with what is known.'),
  })
  .meta({ id: 'Reprovision' });

type Body = z.output<typeof bodySchema>;

const previewSchema = z
  .strictObject({
    person: personKeySchema,
    plans: z.array(
      z.strictObject({
        target: z.string(),
        plan: planSchema,
        problems: z.array(z.string()).describe('What could not be mapped.'),
        waitsFor: z
          .array(waitingSchema)
          .describe(
            "Attributes that other people's accounts are lacking for, and that are left out until then.",
          ),
      }),
    ),
  })
  .meta({
    id: 'Preview',
    example: {
      person: 'hr:1001',
      plans: [
        {
          target: 'agileplace',
          plan: {
            action: 'update',
            reason: 'changed',
            account: '10101',
            differences: [{ path: 'name.familyName', before: 'King', after: 'Byron' }],
          },
          problems: [],
          waitsFor: [],
        },
      ],
    },
  });

export function reprovisionRoutes(deps: WebDeps): readonly Route[] {
  return [
    defineRoute({
      name: 'reprovision',
      method: 'post',
      path: '/v1/reprovision',
      summary: "Make one person's accounts right now",
      scopes: ['reprovision'],
      waitsFor: 'remote',
      body: bodySchema,
      bodyExamples: {
        'dry run': { person: { mail: 'ada.byron@example.test' }, dryRun: true },
        apply: { person: { id: 'hr:1001' }, reason: 'ticket 4711' },
      },
      answers: {
        200: { description: 'Dry run: what would be written now.', schema: previewSchema },
        202: {
          description: 'The run that was started. `Location` tells where to follow it.',
          schema: runSchema,
        },
        404: { description: 'Nobody is known by that name.' },
        409: { description: 'Several people are; `people` lists their keys.' },
        502: { description: 'Dry run: a target did not answer as it should.' },
      },
      handle: ({ body }, call) => answer(body, call, deps),
    }),
  ];
}

async function answer(body: Body, { caller, signal }: Call, deps: WebDeps): Promise<Answer> {
  const key = await findPerson(askedFor(body.person), deps);
  if (body.refresh) await refresh(key, deps, signal);
  if (body.dryRun) {
    const previews = await preview(key, deps, signal);
    const plans = previews.map(({ target, plan, problems, waiting }) => ({
      target,
      plan: planView(plan),
      problems,
      waitsFor: waiting.map(waitingView),
    }));
    return { status: 200, body: { person: key, plans } };
  }
  const note = body.reason === undefined ? {} : { note: body.reason };
  const request = { actor: caller.name, allowReturn: body.allowReturn, ...note };
  const view = await runView(await reprovision(key, request, deps), deps);
  return { status: 202, body: view, headers: { Location: view._links.self } };
}

function askedFor(person: z.infer<typeof whomSchema>): Asked {
  if ('id' in person) return person;
  return { handle: 'userName' in person ? person.userName : person.mail };
}

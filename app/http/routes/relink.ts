/** An operator says whose an account is: a rehire under a new key, or an account that carries another externalId. */
import * as z from 'zod';
import { relink } from '../../sync/relink.ts';
import type { WebDeps } from '../deps.ts';
import { findPersonByAnyName } from '../find-person.ts';
import { invalidRequest, Problem } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { runSchema, runView } from '../run-view.ts';
import { plainText } from '../schemas.ts';

const bodySchema = z
  .strictObject({
    target: plainText(63).describe('Where the account is.'),
    account: plainText(256).describe("The account's id at the target, as the dead letter names it."),
    reason: plainText(500).describe('Why, for the record.'),
  })
  .meta({ id: 'Relink' });

export function relinkRoutes(deps: WebDeps): readonly Route[] {
  return [
    defineRoute({
      name: 'relinkPerson',
      method: 'post',
      path: '/v1/people/{id}/relink',
      summary: "Say that an account is this person's",
      description:
        'For a rehire under a new key, whose old account is linked to somebody who has left: that link is dropped, ' +
        'the account is linked to this person, and what they should have is written to it.',
      scopes: ['reprovision'],
      waitsFor: 'remote',
      params: z.strictObject({
        id: plainText(256).describe('`source:stableId`, a stable id, a userName or a mail.'),
      }),
      body: bodySchema,
      bodyExamples: {
        rehire: { target: 'agileplace', account: '10101', reason: 'back in the company, ticket 4711' },
      },
      answers: {
        202: {
          description: 'The run that makes the account right. `Location` tells where to follow it.',
          schema: runSchema,
        },
        404: { description: 'Nobody is known by that name.' },
        409: { description: 'The account cannot be given to this person; `detail` says why.' },
        422: { description: 'There is no such target.' },
        502: { description: 'The target did not answer as it should.' },
      },
      async handle({ params, body }, { caller, signal }) {
        const names = deps.targets.map(({ name }) => name);
        if (!names.includes(body.target)) {
          const message = `is not in landbridge.yaml. There are: ${names.join(', ')}.`;
          throw invalidRequest([{ field: 'target', message }], 422);
        }
        const key = await findPersonByAnyName(params.id, deps);
        const relinked = await relink(key, { ...body, actor: caller.name }, deps, signal);
        if (relinked.kind === 'busy') throw new Problem(409, 'conflict', BUSY);
        if (relinked.kind === 'refused') throw new Problem(409, 'conflict', `${relinked.why}.`);
        const view = await runView(relinked.run, deps);
        return { status: 202, body: view, headers: { Location: view._links.self } };
      },
    }),
  ];
}

const BUSY = 'A worker is writing one of these people just now. Ask again in a moment.';

/** How the mappings come to what they give for one person, at each target. Sensitive values are masked. */
import * as z from 'zod';
import type { Explanation } from '../../mapping/index.ts';
import type { Waiting } from '../../store/ports/index.ts';
import type { WebDeps } from '../deps.ts';
import { findPersonByAnyName } from '../find-person.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { personKeySchema, plainText } from '../schemas.ts';
import { waitingSchema, waitingView } from '../waiting-view.ts';

const problemSchema = z.strictObject({
  where: z.string().describe('File, line and column.'),
  attribute: z.string(),
  message: z.string(),
});

const expressionSchema = z
  .strictObject({
    where: z.string().describe('File, line and column.'),
    written: z.string().describe('As it stands in the file.'),
    reads: z.array(z.strictObject({ attribute: z.string(), values: z.array(z.string()) })),
    vars: z.array(z.string()),
    result: z.unknown().describe('null: nothing.'),
    each: z.literal(true).optional().describe('Computed for each item of a list: no one result.'),
    failure: z.string().optional().describe('Why it cannot be computed.'),
  })
  .meta({ id: 'ExplainedExpression' });

const attributeSchema = z.strictObject({
  path: z.string().describe('As SCIM writes it.'),
  from: z.array(expressionSchema).describe('What it comes from; empty for a constant.'),
  value: z.unknown().describe('What stands in the account; null where it is left out.'),
  notes: z.array(z.string()).describe('Why it is left out, or where else the value comes from.'),
  policy: z.record(z.string(), z.unknown()).optional().describe('How it is kept, where not as usual.'),
});

const explanationSchema = z
  .strictObject({
    file: z.string(),
    source: z.string(),
    target: z.string(),
    person: personKeySchema,
    at: z.string(),
    presence: z.enum(['present', 'absent']),
    outcome: z.enum(['in-scope', 'out-of-scope', 'protected', 'failed']),
    reason: z.string().nullable(),
    changesAt: z.string().nullable().describe('From then on it comes out otherwise by itself.'),
    groups: z.array(z.string()),
    scope: expressionSchema.nullable(),
    vars: z.array(expressionSchema.extend({ name: z.string() })),
    attributes: z.array(attributeSchema).describe('Empty for whoever gets no account.'),
    problems: z.array(problemSchema),
    warnings: z.array(problemSchema),
    waitsFor: z.array(waitingSchema).describe('As it was when the person was last served.'),
  })
  .meta({ id: 'Explanation' });

export function explainRoutes(deps: WebDeps): readonly Route[] {
  return [
    defineRoute({
      name: 'explainPerson',
      method: 'get',
      path: '/v1/people/{id}/explain',
      summary: 'How the mappings come to what they give for a person',
      scopes: ['read'],
      params: z.strictObject({
        id: plainText(256).describe('`source:stableId`, a stable id, a userName or a mail.'),
      }),
      query: z.strictObject({ target: plainText(64).optional().describe('Only at this target.') }),
      answers: {
        200: {
          description: 'One for each target.',
          schema: z.strictObject({ explanations: z.array(explanationSchema) }),
        },
        404: { description: 'Nobody is known by that name, or no mapping leads to that target.' },
        409: { description: 'Several people are; `people` lists their keys.' },
      },
      async handle({ params, query }) {
        const key = await findPersonByAnyName(params.id, deps);
        const identity = await deps.identities.get(key);
        if (identity === null) throw notFound('Nobody is known by that name.');
        const explained = (await deps.explain(identity, deps.now())).filter(
          ({ target }) => query.target === undefined || target === query.target,
        );
        if (explained.length === 0) throw notFound('No mapping leads from the source of this person there.');
        const explanations = await Promise.all(
          explained.map(async (one) => {
            const served = await deps.due.lastServed(one.target, key);
            return explanationView(one, served?.waiting ?? []);
          }),
        );
        return { status: 200, body: { explanations } };
      },
    }),
  ];
}

function explanationView(explanation: Explanation, waiting: readonly Waiting[]) {
  return { ...explanation, waitsFor: waiting.map(waitingView) };
}

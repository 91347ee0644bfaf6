/** Runs: what was read or asked for, and what came of it. What waits in them: `holds.ts`. */
import * as z from 'zod';
import type { Run } from '../../store/ports/index.ts';
import type { WebDeps } from '../deps.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { RUN_KINDS, RUN_STATES, runSchema, runView } from '../run-view.ts';
import { limitSchema, plainText } from '../schemas.ts';

/** So many runs are looked through for those in a state that is not stored but read off what was served. */
const LOOK_BACK = 1_000;

const address = z.strictObject({ id: plainText(100).describe('The id of the run.') });

const filterSchema = z.strictObject({
  state: z.enum(RUN_STATES, `must be one of ${RUN_STATES.join(', ')}.`).optional(),
  kind: z.enum(RUN_KINDS, `must be one of ${RUN_KINDS.join(', ')}.`).optional(),
  limit: limitSchema,
});

type Filter = z.output<typeof filterSchema>;
type RunView = Awaited<ReturnType<typeof runView>>;

export function runRoutes(deps: WebDeps): readonly Route[] {
  return [listRuns(deps), getRun(deps)];
}

function listRuns(deps: WebDeps): Route {
  return defineRoute({
    name: 'listRuns',
    method: 'get',
    path: '/v1/runs',
    summary: 'Runs, newest first',
    scopes: ['read'],
    query: filterSchema,
    answers: {
      200: { description: 'The runs.', schema: z.strictObject({ items: z.array(runSchema) }) },
    },
    async handle({ query }) {
      return { status: 200, body: { items: await find(query, deps) } };
    },
  });
}

function getRun(deps: WebDeps): Route {
  return defineRoute({
    name: 'getRun',
    method: 'get',
    path: '/v1/runs/{id}',
    summary: 'One run',
    scopes: ['read'],
    params: address,
    answers: {
      200: { description: 'The run.', schema: runSchema },
      404: { description: 'There is no such run, or it is too long ago.' },
    },
    async handle({ params }) {
      const run = await deps.runs.get(params.id);
      if (run === null) throw notFound('There is no run with that id. Runs are kept for 30 days.');
      return { status: 200, body: await runView(run, deps) };
    },
  });
}

/** The stored state of a reprovision is never the whole truth, so those are filtered by what is shown. */
async function find({ state, kind, limit }: Filter, deps: WebDeps): Promise<readonly RunView[]> {
  if (state === undefined) {
    const runs = await deps.runs.list({ ...(kind === undefined ? {} : { kind }), limit });
    return await viewed(runs, deps);
  }
  const over = kind === 'reprovision' ? [] : await deps.runs.list({ state, limit: LOOK_BACK });
  const wanted = over.filter(
    (run) => run.kind !== 'reprovision' && (kind === undefined || run.kind === kind),
  );
  const asked =
    kind === undefined || kind === 'reprovision'
      ? await viewed(await deps.runs.list({ kind: 'reprovision', limit: LOOK_BACK }), deps)
      : [];
  const all = [...(await viewed(wanted, deps)), ...asked.filter((run) => run.state === state)];
  return all.sort((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, limit);
}

async function viewed(runs: readonly Run[], deps: WebDeps): Promise<readonly RunView[]> {
  return await Promise.all(runs.map((run) => runView(run, deps)));
}

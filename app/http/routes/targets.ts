/** The targets: whether each is in order, what it still grants, what waits there; and how one is set going again. */
import * as z from 'zod';
import { vanishedGroupsTally } from '../../sync/groups/provision-group.ts';
import { vanishedTally } from '../../sync/provisioning/vanished.ts';
import { reconcileRun } from '../../sync/reconciling/reconcile.ts';
import { removalsTally } from '../../sync/removal-window.ts';
import type { WebDeps } from '../deps.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { runSchema, runView } from '../run-view.ts';
import { countsSchema, plainText } from '../schemas.ts';

const targetSchema = z
  .strictObject({
    name: z.string(),
    breaker: z
      .strictObject({ state: z.literal('open'), reason: z.string(), since: z.string(), until: z.string() })
      .nullable()
      .describe('Set while the target is paused because it is out of order; `until` is the next try.'),
    budget: z
      .strictObject({ limit: z.number(), remaining: z.number(), resetAt: z.string() })
      .nullable()
      .describe('What the last answers said about the request limit, less what is under way.'),
    concurrency: z
      .int()
      .nullable()
      .describe(
        'How many requests at once all workers let go there; fewer than configured where the target is slow or pushes ' +
          'back. null where none has been sent for some minutes.',
      ),
    adoption: z
      .enum(['by-itself', 'waiting', 'accepted'])
      .describe(
        'Whether anything may be written there: `waiting` until somebody accepts what would be, by `landbridge adopt`.',
      ),
    due: z.int().describe('People who wait to be served.'),
    deadLetters: z.int(),
    activeAccounts: z.int(),
    queue: countsSchema.describe('Jobs by state.'),
  })
  .meta({
    id: 'Target',
    example: {
      name: 'agileplace',
      breaker: null,
      budget: { limit: 120, remaining: 97, resetAt: '2026-03-01T09:01:00.000Z' },
      concurrency: 4,
      adoption: 'by-itself',
      due: 3,
      deadLetters: 0,
      activeAccounts: 187,
      queue: { waiting: 2, active: 1, delayed: 0, failed: 0 },
    },
  });

const targetParams = z.strictObject({ name: plainText(63).describe('The name in landbridge.yaml.') });

type NamedTarget = WebDeps['targets'][number];

export function targetRoutes(deps: WebDeps): readonly Route[] {
  return [listTargets(deps), postResume(deps), postReconcile(deps)];
}

function listTargets(deps: WebDeps): Route {
  return defineRoute({
    name: 'listTargets',
    method: 'get',
    path: '/v1/targets',
    summary: 'How each target stands',
    scopes: ['read'],
    answers: {
      200: { description: 'The targets.', schema: z.strictObject({ items: z.array(targetSchema) }) },
    },
    async handle() {
      const items = await Promise.all(deps.targets.map((target) => targetView(target, deps)));
      return { status: 200, body: { items } };
    },
  });
}

function postResume(deps: WebDeps): Route {
  return defineRoute({
    name: 'resumeTarget',
    method: 'post',
    path: '/v1/targets/{name}/resume',
    summary: 'Let a paused target go on at once',
    description:
      'Use it after the cause was mended. Failures, removals and vanished accounts are counted from nought again.',
    scopes: ['admin'],
    params: targetParams,
    answers: {
      200: { description: 'How the target stands now.', schema: targetSchema },
      404: { description: 'There is no such target.' },
    },
    async handle({ params }) {
      const target = namedTarget(params.name, deps);
      await resume(target.name, deps);
      return { status: 200, body: await targetView(target, deps) };
    },
  });
}

function postReconcile(deps: WebDeps): Route {
  return defineRoute({
    name: 'reconcileTarget',
    method: 'post',
    path: '/v1/targets/{name}/reconcile',
    summary: 'Compare everybody at a target with what is wanted there',
    description:
      'Lists the accounts and makes due whoever differs; each is looked at again before anything is written. ' +
      'Where a comparison waits already, its run is answered.',
    scopes: ['reprovision'],
    params: targetParams,
    answers: {
      202: { description: 'The run. `Location` tells where to follow it.', schema: runSchema },
      404: { description: 'There is no such target.' },
    },
    async handle({ params }, { caller }) {
      const { name } = namedTarget(params.name, deps);
      const asked = { ...reconcileRun(deps.newId(), name, deps.now()), actor: caller.name };
      await deps.runs.put(asked);
      const id = await deps.requestReconcile(name, asked.id);
      if (id !== asked.id)
        await deps.runs.put({ ...asked, state: 'superseded', reason: `run ${id} waits already` });
      const view = await runView((await deps.runs.get(id)) ?? asked, deps);
      return { status: 202, body: view, headers: { Location: view._links.self } };
    },
  });
}

function namedTarget(name: string, deps: WebDeps): NamedTarget {
  const target = deps.targets.find((known) => known.name === name);
  if (target === undefined) throw notFound('There is no target of that name in landbridge.yaml.');
  return target;
}

async function resume(target: string, { breakers, tallies, bell, signals }: WebDeps): Promise<void> {
  await tallies.clear(removalsTally(target));
  await tallies.clear(vanishedTally(target));
  await tallies.clear(vanishedGroupsTally(target));
  if (await breakers.succeed(target, null)) signals.targetResumed(target);
  await bell.unpark(target);
}

async function targetView({ name, credential, adoption: asked }: NamedTarget, deps: WebDeps) {
  const [accepted, breaker, budget, concurrency, due, deadLetters, activeAccounts, queue] = await Promise.all(
    [
      deps.adoptions.get(name),
      deps.breakers.view(name),
      deps.budgets.view(credential),
      deps.paces.view(name),
      deps.due.count(name),
      deps.deadLetters.count(name),
      deps.links.countActive(name),
      deps.queueOf(name),
    ],
  );
  const adoption = asked === 'by-itself' ? asked : accepted === null ? 'waiting' : 'accepted';
  return { name, breaker, budget, concurrency, adoption, due, deadLetters, activeAccounts, queue };
}

/**
 * What machines ask: is the process alive, can it take work, what are its numbers. The first two need no token, since
 * they tell nothing about people; the numbers need the scope `read`.
 */
import * as z from 'zod';
import type { WebDeps } from '../deps.ts';
import { withinPatience } from '../patience.ts';
import { defineRoute, type Route } from '../route.ts';

const CHECK_MS = 2_000;

const readySchema = z
  .strictObject({ ready: z.boolean(), notReady: z.array(z.string()).describe('The names of failed checks.') })
  .meta({ id: 'Readiness', example: { ready: false, notReady: ['redis'] } });

export function healthRoutes(deps: WebDeps): readonly Route[] {
  return [getHealth(), getReadiness(deps), getMetrics(deps)];
}

function getHealth(): Route {
  return defineRoute({
    name: 'getHealth',
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process is alive',
    scopes: [],
    answers: { 200: { description: 'It is.', schema: z.strictObject({ alive: z.literal(true) }) } },
    async handle() {
      return { status: 200, body: { alive: true } };
    },
  });
}

function getReadiness(deps: WebDeps): Route {
  return defineRoute({
    name: 'getReadiness',
    method: 'get',
    path: '/readyz',
    summary: 'Whether work can be taken',
    scopes: [],
    answers: {
      200: { description: 'It can.', schema: readySchema },
      503: { description: 'It cannot; `notReady` names why.', schema: readySchema },
    },
    async handle() {
      const notReady = await failedChecks(deps);
      const ready = notReady.length === 0;
      return { status: ready ? 200 : 503, body: { ready, notReady } };
    },
  });
}

function getMetrics({ metrics }: WebDeps): Route {
  return defineRoute({
    name: 'getMetrics',
    method: 'get',
    path: '/metrics',
    summary: "Numbers in Prometheus' text format",
    scopes: ['read'],
    answers: { 200: { description: 'The metrics.', schema: z.string(), type: 'text/plain' } },
    async handle() {
      return { status: 200, body: await metrics.render(), type: metrics.contentType };
    },
  });
}

async function failedChecks({ readiness, patience }: WebDeps): Promise<readonly string[]> {
  const milliseconds = Math.min(CHECK_MS, patience.storeMs / 2);
  const outcomes = await Promise.allSettled(
    readiness.map(({ check }) => withinPatience(check(), milliseconds)),
  );
  return readiness.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ name }) => name);
}

/** The workers of one target: they take who is due and provision them. */
import { setMaxListeners } from 'node:events';
import type { Job } from 'bullmq';
import type { Context } from '../app/context.ts';
import type { PersonKey } from '../app/person/anchor.ts';
import type { ProvisionJob } from '../app/queue/queues.ts';
import type { Outcome } from '../app/sync/provisioning/outcome.ts';
import { provision } from '../app/sync/provisioning/provision.ts';
import type { ProvisionDeps } from '../app/sync/provisioning/work.ts';
import { startTargetWorkers, type TargetWorkers } from './target-workers.ts';

/**
 * So many people for each request that may be under way at once: the bookkeeping about some goes on beside the
 * requests about others, and the target is never idle for it.
 */
const PEOPLE_A_REQUEST = 1.5;

/** @param signal ends requests under way when the process has to stop */
export function startProvisionWorkers(
  target: string,
  context: Context,
  signal: AbortSignal,
): TargetWorkers['workers'] {
  // Every piece of work listens to it.
  setMaxListeners(0, signal);
  const given = context.provisioning(target);
  const bell: ProvisionDeps['bell'] = {
    ...given.bell,
    // Rung here where a probe went well, so that this process knows at once.
    async unpark(name) {
      await given.bell.unpark(name);
      parking.open();
    },
  };
  const deps = { ...given, bell };
  const { redis, queues, backoff, log } = context;
  const requestsAtOnce = context.config.targets[target]?.concurrency ?? 1;
  const atOnce = Math.ceil(requestsAtOnce * PEOPLE_A_REQUEST);
  const { leaseMs } = deps.policy;
  const { workers, parking } = startTargetWorkers(
    { target, redis, prefix: queues.prefix, atOnce, leaseMs, backoff, log },
    (job) => serve(job, deps, signal),
  );
  return workers;
}

async function serve(job: Job<ProvisionJob>, deps: ProvisionDeps, signal: AbortSignal): Promise<Outcome> {
  const key = job.data.key as PersonKey;
  const lastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  const outcome = await provision({ key, lastAttempt }, deps, signal);
  if (outcome.kind !== 'done' || !outcome.moreDue) return outcome;
  const mark = await deps.due.get(deps.target.name, key);
  if (mark !== null) await deps.bell.ring(deps.target.name, key, mark.lane);
  return outcome;
}

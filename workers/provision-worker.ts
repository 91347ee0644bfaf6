/** The workers of one target: they take who is due, and which groups, and provision them. */
import { setMaxListeners } from 'node:events';
import type { Job } from 'bullmq';
import type { Context } from '../app/context.ts';
import { type GroupKey, isGroupKey, type PersonKey } from '../app/person/anchor.ts';
import type { ProvisionJob } from '../app/queue/queues.ts';
import type { GroupOutcome } from '../app/sync/groups/group-record.ts';
import type { GroupDeps } from '../app/sync/groups/group-work.ts';
import { provisionGroup } from '../app/sync/groups/provision-group.ts';
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
  const ofGroups = context.groupProvisioning(target);
  const groups = ofGroups === null ? null : { ...ofGroups, bell };
  const { redis, queues, backoff, log } = context;
  const requestsAtOnce = context.config.targets[target]?.concurrency ?? 1;
  const atOnce = Math.ceil(requestsAtOnce * PEOPLE_A_REQUEST);
  const { leaseMs } = deps.policy;
  const { workers, parking } = startTargetWorkers(
    { target, redis, prefix: queues.prefix, atOnce, leaseMs, backoff, log },
    (job) => {
      const { key } = job.data;
      return isGroupKey(key) ? serveGroup(key, job, groups, signal) : serve(job, deps, signal);
    },
  );
  return workers;
}

async function serve(job: Job<ProvisionJob>, deps: ProvisionDeps, signal: AbortSignal): Promise<Outcome> {
  const key = job.data.key as PersonKey;
  const outcome = await provision({ key, lastAttempt: isLastAttempt(job) }, deps, signal);
  if (outcome.kind !== 'done' || !outcome.moreDue) return outcome;
  const mark = await deps.due.get(deps.target.name, key);
  if (mark !== null) await deps.bell.ring(deps.target.name, key, mark.lane);
  return outcome;
}

async function serveGroup(
  key: GroupKey,
  job: Job<ProvisionJob>,
  deps: GroupDeps | null,
  signal: AbortSignal,
): Promise<GroupOutcome> {
  if (deps === null) return { kind: 'idle' };
  const outcome = await provisionGroup({ key, lastAttempt: isLastAttempt(job) }, deps, signal);
  if (outcome.kind !== 'done' || !outcome.moreDue) return outcome;
  const mark = await deps.dueGroups.get(deps.target.name, key);
  if (mark !== null) await deps.bell.ring(deps.target.name, key, mark.lane);
  return outcome;
}

function isLastAttempt({ attemptsMade, opts }: Job<ProvisionJob>): boolean {
  return attemptsMade + 1 >= (opts.attempts ?? 1);
}

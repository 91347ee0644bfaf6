/** One BullMQ worker a target: takes who is due, provisions them, tells the queue how it ended. */
import { type Job, Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import type { PersonKey } from '../app/person/anchor.ts';
import { type ProvisionJob, targetQueueName } from '../app/queue/queues.ts';
import { provision } from '../app/sync/provisioning/provision.ts';
import { backoffStrategy, tellQueue } from './outcome.ts';
import { takenOverAfter } from './taken-over.ts';
import { watched } from './watched.ts';

/** @param signal ends requests under way when the process has to stop */
export function startProvisionWorker(
  target: string,
  context: Context,
  signal: AbortSignal,
): Worker<ProvisionJob, string> {
  const deps = context.provisioning(target);
  const { leaseMs } = deps.policy;
  const queue = context.queues.ofTarget(target);

  async function work(job: Job<ProvisionJob>, token: string | undefined): Promise<string> {
    const key = job.data.key as PersonKey;
    const lastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const outcome = await provision({ key, lastAttempt }, deps, signal);
    if (outcome.kind === 'done' && outcome.moreDue) await deps.bell.ring(target, key, 'interactive');
    return await tellQueue(outcome, job, token, queue);
  }

  const name = targetQueueName(target);
  return new Worker<ProvisionJob, string>(
    name,
    (job, token) => watched(name, context.log, () => work(job, token)),
    {
      connection: context.redis,
      prefix: context.queues.prefix,
      concurrency: context.config.targets[target]?.concurrency ?? 1,
      ...takenOverAfter(leaseMs),
      settings: { backoffStrategy: backoffStrategy(context.backoff) },
    },
  );
}

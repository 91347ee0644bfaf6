/** One BullMQ worker a target: compares everybody there with what is wanted, when scheduled and when asked for. */
import { Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { type ReconcileJob, reconcileQueueName } from '../app/queue/queues.ts';
import { reconcile } from '../app/sync/reconcile.ts';
import { watched } from './watched.ts';

/** A comparison is taken over as often as its workers die. */
const NEVER_GIVE_UP = 1_000_000;

/** @param signal breaks it off when the process has to stop */
export function startReconcileWorker(
  target: string,
  context: Context,
  signal: AbortSignal,
): Worker<ReconcileJob, string> {
  const deps = context.reconciling;

  async function work({ run = context.reading.newId() }: ReconcileJob): Promise<string> {
    const ended = await reconcile(context.target(target), run, deps, signal);
    return ended === null ? 'another process is reconciling' : `${ended.state} ${ended.id}`;
  }

  const name = reconcileQueueName(target);
  return new Worker<ReconcileJob, string>(name, (job) => watched(name, context.log, () => work(job.data)), {
    connection: context.redis,
    prefix: context.queues.prefix,
    concurrency: 1,
    lockDuration: deps.leaseMs,
    stalledInterval: deps.leaseMs / 2,
    maxStalledCount: NEVER_GIVE_UP,
  });
}

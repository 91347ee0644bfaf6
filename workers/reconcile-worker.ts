/** One BullMQ worker a target: compares everybody there with what is wanted, when scheduled and when asked for. */
import { type Job, Worker } from 'bullmq';
import type { Context } from '../app/context.ts';
import { type ReconcileJob, reconcileQueueName } from '../app/queue/queues.ts';
import { reconcileGroups } from '../app/sync/groups/reconcile-groups.ts';
import { reconcile, reconcileLease } from '../app/sync/reconciling/reconcile.ts';
import { delay } from './outcome.ts';
import { takenOverAfter } from './taken-over.ts';
import { watched } from './watched.ts';

/** Between two tries of a comparison that has to wait for another one. */
const SHORTEST_WAIT_MS = 1_000;

/** @param signal breaks it off when the process has to stop */
export function startReconcileWorker(
  target: string,
  context: Pick<Context, 'reconciling' | 'reading' | 'target' | 'redis' | 'queues' | 'log'>,
  signal: AbortSignal,
): Worker<ReconcileJob, string> {
  const deps = context.reconciling;

  async function work(job: Job<ReconcileJob>, token: string | undefined): Promise<string> {
    const { run = context.reading.newId() } = job.data;
    // Whoever takes the job over from a dead worker goes on with the same run, so that none stays `running`.
    if (job.data.run === undefined) await job.updateData({ run });
    const ended = await reconcile(context.target(target), run, deps, signal);
    if (ended !== null) {
      await compareGroups(run);
      return `${ended.state} ${ended.id}`;
    }
    // Mostly a dead worker's lease that has to run out; somebody may follow this run.
    const wait = Math.max(SHORTEST_WAIT_MS, await deps.leases.remaining(reconcileLease(target)));
    return await delay(new Date(Date.now() + wait), job, token);
  }

  /** After the people, in a run of its own: who is to be a member may have an account by then. */
  async function compareGroups(run: string): Promise<void> {
    const { groups } = context.target(target);
    const isMapped = deps.groupMappings.some((mapping) => mapping.target === target);
    if (groups === null || !isMapped) return;
    await reconcileGroups({ name: target, groups }, `${run}-groups`, deps, signal);
  }

  const name = reconcileQueueName(target);
  return new Worker<ReconcileJob, string>(
    name,
    (job, token) => watched(name, context.log, () => work(job, token)),
    {
      connection: context.redis,
      prefix: context.queues.prefix,
      concurrency: 1,
      ...takenOverAfter(deps.leaseMs),
    },
  );
}

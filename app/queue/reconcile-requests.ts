/** Asks the workers for a comparison of everybody at a target; one waits at most, however often it is asked for. */
import type { Queues } from './queues.ts';

export type RequestReconcile = (target: string, run: string) => Promise<string>;

/** @returns a function that gives the id of the run that will be: the one asked for, or the one that waits already */
export function createReconcileRequests(queues: Queues): RequestReconcile {
  return async (target, run) => {
    const job = await queues
      .reconcileOf(target)
      .add(
        'reconcile',
        { run },
        { deduplication: { id: 'asked' }, removeOnComplete: true, removeOnFail: true },
      );
    const waiting = await queues.reconcileOf(target).getJob(job.id ?? '');
    return waiting?.data.run ?? run;
  };
}

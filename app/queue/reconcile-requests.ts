/** Asks the workers for a comparison of everybody at a target; one waits at most, however often it is asked for. */
import type { Queues } from './queues.ts';

export type RequestReconcile = (target: string, run: string) => Promise<string>;

/** @returns a function that gives the id of the run that will be: the one asked for, or the one that waits already */
export function createReconcileRequests(queues: Queues): RequestReconcile {
  return async (target, run) => {
    // The job is named after its run, so that the answer of `add` tells which run it is, even if it has ended by then.
    const job = await queues
      .reconcileOf(target)
      .add(
        'reconcile',
        { run },
        { jobId: run, deduplication: { id: 'asked' }, removeOnComplete: true, removeOnFail: true },
      );
    return job.id ?? run;
  };
}

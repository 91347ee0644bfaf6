/**
 * The queues: two a target, so that a target that has to wait keeps nobody else waiting, and its bulk work, which
 * leaves a reserve of the request budget and so has to wait more often, keeps nobody in a better lane waiting; one a
 * target for comparing everybody there, which may take long; one a source, whose reads follow each other; one for
 * upkeep, and one for what the time brings. A job says who is due, never what to write.
 */
import { Queue, type QueueOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Lane } from '../lane.ts';

/**
 * A job of a target's queue. `stoodAsideAfter`: how many attempts it had made when it was put off until the target is
 * well again.
 */
export type ProvisionJob = { readonly key: string; readonly stoodAsideAfter?: number };
/** A job of a source's queue. */
export type ReadJob = { readonly kind: 'poll' | 'sweep' };
/** A comparison of everybody at a target. `run`: its id, where somebody asked for it and follows it. */
export type ReconcileJob = { readonly run?: string };

export type Queues = {
  readonly prefix: string;
  /** The target's queue for a lane; all lanes but `bulk` share one, in which the better lane goes first. */
  readonly ofLane: (target: string, lane: Lane) => Queue<ProvisionJob>;
  readonly ofTarget: (target: string) => readonly Queue<ProvisionJob>[];
  readonly ofSource: (source: string) => Queue<ReadJob>;
  readonly reconcileOf: (target: string) => Queue<ReconcileJob>;
  readonly upkeep: Queue<Record<string, never>>;
  readonly timers: Queue<Record<string, never>>;
  close(): Promise<void>;
};

export function targetQueueName(target: string, lane: Lane): string {
  return lane === 'bulk' ? `bulk-${target}` : `target-${target}`;
}

export function sourceQueueName(source: string): string {
  return `source-${source}`;
}

export function reconcileQueueName(target: string): string {
  return `reconcile-${target}`;
}

export const UPKEEP_QUEUE = 'upkeep';
/** Apart from upkeep, which may take long where many are due. */
export const TIMERS_QUEUE = 'timers';

/**
 * @param prefix the installation's word; shared with the stores, one slot in Redis Cluster
 * @param onError told of every trouble with the connection. Without a listener BullMQ prints the error as it is, and
 *   with it the command that failed: for AUTH, the password of Redis (O-27)
 */
export function createQueues(
  connection: Redis,
  prefix: string,
  targets: readonly string[],
  sources: readonly string[],
  onError: (error: Error) => void,
): Queues {
  const options = { connection, prefix: `{${prefix}}` };
  const urgent = queuesOf<ProvisionJob>(targets, (target) => targetQueueName(target, 'leaver'), options);
  const bulk = queuesOf<ProvisionJob>(targets, (target) => targetQueueName(target, 'bulk'), options);
  const bySource = queuesOf<ReadJob>(sources, sourceQueueName, options);
  const reconciles = queuesOf<ReconcileJob>(targets, reconcileQueueName, options);
  const upkeep = new Queue<Record<string, never>>(UPKEEP_QUEUE, options);
  const timers = new Queue<Record<string, never>>(TIMERS_QUEUE, options);
  const all = [
    ...urgent.values(),
    ...bulk.values(),
    ...bySource.values(),
    ...reconciles.values(),
    upkeep,
    timers,
  ];
  for (const queue of all) queue.on('error', onError);
  const ofLane = (target: string, lane: Lane) => known((lane === 'bulk' ? bulk : urgent).get(target), target);
  return {
    prefix: options.prefix,
    ofLane,
    ofTarget: (target) => [ofLane(target, 'leaver'), ofLane(target, 'bulk')],
    ofSource: (source) => known(bySource.get(source), source),
    reconcileOf: (target) => known(reconciles.get(target), target),
    upkeep,
    timers,
    async close() {
      await Promise.all(all.map((queue) => queue.close()));
    },
  };
}

function queuesOf<J>(
  names: readonly string[],
  queueName: (name: string) => string,
  options: QueueOptions,
): ReadonlyMap<string, Queue<J>> {
  return new Map(names.map((name) => [name, new Queue<J>(queueName(name), options)]));
}

function known<T>(queue: T | undefined, name: string): T {
  if (queue === undefined) throw new Error(`there is no queue for ${name}: it is not in landbridge.yaml`);
  return queue;
}

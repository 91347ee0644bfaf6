/**
 * Asks the workers to read what changed at a source, now. However often it is asked for, one such read waits at most; a
 * request that comes while one is under way becomes one more, since that read may have passed the change already
 * (BullMQ deduplication with keepLastIfActive).
 */
import type { Queues } from './queues.ts';

export type RequestPoll = (source: string) => Promise<void>;

export function createPollRequests(queues: Queues): RequestPoll {
  return async (source) => {
    const deduplication = { id: 'pushed', keepLastIfActive: true };
    const options = { deduplication, removeOnComplete: true, removeOnFail: true };
    await queues.ofSource(source).add('poll', { kind: 'poll' }, options);
  };
}

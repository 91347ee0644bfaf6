/**
 * Listens to one source, on one process at a time, and asks for a poll whenever it has heard of a change. It decides
 * nothing else: what changed is read by the poll, and the polls of the schedule go on whatever becomes of it.
 *
 * Nothing that goes wrong ends it but the signal: it begins again, later and later, and the poll that it asks for as
 * soon as it listens reads what came meanwhile. Where its process dies, another takes over when the lease has run out.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SourceUnavailable } from '../app/errors.ts';
import { retryDelay } from '../app/queue/backoff.ts';
import type { RequestPoll } from '../app/queue/poll-requests.ts';
import type { Logger } from '../app/signals/log.ts';
import type { Source } from '../app/sources/source.ts';
import type { Lease, Leases, Watches, Watermarks } from '../app/store/ports/index.ts';
import { watchLease } from '../app/store/watches.ts';
import { keepLease } from '../app/sync/lease-keeper.ts';

export type SourceWatchDeps = {
  readonly leases: Leases;
  readonly leaseMs: number;
  readonly watches: Watches;
  readonly watermarks: Watermarks;
  readonly requestPoll: RequestPoll;
  readonly log: Logger;
};

const BACKOFF = { baseMs: 1_000, longestMs: 60_000 };
/** A process that waits for its turn looks so often whether the listener has ended. */
const LOOK_AGAIN_MS = 5_000;
/** What is heard within so long after a change asks for one poll more, not for one each. */
const BURST_MS = 250;

/** @param signal ends it; it never ends otherwise, unless the source cannot be listened to at all */
export async function watchSource(source: Source, deps: SourceWatchDeps, signal: AbortSignal): Promise<void> {
  const { name, watch } = source;
  if (watch === null) return;
  let failures = 0;
  const onListening = () => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await takeTurn(name, watch, deps, onListening, signal);
      await pause(LOOK_AGAIN_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      // One line when it begins; a source that is down says so at each poll as well.
      deps.log[failures === 1 ? 'warn' : 'debug']({ source: name, err: error }, 'does not hear changes');
      await pause(retryDelay(failures, null, BACKOFF, new Date(), Math.random()), signal);
    }
  }
}

type Watch = NonNullable<Source['watch']>;

/** Returns where another process listens. @throws whatever ended the listening */
async function takeTurn(
  source: string,
  watch: Watch,
  deps: SourceWatchDeps,
  onListening: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { leases, leaseMs } = deps;
  const lease = await leases.acquire(watchLease(source), leaseMs);
  if (lease === null) return;
  const keeper = keepLease(lease, leaseMs, leases, signal);
  try {
    await listen(source, watch, lease, deps, onListening, keeper.signal);
    throw new SourceUnavailable(`source ${source} stopped telling of changes without saying why`);
  } finally {
    keeper.stop();
    await leases.release(lease);
  }
}

async function listen(
  source: string,
  watch: Watch,
  lease: Lease,
  { watches, watermarks, requestPoll, log }: SourceWatchDeps,
  onListening: () => void,
  signal: AbortSignal,
): Promise<void> {
  const since = await watermarks.get(source);
  let isListening = false;
  for await (const _ of watch(since, signal)) {
    if (!isListening) log.info({ source }, 'hears changes');
    isListening = true;
    onListening();
    await watches.heard(source, lease);
    await requestPoll(source);
    await pause(BURST_MS, signal);
  }
}

/** Ends early, and without an error, where it is aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

/** Keeps a lease while its holder waits for an answer, and stops the holder where it was lost. */
import type { Lease, Leases } from '../store/ports/index.ts';

export type LeaseKeeper = {
  /** Aborted when the lease is lost, and when the holder has to stop anyway. */
  readonly signal: AbortSignal;
  /** Stops keeping it; the lease itself is the holder's to release. */
  stop(): void;
};

/** @param stopping when the holder has to stop whatever becomes of the lease */
export function keepLease(
  lease: Lease,
  milliseconds: number,
  leases: Leases,
  stopping: AbortSignal,
): LeaseKeeper {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (stopping.aborted) abort();
  stopping.addEventListener('abort', abort, { once: true });
  const timer = setInterval(() => void leases.renew(lease, milliseconds).catch(abort), milliseconds / 3);
  return {
    signal: controller.signal,
    stop() {
      clearInterval(timer);
      stopping.removeEventListener('abort', abort);
    },
  };
}

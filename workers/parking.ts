/**
 * Keeps a target's workers in this process from taking work for a while, without holding a slot for it. Unlike the
 * queue's own rate limit it can be ended early, and it is about this process alone: another one finds out for itself
 * that there is to wait, from what all processes share, at the cost of the few jobs that it takes at once.
 */
import type { Worker } from 'bullmq';

/** One of the two workers of a target. */
export type Parkable = Pick<Worker, 'pause' | 'resume' | 'isPaused' | 'once'>;

export type Which = 'urgent' | 'bulk';

export type Parking = {
  /** Bulk work has to wait more often, since it leaves a reserve: that keeps nobody in a better lane waiting. */
  park(which: Which, until: Date): void;
  /** The target can take nobody. */
  parkAll(until: Date): void;
  /** The target is well again: all go on now. */
  open(): void;
  isParked(which: Which): boolean;
};

/**
 * A worker that is parked looks again this often: whether the target is well again, which another process may have
 * found out, and whether it takes one kind of request while it has to wait with another.
 */
const LONGEST_MS = { urgent: 2_000, bulk: 30_000, paused: 5_000 };

/** After a pause bulk work follows a moment later, so that the better lanes have begun by then. */
const HEAD_START_MS = 50;

export function createParking(urgent: Parkable, bulk: Parkable): Parking {
  const lots = { urgent: createLot(urgent), bulk: createLot(bulk) };
  function all(milliseconds: number): void {
    lots.urgent.park(milliseconds);
    lots.bulk.park(milliseconds + HEAD_START_MS);
  }
  return {
    park(which, until) {
      lots[which].park(Math.min(LONGEST_MS[which], milliseconds(until)));
    },
    parkAll(until) {
      all(Math.min(LONGEST_MS.paused, milliseconds(until)));
    },
    isParked: (which) => lots[which].isParked(),
    open() {
      if (lots.urgent.isParked() || lots.bulk.isParked()) all(0);
    },
  };
}

function milliseconds(until: Date): number {
  return Math.max(1, until.getTime() - Date.now());
}

function createLot(worker: Parkable) {
  let timer: NodeJS.Timeout | null = null;
  let closing = false;
  const stopTimer = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  worker.once('closing', () => {
    closing = true;
    stopTimer();
  });
  return {
    isParked: () => timer !== null,
    /** The last word counts. */
    park(milliseconds: number): void {
      // A worker that is being closed would begin again.
      if (closing) return;
      stopTimer();
      timer = setTimeout(() => {
        timer = null;
        // What goes wrong it tells by its own `error` event.
        if (worker.isPaused()) void worker.resume();
      }, milliseconds);
      void worker.pause(true);
    },
  };
}

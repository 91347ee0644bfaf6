/**
 * Lets only so many requests go to a target at once as its pace allows, in this process. Who waits is let through by
 * lane, and within a lane in the order of coming; nobody is passed over for ever.
 */
import { type Lane, laneRank } from '../../lane.ts';
import { type Experience, type Pace, paceAfter, startingPace } from './pace.ts';

/** Called once, when the request is over. null: it was not sent, or says nothing about the target. */
export type Leave = (experience: Experience | null) => void;

export type Gate = {
  /** @throws the signal's reason where it is aborted before there is room */
  pass(lane: Lane, signal: AbortSignal): Promise<Leave>;
};

export type GateOptions = {
  /** How many at once at most; 1 or more. */
  readonly most: number;
  readonly now: () => Date;
  /** Told how many may go at once, when that changes and now and then while requests go. */
  readonly onPace: (requests: number) => void;
};

type Waiter = { readonly lane: Lane; passedOver: number; readonly admit: () => void };

/** So often a better lane goes first; then whoever has waited longest does. */
const PATIENCE = 20;
const TELL_EVERY_MS = 10_000;

export function createGate({ most, now, onPace }: GateOptions): Gate {
  let pace: Pace = startingPace(most);
  let inside = 0;
  let told = { requests: 0, at: 0 };
  const waiting: Waiter[] = [];

  function enter(): Leave {
    inside += 1;
    return (experience) => {
      inside -= 1;
      if (experience !== null) learn(experience, now().getTime());
      admitNext();
    };
  }

  function learn(experience: Experience, at: number): void {
    pace = paceAfter(pace, experience, at, most);
    const requests = Math.floor(pace.allowed);
    if (requests === told.requests && at - told.at < TELL_EVERY_MS) return;
    told = { requests, at };
    onPace(requests);
  }

  function admitNext(): void {
    while (inside < Math.floor(pace.allowed) && waiting.length > 0) {
      const next = nextIndex(waiting);
      for (const passed of waiting.slice(0, next)) passed.passedOver += 1;
      const [waiter] = waiting.splice(next, 1);
      waiter?.admit();
    }
  }

  return {
    async pass(lane, signal) {
      signal.throwIfAborted();
      if (waiting.length === 0 && inside < Math.floor(pace.allowed)) return enter();
      return await admitted(waiting, lane, signal, enter);
    },
  };
}

/** Waits among the others until somebody admits it. @throws the signal's reason */
function admitted(waiting: Waiter[], lane: Lane, signal: AbortSignal, enter: () => Leave): Promise<Leave> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      waiting.splice(waiting.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const admit = () => {
      signal.removeEventListener('abort', stop);
      resolve(enter());
    };
    const waiter: Waiter = { lane, passedOver: 0, admit };
    signal.addEventListener('abort', stop, { once: true });
    waiting.push(waiter);
  });
}

/** @param waiting in the order of coming, never empty. @returns whose turn it is */
function nextIndex(waiting: readonly { readonly lane: Lane; readonly passedOver: number }[]): number {
  const patient = waiting.findIndex(({ passedOver }) => passedOver >= PATIENCE);
  if (patient >= 0) return patient;
  const best = Math.min(...waiting.map(({ lane }) => laneRank(lane)));
  return waiting.findIndex(({ lane }) => laneRank(lane) === best);
}
